/// What is pulled from a feed of Rust's as a stream of which only the newest is kept, so that a slow reader
/// skips and nobody piles up. Cancelling a task of Swift does not reach Rust: the end of the stream stops
/// the feed.
func pulled<Value: Sendable>(
    _ pull: @escaping @Sendable ((Value) -> Void) async -> Void, stop: @escaping @Sendable () -> Void
) -> AsyncStream<Value> {
    AsyncStream(bufferingPolicy: .bufferingNewest(1)) { continuation in
        let task = Task {
            await pull { continuation.yield($0) }
            // Here, too: what ends before the line below tells nobody there.
            stop()
            continuation.finish()
        }
        continuation.onTermination = { _ in
            stop()
            task.cancel()
        }
    }
}

/// A list after each change that is pulled, as it is shown. A change that can't be read, as a newer library's, is left
/// out, and the next `reset` puts the list right; three in a row end it.
func applied<Row: Sendable, Diff: Sendable, Shown: Sendable>(
    _ next: @escaping @Sendable () async throws -> Diff?, _ after: @escaping @Sendable ([Row], Diff) -> [Row],
    as shown: @escaping @Sendable ([Row]) -> Shown, stop: @escaping @Sendable () -> Void
) -> AsyncStream<Shown> {
    pulled(
        { give in
            var (rows, unread): ([Row], Int) = ([], 0)
            while unread < 3 {
                do {
                    guard let diff = try await next() else { return }
                    (rows, unread) = (after(rows, diff), 0)
                    give(shown(rows))
                } catch { unread += 1 }
            }
        }, stop: stop)
}
