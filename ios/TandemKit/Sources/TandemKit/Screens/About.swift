/// This phone, how long it keeps things, and what the relay sees.
public struct AboutState: Equatable, Sendable {
    public var around = Around()
    public var device: Loaded<DeviceWords> = .reading
    /// This person's name, once a thread is here that says it.
    public var name: String?
    public var retention: RetentionWords?
    /// The term for all threads, in days; nil keeps them for good.
    public var days: UInt32?
    /// Diagnostics without content, as they would be copied or shared; nil until they are asked for.
    public var diagnostics: String?
    /// Text of the term that is being set, in days; empty keeps every thread for good. Nil: not being set.
    public var term: String?
    public var asksForNewKeys = false
    public var busy = false
    public var problem: Problem?
    public var next: Place?

    public init() {}
}

public enum AboutAction: Equatable, Sendable {
    case setTerm
    case term(days: String)
    case keepTerm
    case termNot
    case newKeys
    case newKeysReally
    case newKeysNot
    case showDiagnostics
    case hideDiagnostics
    case read
    case went
}
