import Foundation
import TandemKit

/// What the screens of the gallery stand on: a home in which nothing is done.
enum Still {
    static let store = TandemStore(StillTandem(noHandle: .init()))
    static let drafts = StillDrafts()
    @MainActor static let home = Home(folder: "/dev/null/home", vault: StillVault())
}

/// The generated class has no home behind it here, so what a touch would ask of one is answered before.
private final class StillTandem: Tandem, @unchecked Sendable {
    override func ask(query: Query) async throws -> Answer { throw asleep }
    override func perform(intent: Intent) async throws -> Answer { throw asleep }
    override func startSync(deadlineMs: UInt32) throws -> SyncOp { throw asleep }
}

private let asleep = TandemError.Locked(code: "suspended", words: "")

struct StillDrafts: Drafts {
    func draft(of thread: ThreadId) -> Draft? { nil }
    func threads() -> Set<ThreadId> { [] }
    func keep(_ draft: Draft?, of thread: ThreadId) throws {}
}

private final class StillVault: KeyVault {
    func load() throws -> Data? { throw KeyVaultError.Locked }
    func create(key: Data) throws { throw KeyVaultError.Locked }
    func replace(key: Data) throws { throw KeyVaultError.Locked }
    func delete() throws { throw KeyVaultError.Locked }
}
