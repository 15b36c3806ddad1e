/// All threads of this phone, and what waits.
public struct InboxState: Equatable, Sendable {
    public var around = Around()
    /// The honest line under the title.
    public var line: [Phrase] = []
    /// Empty: nothing is here yet.
    public var rows: Loaded<[InboxItem]> = .reading
    public var joins: [JoinItem] = []
    /// Threads in which words were begun and not sent.
    public var drafts: Set<ThreadId> = []
    /// What "Write" does; nil: there is no thread to write in.
    public var write: Write?
    /// This person can found a thread.
    public var canFound = false
    /// A thread is being named.
    public var founding: Founding?
    /// The person asked to look now, and it goes on.
    public var looking = false
    public var problem: Problem?
    public var next: Place?

    public init() {}
}

/// What "Write" does.
public enum Write: Equatable, Sendable {
    case into(ThreadId)
    /// The thread is chosen first.
    case choose([InboxItem])
}

/// A thread that is about to be founded.
public struct Founding: Equatable, Sendable {
    public var title = ""
    public var busy = false
    public var problem: Problem?

    public init() {}
}

public enum InboxAction: Equatable, Sendable {
    /// Pulled down, or "Try now": looks at once.
    case lookNow
    case foundBegin
    case foundTitle(String)
    case foundSay
    case foundNot
    /// The problem was read.
    case read
    /// The view went to `next`.
    case went
}
