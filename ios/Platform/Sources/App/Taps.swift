import TandemKit
import UserNotifications

/// Opens the thread whose notification was tapped.
final class Taps: NSObject, UNUserNotificationCenterDelegate, Sendable {
    private let way: Way

    init(way: Way) { self.way = way }

    func userNotificationCenter(
        _ center: UNUserNotificationCenter, didReceive response: UNNotificationResponse,
        withCompletionHandler done: @escaping () -> Void
    ) {
        let isTapped = response.actionIdentifier == UNNotificationDefaultActionIdentifier
        if isTapped, let thread = LocalNotifications.thread(of: response.notification) {
            Task { @MainActor [way] in way.tapped(thread: thread) }
        }
        done()
    }
}
