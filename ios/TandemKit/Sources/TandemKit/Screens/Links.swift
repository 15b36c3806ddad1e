/// A link as it was pasted, scanned or tapped, or what is wrong with it.
func readable(_ text: String) -> Result<TandemLink, Problem> {
    do { return .success(try readLink(text: text.trimmed)) } catch { return .failure(.noLink) }
}

extension Problem {
    /// Nothing that could be a link: half of one, or an image without a code.
    static let noLink = field("link", "bad_link")
}

extension Result where Success == TandemLink {
    /// What the link asks for, in words.
    var asks: [Phrase] { if case .success(let link) = self { linkWords(link: link) } else { [] } }

    /// What is wrong with it, once there is something to be wrong.
    func problem(of text: String) -> Problem? {
        if case .failure(let why) = self, !text.trimmed.isEmpty { why as? Problem } else { nil }
    }

    /// The link, if it is one.
    var link: TandemLink? { try? get() }
}

extension TandemStore {
    /// Does what a link asks for; nothing when it asks for nothing.
    func follow(_ link: TandemLink) async throws -> Answer? {
        switch link {
        case .join(let link): try await perform(.join(link: link))
        case .school(let link): try await perform(.joinSchool(link: link))
        case .device(let link): try await perform(.addDevice(link: link))
        case .relay: nil
        }
    }
}

/// Whether this is a link of Tandem's: a camera looks until it sees one.
public func isLink(_ text: String) -> Bool { readable(text).link != nil }
