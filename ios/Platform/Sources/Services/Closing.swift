import UIKit

/// Keeps the system from stopping the app while something is closed, as long as the system lets us.
@MainActor final class Closing {
    private var task = UIBackgroundTaskIdentifier.invalid

    static func run(_ work: @escaping @MainActor @Sendable () async -> Void) { Closing().begin(work) }

    private func begin(_ work: @escaping @MainActor @Sendable () async -> Void) {
        // Closing takes a moment; if the system takes even that, nothing that was kept is lost.
        task = UIApplication.shared.beginBackgroundTask { self.end() }
        Task {
            await work()
            end()
        }
    }

    private func end() {
        if task != .invalid { UIApplication.shared.endBackgroundTask(task) }
        task = .invalid
    }
}
