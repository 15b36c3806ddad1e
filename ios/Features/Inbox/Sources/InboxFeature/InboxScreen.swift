import SwiftUI
import TandemDesign
import TandemKit

/// All threads of this phone.
public struct InboxScreen: View {
    @Bindable private var model: InboxModel
    private let go: Go
    @Environment(\.say) private var words
    @State private var isChoosing = false

    public init(_ model: InboxModel, go: @escaping Go) { (self.model, self.go) = (model, go) }

    public var body: some View {
        let say = words.knowing(model.state.around.names)
        List {
            HonestLine(model.state.line, say: say).listRowSeparator(.hidden)
            if let problem = model.state.problem { ProblemLine(problem, say: say) { model.act(.read) } }
            ForEach(model.state.joins) { join in
                JoinNote(join, isTrying: model.state.looking, say: say, go: go) { model.act(.lookNow) }
            }
            ForEach(model.state.rows.value ?? []) { item in
                NavigationLink(value: Place.thread(item.id)) {
                    InboxLine(item, hasDraft: model.state.drafts.contains(item.id), say: say)
                }
            }
            if model.state.canFound, !isEmpty {
                LineButton(say("inbox.found"), symbol: "plus") { model.act(.foundBegin) }
            }
        }
        .listStyle(.plain)
        .overlay { ifNothing(say) }
        .refreshable {
            await model.act(.lookNow)
            await model.settled()
        }
        .safeAreaInset(edge: .bottom) { write(say) }
        .navigationTitle(say("inbox.title"))
        .toolbar {
            ToolbarItem { button(say("inbox.join"), "link", .join(link: nil)) }
            ToolbarItem { button(say("waiting.title"), "clock", .waiting) }
            ToolbarItem { button(say("about.title"), "info.circle", .about) }
        }
        .sheet(isPresented: $model.isFounding) { FoundSheet(model, say: say) }
        .sheet(isPresented: $isChoosing) {
            ChooseSheet(among, say: say) { thread in
                isChoosing = false
                if let thread { go(.compose(thread, answers: nil)) }
            }
        }
        .going(to: model.state.next, go) { model.act(.went) }
        .living { await model.run() }
    }

    private var isEmpty: Bool { model.state.rows.value?.isEmpty ?? true }

    private var among: [InboxItem] { if case .choose(let among)? = model.state.write { among } else { [] } }

    private func button(_ title: String, _ symbol: String, _ place: Place) -> some View {
        Button {
            go(place)
        } label: {
            Image(systemName: symbol).target()
        }
        .accessibilityLabel(title)
    }

    @ViewBuilder private func ifNothing(_ say: Say) -> some View {
        switch model.state.rows {
        case .here(let rows) where rows.isEmpty && model.state.joins.isEmpty:
            NothingYet(
                say("inbox.empty_title"), say(model.state.canFound ? "inbox.empty_founder" : "inbox.empty"),
                symbol: "text.bubble"
            ) {
                if model.state.canFound { ThumbButton(say("inbox.found")) { model.act(.foundBegin) } }
                LineButton(say("inbox.join"), symbol: "link") { go(.join(link: nil)) }
            }
        case .here: EmptyView()
        case .reading, .missing:
            Reading(model.state.rows, say: say, again: { model.act(.lookNow) }, content: { _ in EmptyView() })
        }
    }

    @ViewBuilder private func write(_ say: Say) -> some View {
        if let write = model.state.write {
            ThumbButton(say("common.write"), symbol: "square.and.pencil") {
                switch write {
                case .into(let thread): go(.compose(thread, answers: nil))
                case .choose: isChoosing = true
                }
            }
            .padding(Space.normal)
        }
    }
}
