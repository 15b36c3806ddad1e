/// A thread from its end, page by page.
public struct ThreadPages: Sendable {
    /// More than a screen has room for, in one go.
    static let size: UInt32 = 50

    /// What is shown, as it is now and after each change.
    public let shown: AsyncStream<ThreadPage>
    /// Shows a page more, before the first row that is shown.
    public let more: @Sendable () -> Void
}
