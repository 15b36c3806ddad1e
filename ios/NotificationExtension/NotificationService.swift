import UserNotifications

/// Puts words in the place of a push's own. It says that there is something new and never what: this runs in a
/// process of its own, so it has neither the store, which one process at a time may open, nor any key.
final class NotificationService: UNNotificationServiceExtension {
    private var deliver: ((UNNotificationContent) -> Void)?

    override func didReceive(
        _ request: UNNotificationRequest,
        withContentHandler deliver: @escaping (UNNotificationContent) -> Void
    ) {
        self.deliver = deliver
        deliver(Self.content())
    }

    override func serviceExtensionTimeWillExpire() { deliver?(Self.content()) }

    /// Whatever the push says is a hint of somebody's, and is not shown.
    private static func content() -> UNNotificationContent {
        let content = UNMutableNotificationContent()
        content.body = Bundle.main.localizedString(forKey: "note.something", value: nil, table: nil)
        content.sound = .default
        return content
    }
}
