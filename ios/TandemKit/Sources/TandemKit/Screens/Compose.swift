/// Something that is being written.
public struct ComposeState: Equatable, Sendable {
    public let thread: ThreadId
    public var around = Around()
    /// To whom; `words.closed` says why nothing can be said here.
    public var to: Loaded<InboxItem> = .reading
    /// Who can read it.
    public var readers: [MemberRow] = []
    public var forms: [KindForm] = []
    /// The kind in use, also before its form is known.
    public var kind: String?
    /// The form in use.
    public var form: KindForm?
    /// What was written, by field; kept when the form changes.
    public var fields: [String: String] = [:]
    public var answers: Quoted?
    /// Fields that are needed and not there yet.
    public var missing: Set<String> = []
    /// What can't be said as it is, at its field if it is about one: words that are too long to go as one.
    public var wrong: Problem?
    /// What is needed is there, and nothing is being sent.
    public var ready = false
    public var sending = false
    /// "Throw away?" is asked.
    public var asksToThrowAway = false
    /// Why it was not said, at its field if it is about one. The words are still here.
    public var problem: Problem?
    public var next: Place?

    public init(thread: ThreadId) { self.thread = thread }
}

public enum ComposeAction: Equatable, Sendable {
    case kind(String)
    case field(name: String, text: String)
    case answers(EntryId?)
    case send
    case throwAway
    case throwAwayReally
    case keep
    case read
    case went
}
