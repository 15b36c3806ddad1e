import Observation

/// The first start of a phone.
@MainActor @Observable public final class WelcomeModel {
    public private(set) var state: WelcomeState
    private let home: Home
    private let doing = Doing()

    /// Begins with what is shown already, if anything is.
    public init(_ home: Home, link: String? = nil, from state: WelcomeState = WelcomeState()) {
        (self.home, self.state) = (home, state)
        self.state.roles = founders()
        self.state.role = state.role ?? self.state.roles.first?.role
        if let link { use(link) }
    }

    public func act(_ action: WelcomeAction) {
        switch action {
        case .name(let name): change { $0.name = name }
        case .asRole(let role): change { $0.role = role }
        case .link(let text): use(text)
        case .scanned(let text): if let text { use(text) } else { state.problem = .noLink }
        case .begin: begin { store, link in await self.follow(link, in: store) }
        case .offerThisPhone:
            begin { store, _ in
                // What could not be offered now is offered on the next screen.
                _ = try? await store.perform(.offerDevice)
                return .join(link: nil)
            }
        case .read: state.problem = nil
        case .went: state.next = nil
        }
    }

    /// Waits until what was asked for is done.
    public func settled() async { await doing.ended() }

    private func change(_ change: (inout WelcomeState) -> Void) {
        guard !state.busy else { return }
        change(&state)
        if state.problem?.field != Problem.noLink.field { state.problem = nil }
        check()
    }

    private func use(_ text: String) {
        guard !state.busy else { return }
        let link = readable(text)
        state.link = text.trimmed
        state.asks = link.asks
        state.problem = link.problem(of: text)
        check()
    }

    private func check() {
        state.ready =
            !state.busy && !state.name.trimmed.isEmpty && state.role != nil
            && readable(state.link).link != nil
    }

    private func begin(_ then: @escaping @MainActor (TandemStore, TandemLink) async -> Place) {
        guard state.ready, let role = state.role, let link = readable(state.link).link else { return }
        let profile = Profile(name: state.name.trimmed, role: role, relay: relayOf(link: link))
        let begun = doing.begin {
            do {
                self.state.next = await then(try await self.home.make(profile), link)
            } catch { self.state.problem = Problem(error) }
            self.state.busy = false
            self.check()
        }
        if begun {
            state.problem = nil
            state.busy = true
            check()
        }
    }

    /// Where the link leads; what it asks for is asked for already, if it can be.
    private func follow(_ link: TandemLink, in store: TandemStore) async -> Place {
        let done = try? await store.follow(link)
        switch link {
        case .relay: return .inbox
        case .school: return done == nil ? .join(link: state.link) : .inbox
        case .join, .device: return .join(link: done == nil ? state.link : nil)
        }
    }
}
