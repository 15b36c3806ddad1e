import Observation

/// What waits on this phone, and what can be done about each.
@MainActor @Observable public final class WaitingModel {
    public private(set) var state: WaitingState
    private let store: TandemStore
    @ObservationIgnored private var inbox: [InboxRow] = []
    @ObservationIgnored private var joinRows: [JoinRow] = []
    @ObservationIgnored private var waiting: [WaitingRow]?
    /// Own words by entry, read when something of theirs waits.
    @ObservationIgnored private var texts: [EntryId: String] = [:]
    private let trying = Doing()

    /// Begins with what is shown already, if anything is.
    public init(_ store: TandemStore, from state: WaitingState = WaitingState()) {
        (self.store, self.state) = (store, state)
    }

    /// Shows what waits and how that changes, until the task is cancelled.
    public func run() async {
        let store = store
        await listen([
            { for await rows in store.inbox() { self.show(rows) } },
            { for await link in store.link() { self.show(link) } },
            { for await answer in store.asked(.waiting) { await self.showWaiting(answer) } },
            { for await answer in store.asked(.inbox) { self.showJoins(answer) } },
        ])
    }

    public func act(_ action: WaitingAction) {
        switch action {
        case .tryNow: tryNow()
        case .repairsRead:
            store.repairsWereRead()
            state.repairs = []
        case .read: state.problem = nil
        case .went: state.next = nil
        }
    }

    /// Waits until what was asked for is done.
    public func settled() async { await trying.ended() }

    private func show(_ rows: [InboxRow]) {
        inbox = rows
        for row in rows { state.around.meet(row.people) }
        refresh()
    }

    private func show(_ link: LinkNow) {
        state.around.link = link
        refresh()
    }

    private func showJoins(_ answer: Result<Answer, Problem>) {
        guard case .success(.inbox(_, let joins)) = answer else { return }
        joinRows = joins
        state.joins = joins.map { JoinItem($0) }
        refresh()
    }

    private func showWaiting(_ answer: Result<Answer, Problem>) async {
        switch answer {
        case .success(.waiting(let rows)):
            state.repairs = store.untoldRepairs()
            await read(rows)
            waiting = rows
            refresh()
        case .success: break
        case .failure(let why): if state.items == .reading { state.items = .missing(why) }
        }
    }

    /// Reads own words that wait, once each.
    private func read(_ rows: [WaitingRow]) async {
        let unread = rows.filter { $0.entry.map { texts[$0] == nil } ?? false }
        for thread in Set(unread.map(\.thread)) {
            guard case .thread(_, let lines)? = try? await store.tandem.ask(query: .thread(thread)) else {
                continue
            }
            for row in lines where row.mine && row.isEntry {
                let parts = row.words(in: nil).parts
                texts[row.entry] = parts.compactMap(\.text).joined(separator: "\n\n")
            }
        }
    }

    private func refresh() {
        state.line = homeLine(inbox: inbox, joins: joinRows, link: state.around.link)
        guard let waiting else { return }
        let titles = Dictionary(inbox.map { ($0.thread, $0.title) }) { first, _ in first }
        var seen: [String: Int] = [:]
        let items = waiting.map { row in
            let name = "\(row.thread) \(row.entry ?? "") \(row.what)"
            let before = seen[name, default: 0]
            seen[name] = before + 1
            let text = row.entry.flatMap { texts[$0] }.flatMap { $0.isEmpty ? nil : $0 }
            return WaitingItem(
                id: "\(name) \(before)", row: row, words: waitingWords(row: row), title: titles[row.thread],
                text: text)
        }
        state.items = .here(items)
    }

    private func tryNow() {
        let begun = trying.begin { [store] in
            do { try await store.look() } catch {
                self.state.problem = Problem(error)
            }
            self.state.trying = false
        }
        if begun { state.trying = true }
    }
}
