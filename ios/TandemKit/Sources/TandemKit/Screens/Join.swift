/// A link before it is followed, the knocks that wait, and this phone's offer.
public struct JoinScreenState: Equatable, Sendable {
    public var around = Around()
    public var link = ""
    /// What the link asks for; empty until there is one that can be read.
    public var asks: [Phrase] = []
    /// The link can be followed.
    public var ready = false
    public var busy = false
    /// Knocks that wait, were answered or refused.
    public var joins: Loaded<[JoinItem]> = .reading
    /// This phone offers itself.
    public var offer: OfferItem?
    /// Offers of other phones that this one takes up.
    public var uptakes: [UptakeItem] = []
    public var problem: Problem?
    public var next: Place?

    public init() {}
}

public struct OfferItem: Equatable, Sendable {
    public let row: OfferRow
    public let words: PhoneWords

    public init(row: OfferRow, words: PhoneWords) { (self.row, self.words) = (row, words) }

    init(_ row: OfferRow) { self.init(row: row, words: offerWords(row: row)) }
}

public struct UptakeItem: Equatable, Identifiable, Sendable {
    public let row: UptakeRow
    public let words: PhoneWords

    public var id: DeviceKey { row.device }

    public init(row: UptakeRow, words: PhoneWords) { (self.row, self.words) = (row, words) }

    init(_ row: UptakeRow) { self.init(row: row, words: uptakeWords(row: row)) }
}

public enum JoinAction: Equatable, Sendable {
    case link(String)
    /// What the camera or an image held; nil when it was no QR code.
    case scanned(String?)
    /// Does what the link asks for.
    case follow
    case offerThisPhone
    /// Looks at once whether it was answered.
    case tryNow
    /// Opens a thread that was joined.
    case open(ThreadId)
    case read
    case went
}
