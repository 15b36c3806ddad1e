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
