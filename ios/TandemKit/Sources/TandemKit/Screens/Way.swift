import Observation

/// Where somebody is in the app, and where they want to be: a link or a notification may be tapped before there is an
/// open home to go to.
@MainActor @Observable public final class Way {
    /// The places on top of the inbox, the last one is seen.
    public var path: [Place] = []
    /// The first start. It goes on until it says where to, also when its home is open already.
    public private(set) var welcome: WelcomeModel?
    @ObservationIgnored private var waits: Place?
    private let home: Home

    public init(_ home: Home) { self.home = home }

    /// Somebody goes there from a screen.
    public func go(to place: Place) { path = path.going(to: place) }

    /// A link was tapped.
    public func tapped(link: String) {
        if let welcome { welcome.act(.link(link)) } else { lead(to: .join(link: link)) }
    }

    /// What the phone had shown of a thread was tapped.
    public func tapped(thread: ThreadId) { lead(to: .thread(thread)) }

    /// There is no home: the first start begins, with the link that waits.
    public func begin() {
        guard welcome == nil else { return }
        let link: String? = if case .join(let link)? = waits { link } else { nil }
        waits = nil
        welcome = WelcomeModel(home, link: link)
    }

    /// The first start is over.
    public func began(at place: Place) {
        welcome = nil
        go(to: place)
    }

    /// The screens of an open home are there: goes where somebody wanted to be.
    public func opened() {
        guard let place = waits else { return }
        waits = nil
        go(to: place)
    }

    private func lead(to place: Place) {
        if home.store != nil, welcome == nil { go(to: place) } else { waits = place }
    }
}
