import BackgroundTasks
import TandemKit

/// Looks for what is new when the system gives some time. When the time is over before, the store is closed
/// first and the system told then: a store that is open when the app is stopped ends the app.
@MainActor final class BackgroundRefresh {
    static let identifier = "tandem.refresh"
    /// Of the half minute that the system gives, what a sync may take; the rest is for closing.
    static let patience: UInt32 = 20_000
    private static let next: TimeInterval = 15 * 60

    private let home: Home

    init(home: Home) { self.home = home }

    func register() {
        BGTaskScheduler.shared.register(forTaskWithIdentifier: Self.identifier, using: .main) { task in
            // It comes on the main queue, as asked for, and is used on it alone.
            nonisolated(unsafe) let task = task
            MainActor.assumeIsolated { self.run(task) }
        }
    }

    func schedule() {
        let request = BGAppRefreshTaskRequest(identifier: Self.identifier)
        request.earliestBeginDate = Date(timeIntervalSinceNow: Self.next)
        // It fails where there is no background refresh, as when the person has turned it off.
        try? BGTaskScheduler.shared.submit(request)
    }

    private func run(_ task: BGTask) {
        schedule()
        let look = Task { await home.looks(deadlineMs: Self.patience) }
        // Cancelled, it ends with the store closed; only then the task is completed, below.
        task.expirationHandler = { look.cancel() }
        Task {
            let found = await look.value
            task.setTaskCompleted(success: found)
        }
    }
}
