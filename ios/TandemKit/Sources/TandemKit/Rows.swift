@_exported import TandemFFI

extension Array where Element == ThreadRow {
    /// The list after one change of it. What does not fit is ignored; the next `reset` puts it right.
    public func after(_ diff: ThreadDiff) -> [ThreadRow] {
        switch diff {
        case .reset(let rows): return rows
        case .insert(let at, let row): return inserting(row, at: at)
        case .update(let at, let row): return updating(row, at: at)
        case .remove(let at): return removing(at: at)
        }
    }
}

extension Array where Element == InboxRow {
    /// The same for the inbox.
    public func after(_ diff: InboxDiff) -> [InboxRow] {
        switch diff {
        case .reset(let rows): return rows
        case .insert(let at, let row): return inserting(row, at: at)
        case .update(let at, let row): return updating(row, at: at)
        case .remove(let at): return removing(at: at)
        }
    }
}

extension Array {
    private func inserting(_ row: Element, at place: UInt32) -> [Element] {
        guard place <= count else { return self }
        var rows = self
        rows.insert(row, at: Int(place))
        return rows
    }

    private func updating(_ row: Element, at place: UInt32) -> [Element] {
        guard place < count else { return self }
        var rows = self
        rows[Int(place)] = row
        return rows
    }

    private func removing(at place: UInt32) -> [Element] {
        guard place < count else { return self }
        var rows = self
        rows.remove(at: Int(place))
        return rows
    }
}

extension Tandem {
    /// A thread's rows, as they are now and after each change. Whoever stops listening ends it.
    public func rows(of thread: ThreadId) throws -> AsyncStream<[ThreadRow]> {
        let feed = try self.thread(thread: thread)
        return stream(from: [], next: { await feed.next() }, after: { $0.after($1) }, stop: { feed.stop() })
    }

    /// The inbox, as it is now and after each change.
    public func inboxRows() -> AsyncStream<[InboxRow]> {
        let feed = self.inbox()
        return stream(from: [], next: { await feed.next() }, after: { $0.after($1) }, stop: { feed.stop() })
    }
}

/// A list and its changes as a stream of lists. Cancelling a task of Swift does not reach Rust, so the
/// end of the stream stops the feed.
private func stream<Row: Sendable, Diff: Sendable>(
    from first: [Row],
    next: @escaping @Sendable () async -> Diff?,
    after: @escaping @Sendable ([Row], Diff) -> [Row],
    stop: @escaping @Sendable () -> Void
) -> AsyncStream<[Row]> {
    AsyncStream { continuation in
        let task = Task {
            var rows = first
            while let diff = await next() {
                rows = after(rows, diff)
                continuation.yield(rows)
            }
            continuation.finish()
        }
        continuation.onTermination = { _ in
            stop()
            task.cancel()
        }
    }
}

extension Tandem {
    /// Connects, sends and reads everything. Cancelling the task that waits cancels the sync.
    public func sync(deadlineMs: UInt32) async throws -> SyncReport {
        let sync = try startSync(deadlineMs: deadlineMs)
        return try await withTaskCancellationHandler {
            try await sync.wait()
        } onCancel: {
            sync.cancel()
        }
    }
}
