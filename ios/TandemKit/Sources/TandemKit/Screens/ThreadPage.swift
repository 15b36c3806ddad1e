/// As much of a thread as is shown.
public struct ThreadPage: Equatable, Sendable {
    /// Its newest rows, the oldest first; what comes takes none of them away.
    public let rows: [ThreadRow]
    /// How many stand before them.
    public let earlier: Int
}
