extension TandemStore {
    /// What helps whoever is asked for help: counts, states and public keys. Nobody's words, names or titles.
    public func diagnostics(link: LinkNow) async -> String {
        var facts: [(String, String?)] = [("link", Self.name(of: link))]
        if case .inbox(let rows, let joins)? = try? await tandem.ask(query: .inbox) {
            facts += [
                ("threads", "\(rows.count)"), ("joins", "\(joins.count)"),
                ("unseen", "\(rows.reduce(0) { $0 + Int($1.unseen) })"),
                ("waiting", "\(rows.reduce(0) { $0 + Int($1.waiting) })"),
                ("stuck", "\(rows.reduce(0) { $0 + Int($1.stuck) })"),
                ("as_of", rows.compactMap(\.asOf).max().map { "\($0)" }),
            ]
        }
        if case .device(let device)? = try? await tandem.ask(query: .device) {
            facts += [
                ("device", device.device), ("transport", device.transport), ("generation", device.generation),
                ("renewed", "\(device.renewed)"), ("renewing", device.renewing.map { "\($0)" }),
                ("school", device.school?.school), ("enrolment", device.school?.enrolment.map { "\($0)" }),
                ("read", "\(device.cursors.reduce(0) { $0 + Int($1.cursor.seq) })"),
                ("signed", "\(device.cursors.filter { $0.signed != nil }.count)"),
            ]
        }
        facts.append(("live_calls", "\(liveCalls())"))
        return facts.map { "\($0.0)=\($0.1 ?? "")" }.joined(separator: "\n")
    }

    private static func name(of link: LinkNow) -> String {
        switch link {
        case .offline: "offline"
        case .dialing: "dialing"
        case .live: "live"
        }
    }
}
