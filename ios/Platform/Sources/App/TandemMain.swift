import SwiftUI
import TandemApp
import TandemKit
import UIKit
import UserNotifications

/// The app on Apple's systems: what it needs of them, and the screens.
@main struct TandemMain: App {
    @UIApplicationDelegateAdaptor(AppDelegate.self) private var delegate

    var body: some Scene {
        WindowGroup { RootView(delegate.surroundings) }
    }
}

/// What the system tells the app, with and without a screen.
@MainActor final class AppDelegate: NSObject, UIApplicationDelegate {
    private lazy var parts = Parts()

    var surroundings: Surroundings { parts.surroundings }

    func application(
        _ application: UIApplication,
        didFinishLaunchingWithOptions options: [UIApplication.LaunchOptionsKey: Any]? = nil
    ) -> Bool {
        // The system wants this before launching is over.
        parts.refresh.register()
        UNUserNotificationCenter.current().delegate = parts.taps
        parts.paths.start()
        return true
    }

    /// There is something to be told of once there is a home.
    func applicationDidBecomeActive(_ application: UIApplication) {
        if surroundings.home.store != nil { Task { await parts.notifications.ask() } }
    }

    func applicationDidEnterBackground(_ application: UIApplication) { parts.refresh.schedule() }

    /// A push is a hint that is not believed: one sync looks, within the half minute that the system gives. Nothing
    /// sends pushes yet, so the system is not asked for a token either: nobody would take it.
    func application(
        _ application: UIApplication, didReceiveRemoteNotification payload: [AnyHashable: Any]
    ) async -> UIBackgroundFetchResult {
        let push = Push.bytes(payload)
        let report = await surroundings.home.pushed(push, deadlineMs: BackgroundRefresh.patience)
        guard let report else { return .failed }
        return report.received > 0 ? .newData : .noData
    }
}

/// What lives as long as the app.
@MainActor private final class Parts {
    let surroundings: Surroundings
    let notifications: LocalNotifications
    /// The system holds it weakly.
    let taps: Taps
    let refresh: BackgroundRefresh
    let paths: PathMonitor

    init() {
        let strings = BundleStrings()
        notifications = LocalNotifications(strings: strings)
        let home = Home(folder: Folders.home.path, vault: KeychainVault(), notifications: notifications)
        surroundings = Surroundings(
            home: home, drafts: FileDrafts(folder: Folders.drafts), strings: strings, services: .apple,
            whileClosing: { Closing.run($0) })
        taps = Taps(way: surroundings.way)
        refresh = BackgroundRefresh(home: home)
        paths = PathMonitor(home: home)
    }
}

/// Where things are, in the app's own container: a lock that is held in a shared one during suspension would
/// end the app.
enum Folders {
    static var home: URL { folder("home") }
    static var drafts: URL { folder("drafts") }

    private static func folder(_ name: String) -> URL {
        var all = URL.applicationSupportDirectory.appending(path: "tandem", directoryHint: .isDirectory)
        try? FileManager.default.createDirectory(at: all, withIntermediateDirectories: true)
        // The key never leaves this phone, so a copy elsewhere could not be opened.
        var values = URLResourceValues()
        values.isExcludedFromBackup = true
        try? all.setResourceValues(values)
        return all.appending(path: name, directoryHint: .isDirectory)
    }
}
