/// What has not left this phone, and what is in its way.
public struct WaitingState: Equatable, Sendable {
    public var around = Around()
    public var line: [Phrase] = []
    /// Empty: nothing waits.
    public var items: Loaded<[WaitingItem]> = .reading
    /// Joins that wait or were refused.
    public var joins: [JoinItem] = []
    /// Repairs of the home that the person has not been told yet.
    public var repairs: [Repair] = []
    /// Tried just now.
    public var trying = false
    public var problem: Problem?
    public var next: Place?

    public init() {}
}

public struct WaitingItem: Equatable, Identifiable, Sendable {
    /// Stable while others come and go.
    public let id: String
    public let row: WaitingRow
    public let words: WaitingWords
    /// The thread's title, if it is in the inbox.
    public let title: String?
    /// Own words, so that they can be copied.
    public let text: String?

    public init(id: String, row: WaitingRow, words: WaitingWords, title: String?, text: String?) {
        (self.id, self.row, self.words, self.title, self.text) = (id, row, words, title, text)
    }
}

public enum WaitingAction: Equatable, Sendable {
    case tryNow
    /// The repairs were read.
    case repairsRead
    case read
    case went
}
