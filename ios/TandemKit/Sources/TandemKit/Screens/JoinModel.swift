import Observation

/// A link before it is followed, the knocks that wait, and this phone's offer.
@MainActor @Observable public final class JoinModel {
    public private(set) var state: JoinScreenState
    private let store: TandemStore
    private let doing = Doing()
    private let looking = Doing()

    /// Begins with what is shown already, if anything is.
    public init(_ store: TandemStore, link: String? = nil, from state: JoinScreenState = JoinScreenState()) {
        (self.store, self.state) = (store, state)
        if let link { use(link) }
    }

    /// Shows what waits and how that changes, until the task is cancelled.
    public func run() async {
        let store = store
        await listen([
            { for await rows in store.inbox() { for row in rows { self.state.around.meet(row.people) } } },
            { for await link in store.link() { self.state.around.link = link } },
            { for await answer in store.asked(.inbox) { self.showJoins(answer) } },
            { for await answer in store.asked(.offers) { self.showOffers(answer) } },
        ])
    }

    public func act(_ action: JoinAction) {
        switch action {
        case .link(let text): use(text)
        case .scanned(let text): if let text { use(text) } else { state.problem = .noLink }
        case .follow: follow()
        case .offerThisPhone: begin { _ = try await $0.perform(.offerDevice) }
        case .tryNow: look()
        case .open(let thread): state.next = .thread(thread)
        case .read: state.problem = nil
        case .went: state.next = nil
        }
    }

    /// Waits until what was asked for is done.
    public func settled() async {
        await doing.ended()
        await looking.ended()
    }

    private func use(_ text: String) {
        guard !state.busy else { return }
        let link = readable(text)
        state.link = text.trimmed
        state.asks = link.asks
        state.problem = link.problem(of: text)
        // A relay's link asks for nothing: there is a home already.
        if case .relay? = link.link { state.ready = false } else { state.ready = link.link != nil }
    }

    private func follow() {
        guard state.ready, let link = readable(state.link).link else { return }
        begin { store in
            _ = try await store.follow(link)
            self.state.busy = false
            self.use("")
        }
    }

    private func begin(_ work: @escaping @MainActor (TandemStore) async throws -> Void) {
        let begun = doing.begin { [store] in
            do { try await work(store) } catch { self.state.problem = Problem(error) }
            self.state.busy = false
        }
        if begun {
            state.problem = nil
            state.busy = true
        }
    }

    private func look() {
        looking.begin { [store] in
            do { try await store.look() } catch {
                self.state.problem = Problem(error)
            }
        }
    }

    private func showJoins(_ answer: Result<Answer, Problem>) {
        switch answer {
        case .success(.inbox(_, let joins)): state.joins = .here(joins.map { JoinItem($0) })
        case .success: break
        case .failure(let why): if state.joins == .reading { state.joins = .missing(why) }
        }
    }

    private func showOffers(_ answer: Result<Answer, Problem>) {
        guard case .success(.offers(let offer, let uptakes)) = answer else { return }
        state.offer = offer.map { OfferItem($0) }
        state.uptakes = uptakes.map { UptakeItem($0) }
    }
}
