import UIKit

/// Keeps the system from stopping the app while something is closed, as long as the system lets us.
@MainActor enum Closing {
    static func run(_ work: @escaping @MainActor @Sendable () async -> Void) {
        let application = UIApplication.shared
        var task = UIBackgroundTaskIdentifier.invalid
        let end = {
            if task != .invalid { application.endBackgroundTask(task) }
            task = .invalid
        }
        // Closing takes a moment; if the system takes even that, nothing that was kept is lost.
        task = application.beginBackgroundTask(expirationHandler: end)
        Task {
            await work()
            end()
        }
    }
}
