import Foundation

/// One thread as it is read.
public struct ThreadState: Equatable, Sendable {
    public let thread: ThreadId
    public var around = Around()
    /// Title, people, the honest line (`words.fresh`), why nothing can be written (`words.closed`).
    public var top: Loaded<InboxItem> = .reading
    /// Days, entries and events, the oldest first; of a long thread the newest, and as many before as were asked for.
    public var items: Loaded<[ThreadItem]> = .reading
    /// "Write" is there.
    public var canWrite = false
    /// Words of this thread that were begun and not sent lie on this phone.
    public var draft = false
    /// The entry whose mark was touched: it says what it means.
    public var explained: EntryId?
    /// The step that is being moved just now.
    public var moving: EntryId?
    public var problem: Problem?
    public var next: Place?

    public init(thread: ThreadId) { self.thread = thread }
}

/// A line of a thread. Its `id` is stable while rows come and go.
public enum ThreadItem: Equatable, Identifiable, Sendable {
    case day(Date, id: String)
    case entry(EntryItem)
    /// Somebody came or went.
    case event(ThreadRow, RowWords)

    public var id: String {
        switch self {
        case .day(_, let id): id
        case .entry(let item): item.row.entry
        case .event(let row, _): row.entry
        }
    }
}

/// Something that was said.
public struct EntryItem: Equatable, Sendable {
    public let row: ThreadRow
    public let words: RowWords

    public init(row: ThreadRow, words: RowWords) {
        (self.row, self.words) = (row, words)
    }

    /// What it answers.
    public var answers: Quoted? { row.answers.map { Quoted(entry: $0, said: row.quoted) } }

    /// All of its words, to be copied: those that a person wrote.
    public var text: String { words.parts.compactMap(\.text).joined(separator: "\n\n") }
}

/// What an entry answers.
public struct Quoted: Equatable, Sendable {
    public let entry: EntryId
    /// Nil: it is not here (yet).
    public let said: Quote?

    public init(entry: EntryId, said: Quote?) {
        (self.entry, self.said) = (entry, said)
    }
}

public enum ThreadAction: Equatable, Sendable {
    /// The first line came near the screen: what was said before it is shown, too.
    case earlier
    /// These entries came onto the screen.
    case onScreen(Set<EntryId>)
    /// And these left it.
    case offScreen(Set<EntryId>)
    /// Whether anybody can see the screen: not while the app is in the background.
    case lookedAt(Bool)
    /// The mark was touched; again: it is put away.
    case explain(EntryId)
    case move(step: EntryId, to: StepState)
    /// A remedy of something stuck.
    case tryNow
    case read
    case went
}
