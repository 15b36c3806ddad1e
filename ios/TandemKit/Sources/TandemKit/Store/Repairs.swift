import Foundation

/// Repairs of the home that the person has not been told yet. The library gives each out once, so they are kept
/// until they were read, whichever screen is there.
final class Repairs: Sendable {
    private let lock = NSLock()
    private nonisolated(unsafe) var untold: [Repair] = []

    /// All of them, with these.
    func adding(_ more: [Repair]) -> [Repair] {
        lock.withLock {
            untold += more
            return untold
        }
    }

    func wereRead() { lock.withLock { untold = [] } }
}

extension TandemStore {
    /// What the person has not been told yet about their home.
    public func untoldRepairs() -> [Repair] { repairs.adding(tandem.takeRepairs()) }

    /// The person was told.
    public func repairsWereRead() { repairs.wereRead() }
}
