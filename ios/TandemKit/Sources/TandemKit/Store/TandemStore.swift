/// An open home, as screens have it: lists as they are now and after each change, answers that stay true, and
/// what a person means.
///
/// The only code that applies a diff. Whoever stops listening to a stream ends what is behind it.
public final class TandemStore: Sendable {
    /// The home.
    public let tandem: Tandem
    /// How long somebody who looks at the screen waits for the relay.
    private let patienceMs: UInt32
    let repairs = Repairs()

    public init(_ tandem: Tandem, patienceMs: UInt32 = 20_000) {
        (self.tandem, self.patienceMs) = (tandem, patienceMs)
    }

    /// The inbox.
    public func inbox() -> AsyncStream<[InboxRow]> {
        let feed = tandem.inbox()
        return applied({ try await feed.next() }, { $0.after($1) }, as: { $0 }, stop: { feed.stop() })
    }

    /// All of a thread's rows.
    public func rows(of thread: ThreadId) throws -> AsyncStream<[ThreadRow]> {
        let feed = try tandem.thread(thread: thread)
        return applied({ try await feed.next() }, { $0.after($1) }, as: { $0 }, stop: { feed.stop() })
    }

    /// As much of a thread as is shown: its newest rows, and earlier ones as they are asked for.
    public func pages(of thread: ThreadId, atLeast shown: Int = 0) throws -> ThreadPages {
        let feed = try tandem.newest(thread: thread, rows: max(ThreadPages.size, UInt32(clamping: shown)))
        let shown = applied(
            { try await feed.next() }, { $0.after($1) },
            as: { ThreadPage(rows: $0, earlier: Int(feed.earlier())) }, stop: { feed.stop() })
        return ThreadPages(shown: shown, more: { feed.showEarlier(rows: ThreadPages.size) })
    }

    /// How the connection stands.
    public func link() -> AsyncStream<LinkNow> {
        let feed = tandem.link()
        return pulled({ give in while let now = await feed.next() { give(now) } }, stop: { feed.stop() })
    }

    /// The answer to a question, and again whenever something may have changed. Asleep, nothing can be asked,
    /// and what was answered is as true as before.
    public func asked(_ query: Query) -> AsyncStream<Result<Answer, Problem>> {
        // Begun before the first answer, so that no change falls between.
        let (feed, tandem) = (tandem.changes(), tandem)
        return pulled(
            { give in
                repeat {
                    do {
                        give(.success(try await tandem.ask(query: query)))
                    } catch TandemError.Locked(code: "suspended", _) {
                    } catch { give(.failure(Problem(error))) }
                } while await feed.next()
            }, stop: { feed.stop() })
    }

    /// Does what a person means.
    public func perform(_ intent: Intent) async throws -> Answer { try await tandem.perform(intent: intent) }

    /// Looks at once, for somebody who waits for it.
    public func look() async throws { try await sync(deadlineMs: patienceMs) }

    /// Connects, sends and reads everything. Cancelling the task that waits cancels the sync.
    @discardableResult public func sync(deadlineMs: UInt32) async throws -> SyncReport {
        let sync = try tandem.startSync(deadlineMs: deadlineMs)
        return try await withTaskCancellationHandler {
            try await sync.wait()
        } onCancel: {
            sync.cancel()
        }
    }
}
