/// What a screen reads from this phone: not read yet, here, or why it can't be.
public enum Loaded<Value: Sendable>: Sendable {
    case reading
    case here(Value)
    case missing(Problem)

    /// What is here, if it is.
    public var value: Value? { if case .here(let value) = self { value } else { nil } }

    /// Why it is not here, if that is known.
    public var problem: Problem? { if case .missing(let why) = self { why } else { nil } }
}

extension Loaded: Equatable where Value: Equatable {}

/// What every screen of an open home has around it. Offline is seen here.
public struct Around: Equatable, Sendable {
    public var link: LinkNow = .offline(trouble: nil)
    /// Names as this phone knows them, for phrases with people in them.
    public var names: [PersonId: String] = [:]

    public init() {}

    /// Nothing can leave just now.
    public var isOffline: Bool { if case .offline = link { true } else { false } }

    mutating func meet(_ people: some Sequence<Author>) {
        for author in people where !author.name.isEmpty { names[author.person] = author.name }
    }
}

/// Somewhere to go. Views go by themselves where a person taps; a state's `next` is where the screen has to go.
public enum Place: Hashable, Sendable {
    case welcome
    /// With a link that was tapped, pasted or scanned.
    case join(link: String?)
    case inbox
    case thread(ThreadId)
    case compose(ThreadId, answers: EntryId?)
    case members(ThreadId)
    case waiting
    case about
}

/// A thread of the inbox with what is said of it.
public struct InboxItem: Equatable, Identifiable, Sendable {
    public let row: InboxRow
    public let words: InboxWords

    public var id: ThreadId { row.thread }

    public init(row: InboxRow, words: InboxWords) { (self.row, self.words) = (row, words) }

    init(_ row: InboxRow, _ link: LinkNow) { self.init(row: row, words: inboxWords(row: row, link: link)) }

    /// Whether this person can say something in it.
    public var canWrite: Bool { words.closed == nil && row.role != nil }
}

/// A join that waits, with what is said of it.
public struct JoinItem: Equatable, Identifiable, Sendable {
    public let row: JoinRow
    public let words: JoinWords

    public var id: String { "\(row.thread) \(row.since) \(row.knocking ?? "")" }

    public init(row: JoinRow, words: JoinWords) { (self.row, self.words) = (row, words) }

    init(_ row: JoinRow) { self.init(row: row, words: joinWords(row: row)) }
}
