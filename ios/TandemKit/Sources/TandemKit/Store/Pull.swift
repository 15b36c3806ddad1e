/// What is pulled from a feed of Rust's as a stream of which only the newest is kept, so that a slow reader
/// skips and nobody piles up. Cancelling a task of Swift does not reach Rust: the end of the stream stops
/// the feed.
func pulled<Value: Sendable>(
    _ pull: @escaping @Sendable ((Value) -> Void) async -> Void, stop: @escaping @Sendable () -> Void
) -> AsyncStream<Value> {
    AsyncStream(bufferingPolicy: .bufferingNewest(1)) { continuation in
        let task = Task {
            await pull { continuation.yield($0) }
            continuation.finish()
        }
        continuation.onTermination = { _ in
            stop()
            task.cancel()
        }
    }
}

/// A list after each change that is pulled, as it is shown.
func applied<Row: Sendable, Diff: Sendable, Shown: Sendable>(
    _ next: @escaping @Sendable () async -> Diff?, _ after: @escaping @Sendable ([Row], Diff) -> [Row],
    as shown: @escaping @Sendable ([Row]) -> Shown, stop: @escaping @Sendable () -> Void
) -> AsyncStream<Shown> {
    pulled(
        { give in
            var rows: [Row] = []
            while let diff = await next() {
                rows = after(rows, diff)
                give(shown(rows))
            }
        }, stop: stop)
}
