import TandemKit
import UserNotifications

/// What is new, on the lock screen: that it is, and in which thread, never what was said.
final class LocalNotifications: Notifications {
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
        content.sound = .default
        // The same identifier puts it in the place of the one before.
        let request = UNNotificationRequest(identifier: note.thread, content: content, trigger: nil)
        UNUserNotificationCenter.current().add(request)
    }

    func withdraw(thread: ThreadId) throws {
        UNUserNotificationCenter.current().removeDeliveredNotifications(withIdentifiers: [thread])
    }
}
