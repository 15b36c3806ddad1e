import SwiftUI
import TandemDesign
import TandemKit
import WelcomeFeature

/// What the app gives to the screens.
public struct Surroundings: Sendable {
    public let home: Home
    public let drafts: any Drafts
    public let strings: any Strings
    public let services: Services
    /// Keeps the system from stopping the app while this goes on, as long as it lets us.
    public let whileClosing: @MainActor @Sendable (@escaping @MainActor @Sendable () async -> Void) -> Void

    public init(
        home: Home, drafts: any Drafts, strings: any Strings, services: Services,
        whileClosing: @escaping @MainActor @Sendable (@escaping @MainActor @Sendable () async -> Void) -> Void
    ) {
        (self.home, self.drafts, self.strings, self.services) = (home, drafts, strings, services)
        self.whileClosing = whileClosing
    }
}

/// The app: the first start, or the inbox with what lies on top of it.
public struct RootView: View {
    private let around: Surroundings
    @State private var path: [Place] = []
    @State private var welcome: WelcomeModel?
    /// A link that was tapped before there was a place for it.
    @State private var link: String?
    @Environment(\.scenePhase) private var phase

    public init(_ around: Surroundings) { self.around = around }

    public var body: some View {
        content
            .modifier(Look())
            .environment(\.say, Say(strings: around.strings))
            .environment(\.services, around.services)
            .onOpenURL { open($0.absoluteString) }
            .onChange(of: phase, initial: true) { _, phase in changed(to: phase) }
            .onChange(of: hasNoHome, initial: true) { _, hasNone in
                if hasNone, welcome == nil { welcome = WelcomeModel(around.home, link: link) }
            }
    }

    @ViewBuilder private var content: some View {
        // The first start goes on until it says where to, also when its home is open already.
        if let welcome {
            NavigationStack {
                WelcomeScreen(welcome) { place in
                    self.welcome = nil
                    path = path.going(to: place)
                }
            }
        } else {
            switch around.home.stage {
            case .opening, .none: ProgressView()
            case .shut(let why): ShutView(why) { Task { await around.home.comes() } }
            case .open(let store): StackView(store, drafts: around.drafts, path: $path)
            }
        }
    }

    private var hasNoHome: Bool { if case .none = around.home.stage { true } else { false } }

    private func open(_ link: String) {
        self.link = link
        if let welcome { return welcome.act(.link(link)) }
        if around.home.store != nil { path = path.going(to: .join(link: link)) }
    }

    private func changed(to phase: ScenePhase) {
        let home = around.home
        switch phase {
        case .active: Task { await home.comes() }
        case .background: around.whileClosing { await home.goes() }
        case .inactive: break
        }
    }
}

/// A home that can't be opened: why, and another try. Nothing of it was deleted.
struct ShutView: View {
    private let why: Problem
    private let again: @MainActor () -> Void
    @Environment(\.say) private var say

    init(_ why: Problem, again: @escaping @MainActor () -> Void) { (self.why, self.again) = (why, again) }

    var body: some View {
        NothingYet(say(why.said), symbol: "exclamationmark.circle") {
            ThumbButton(say("remedy.try_now"), symbol: "arrow.clockwise", action: again)
        }
    }
}
