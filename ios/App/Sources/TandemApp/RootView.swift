import SwiftUI
import TandemDesign
import TandemKit
import WelcomeFeature

/// What the app gives to the screens.
public struct Surroundings: Sendable {
    public let home: Home
    public let way: Way
    public let drafts: any Drafts
    public let strings: any Strings
    public let services: Services
    /// Keeps the system from stopping the app while this goes on, as long as it lets us.
    public let whileClosing: @MainActor @Sendable (@escaping @MainActor @Sendable () async -> Void) -> Void

    @MainActor public init(
        home: Home, drafts: any Drafts, strings: any Strings, services: Services,
        whileClosing: @escaping @MainActor @Sendable (@escaping @MainActor @Sendable () async -> Void) -> Void
    ) {
        (self.home, self.drafts, self.strings, self.services) = (home, drafts, strings, services)
        (self.way, self.whileClosing) = (Way(home), whileClosing)
    }
}

/// The app: the first start, or the inbox with what lies on top of it.
public struct RootView: View {
    private let around: Surroundings
    @Environment(\.scenePhase) private var phase

    public init(_ around: Surroundings) { self.around = around }

    public var body: some View {
        content
            .modifier(Look())
            .environment(\.say, Say(strings: around.strings))
            .environment(\.services, around.services)
            .onOpenURL { around.way.tapped(link: $0.absoluteString) }
            .onChange(of: phase, initial: true) { _, phase in changed(to: phase) }
            .onChange(of: hasNoHome, initial: true) { _, hasNone in
                if hasNone { around.way.begin() }
            }
    }

    @ViewBuilder private var content: some View {
        // The first start goes on until it says where to, also when its home is open already.
        if let welcome = around.way.welcome {
            NavigationStack { WelcomeScreen(welcome) { around.way.began(at: $0) } }
        } else {
            switch around.home.stage {
            case .opening, .none: ProgressView()
            case .shut(let why): ShutScreen(why) { Task { await around.home.comes() } }
            case .open(let store):
                StackView(store, drafts: around.drafts, way: around.way).onAppear { around.way.opened() }
            }
        }
    }

    private var hasNoHome: Bool { if case .none = around.home.stage { true } else { false } }

    private func changed(to phase: ScenePhase) {
        let home = around.home
        switch phase {
        case .active: Task { await home.comes() }
        case .background: around.whileClosing { await home.goes() }
        case .inactive: break
        }
    }
}
