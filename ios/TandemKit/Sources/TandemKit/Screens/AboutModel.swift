import Observation

/// This phone, how long it keeps things, and what the relay sees.
@MainActor @Observable public final class AboutModel {
    public private(set) var state: AboutState
    private let store: TandemStore
    private let doing = Doing()
    private let reading = Doing()

    /// Begins with what is shown already, if anything is.
    public init(_ store: TandemStore, from state: AboutState = AboutState()) {
        (self.store, self.state) = (store, state)
    }

    /// Shows what is so and how that changes, until the task is cancelled.
    public func run() async {
        let store = store
        await listen([
            { for await rows in store.inbox() { await self.show(rows) } },
            { for await link in store.link() { self.state.around.link = link } },
            { for await answer in store.asked(.device) { self.showDevice(answer) } },
            { for await answer in store.asked(.retention) { self.showRetention(answer) } },
        ])
    }

    public func act(_ action: AboutAction) {
        switch action {
        case .setTerm: state.term = state.days.map { "\($0)" } ?? ""
        case .term(let days):
            state.term = days
            state.problem = nil
        case .keepTerm: keepTerm()
        case .termNot: if !state.busy { state.term = nil }
        case .newKeys: state.asksForNewKeys = true
        case .newKeysReally: begin(.renewKeys) { $0.asksForNewKeys = false }
        case .newKeysNot: state.asksForNewKeys = false
        case .showDiagnostics:
            reading.begin {
                do { self.state.diagnostics = try await self.store.tandem.diagnostics() } catch {
                    self.state.problem = Problem(error)
                }
            }
        case .hideDiagnostics: state.diagnostics = nil
        case .read: state.problem = nil
        case .went: state.next = nil
        }
    }

    /// Waits until what was asked for is done.
    public func settled() async {
        await doing.ended()
        await reading.ended()
    }

    private func show(_ rows: [InboxRow]) async {
        for row in rows { state.around.meet(row.people) }
        guard state.name == nil, let thread = rows.first?.thread else { return }
        // What this person is called in the first of their threads.
        if case .members(let members)? = try? await store.tandem.ask(query: .members(thread)) {
            state.name = members.first(where: \.mine)?.author.name
        }
    }

    private func showDevice(_ answer: Result<Answer, Problem>) {
        switch answer {
        case .success(.device(let device)): state.device = .here(deviceWords(row: device))
        case .success: break
        case .failure(let why): if state.device == .reading { state.device = .missing(why) }
        }
    }

    private func showRetention(_ answer: Result<Answer, Problem>) {
        guard case .success(.retention(let row)) = answer else { return }
        state.days = row.days
        state.retention = retentionWords(row: row)
    }

    private func keepTerm() {
        guard let text = state.term?.trimmed else { return }
        let days = UInt32(text)
        guard days != nil || text.isEmpty else {
            state.problem = .field("term", "bad_term")
            return
        }
        begin(.keepFor(days: days)) { $0.term = nil }
    }

    private func begin(_ intent: Intent, then: @escaping @MainActor (inout AboutState) -> Void) {
        let begun = doing.begin { [store] in
            do {
                _ = try await store.perform(intent)
                then(&self.state)
            } catch { self.state.problem = Problem(error) }
            self.state.busy = false
        }
        if begun {
            state.problem = nil
            state.busy = true
        }
    }
}
