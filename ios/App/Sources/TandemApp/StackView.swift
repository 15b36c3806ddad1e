import AboutFeature
import ComposeFeature
import InboxFeature
import MembersFeature
import SwiftUI
import TandemDesign
import TandemKit
import ThreadFeature
import WaitingFeature
import WelcomeFeature

/// The inbox, and what somebody opened on top of it.
struct StackView: View {
    private let store: TandemStore
    private let drafts: any Drafts
    @State private var inbox: InboxModel
    @Bindable private var way: Way

    init(_ store: TandemStore, drafts: any Drafts, way: Way) {
        (self.store, self.drafts, self.way) = (store, drafts, way)
        _inbox = State(initialValue: InboxModel(store, drafts: drafts))
    }

    var body: some View {
        NavigationStack(path: $way.path) {
            InboxScreen(inbox, go: go).navigationDestination(for: Place.self) { screen($0) }
        }
    }

    private func go(_ place: Place) { way.go(to: place) }

    @ViewBuilder private func screen(_ place: Place) -> some View {
        switch place {
        case .welcome, .inbox: EmptyView()
        case .join(let link): Kept(JoinModel(store, link: link)) { JoinScreen($0, go: go) }
        case .thread(let thread):
            Kept(ThreadModel(store, thread: thread, drafts: drafts)) { ThreadScreen($0, go: go) }
        case .compose(let thread, let answers):
            Kept(ComposeModel(store, thread: thread, answers: answers, drafts: drafts)) {
                ComposeScreen($0, go: go)
            }
        case .members(let thread): Kept(MembersModel(store, thread: thread)) { MembersScreen($0, go: go) }
        case .waiting: Kept(WaitingModel(store)) { WaitingScreen($0, go: go) }
        case .about: Kept(AboutModel(store)) { AboutScreen($0, go: go) }
        }
    }
}

/// A screen whose model lives as long as the screen is on the stack.
struct Kept<Model: AnyObject, Content: View>: View {
    @State private var model: Model
    private let content: (Model) -> Content

    init(_ model: Model, @ViewBuilder content: @escaping (Model) -> Content) {
        _model = State(initialValue: model)
        self.content = content
    }

    var body: some View { content(model) }
}
