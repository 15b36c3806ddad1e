import TandemKit
import UserNotifications

/// What is new, on the lock screen: that it is, and in which thread, never what was said.
final class LocalNotifications: Notifications {
    /// What a notification has its thread under.
    private static let key = "thread"

    private let strings: any Strings

    init(strings: any Strings) { self.strings = strings }

    /// Asks the person, once; the system remembers what they said.
    func ask() async {
        _ = try? await UNUserNotificationCenter.current().requestAuthorization(options: [.alert, .sound])
    }

    func show(note: Note) throws {
        let content = UNMutableNotificationContent()
        content.body = Say(strings: strings)(note.said)
        content.threadIdentifier = note.thread
        content.userInfo = [Self.key: note.thread]
        content.sound = .default
        // The same identifier puts it in the place of the one before.
        let request = UNNotificationRequest(identifier: note.thread, content: content, trigger: nil)
        UNUserNotificationCenter.current().add(request)
    }

    /// The thread of a notification of this app's. A push is a hint of somebody's: whatever it says leads nowhere.
    static func thread(of notification: UNNotification) -> ThreadId? {
        let request = notification.request
        return request.trigger is UNPushNotificationTrigger ? nil : request.content.userInfo[key] as? ThreadId
    }

    func withdraw(thread: ThreadId) throws {
        UNUserNotificationCenter.current().removeDeliveredNotifications(withIdentifiers: [thread])
    }
}
