import Foundation
import Observation

/// The one home that a phone has: where it is, its store while it is open, and what the system does to the app.
///
/// Everything that opens, closes, suspends or resumes the store happens in turn, in the order in which it was
/// asked for.
@MainActor @Observable public final class Home {
    public enum Stage: Sendable {
        /// It is being opened.
        case opening
        /// There is none yet.
        case none
        case open(TandemStore)
        /// It can't be opened; nothing of it was deleted.
        case shut(Problem)
    }

    public private(set) var stage = Stage.opening
    private let folder: String
    private let vault: any KeyVault
    private let notifications: (any Notifications)?
    @ObservationIgnored private var turn: Task<Void, Never>?
    /// Somebody looks at the app.
    @ObservationIgnored private var isActive = false
    @ObservationIgnored private var isAsleep = false
    @ObservationIgnored private var path: NetworkPath?

    public init(folder: String, vault: any KeyVault, notifications: (any Notifications)? = nil) {
        (self.folder, self.vault, self.notifications) = (folder, vault, notifications)
    }

    /// Its store while it is open.
    public var store: TandemStore? { if case .open(let store) = stage { store } else { nil } }

    /// Makes the home, unless an earlier try did, and opens it.
    public func make(_ profile: Profile) async throws -> TandemStore {
        let made: Result<TandemStore, any Error> = await inTurn {
            do { return .success(try await self.made(profile)) } catch { return .failure(error) }
        }
        return try made.get()
    }

    /// Somebody looks at the app: opens the home or wakes it, and stays connected.
    public func comes() async {
        isActive = true
        await inTurn {
            guard await self.isAwake() else { return }
            self.store?.tandem.setOnline(online: true)
        }
    }

    /// Nobody looks any more: hangs up and closes the store before the system stops the app.
    public func goes() async {
        isActive = false
        await inTurn { if !self.isActive { await self.sleep() } }
    }

    /// The system gives some time in the background: looks once, and sleeps again.
    /// Cancelling the task that waits ends it, with the store closed. Says whether it got through.
    public func looks(deadlineMs: UInt32) async -> Bool {
        await inTurn {
            guard await self.isAwake(), let store = self.store else { return false }
            let report = try? await store.sync(deadlineMs: deadlineMs)
            if !self.isActive { await self.sleep() }
            return report != nil
        }
    }

    /// A push woke the phone: looks once, and sleeps again. What the push says is a hint of somebody's that nobody
    /// reads. Says what came; nil when it did not get through.
    public func pushed(_ payload: Data, deadlineMs: UInt32) async -> SyncReport? {
        await inTurn {
            guard await self.isAwake(), let store = self.store else { return nil }
            let report = try? await store.tandem.wake(pushPayload: payload, deadlineMs: deadlineMs)
            if !self.isActive { await self.sleep() }
            return report
        }
    }

    /// The way to the network changed.
    public func pathChanged(_ path: NetworkPath) {
        self.path = path
        store?.tandem.networkChanged(path: path)
    }

    private func made(_ profile: Profile) async throws -> TandemStore {
        do {
            try await createHome(folder: folder, profile: profile, vault: vault)
        } catch TandemError.BadInput(code: "home_exists", _, _) {}
        let store = try await opened()
        if isActive { store.tandem.setOnline(online: true) }
        return store
    }

    private func isAwake() async -> Bool {
        do {
            guard let store else {
                stage = .opening
                _ = try await opened()
                return true
            }
            if isAsleep { try await store.tandem.resume() }
            isAsleep = false
            return true
        } catch TandemError.BadInput(code: "no_home", _, _) {
            stage = .none
        } catch { if store == nil { stage = .shut(Problem(error)) } }
        return false
    }

    private func opened() async throws -> TandemStore {
        if let store { return store }
        let store = TandemStore(try await Tandem.open(folder: folder, vault: vault))
        if let path { store.tandem.networkChanged(path: path) }
        if let notifications { try store.tandem.notify(by: notifications) }
        isAsleep = false
        stage = .open(store)
        return store
    }

    private func sleep() async {
        guard let store, !isAsleep else { return }
        // It can only fail when the home is closed, and then there is nothing to close.
        try? await store.tandem.suspend()
        isAsleep = true
    }

    /// One after another. Cancelling who waits cancels what waits in the work; its turn is not skipped.
    @discardableResult private func inTurn<T: Sendable>(_ work: @escaping @MainActor () async -> T) async -> T
    {
        let before = turn
        let task = Task {
            await before?.value
            return await work()
        }
        turn = Task { _ = await task.value }
        return await withTaskCancellationHandler {
            await task.value
        } onCancel: {
            task.cancel()
        }
    }
}
