import SwiftUI
import TandemDesign
import TandemKit

/// One thread as it is read, the newest at the thumb.
public struct ThreadScreen: View {
    private let model: ThreadModel
    private let go: Go
    @Environment(\.say) private var words
    @Environment(\.palette) private var palette
    @Environment(\.scenePhase) private var phase
    @State private var looksAt: String?

    public init(_ model: ThreadModel, go: @escaping Go) { (self.model, self.go) = (model, go) }

    public var body: some View {
        let say = words.knowing(model.state.around.names)
        Reading(model.state.items, say: say, again: { model.act(.tryNow) }) { items in
            if items.isEmpty {
                NothingYet(say("thread.empty_title"), say("thread.empty"), symbol: "text.bubble") {
                    EmptyView()
                }
            } else {
                lines(items, say)
            }
        }
        .frame(maxHeight: .infinity)
        .safeAreaInset(edge: .top) { head(say) }
        .safeAreaInset(edge: .bottom) { foot(say) }
        .navigationTitle(top.map { Say.line($0.row.title) } ?? say("thread.title"))
        .navigationBarTitleDisplayMode(.inline)
        .going(to: model.state.next, go) { model.act(.went) }
        .living { await model.run() }
        .onChange(of: phase, initial: true) { _, phase in model.act(.lookedAt(phase == .active)) }
    }

    private var top: InboxItem? { model.state.top.value }

    /// Only what is near the screen is made; what was said before comes when the first line is near it.
    private func lines(_ items: [ThreadItem], _ say: Say) -> some View {
        let newest = newestOwn(items)
        return ScrollView {
            LazyVStack(alignment: .leading, spacing: Space.close) {
                ForEach(items) { item in
                    line(item, isNewestOwn: item.id == newest, say)
                        .onAppear { if item.id == items.first?.id { model.act(.earlier) } }
                }
                ForEach(top?.words.warnings ?? [], id: \.self) { AsideLine($0, say: say) }
            }
            .scrollTargetLayout()
            .padding(Space.normal)
        }
        .defaultScrollAnchor(.bottom)
        // What is looked at stays where it is while more comes above it.
        .scrollPosition(id: $looksAt)
    }

    @ViewBuilder private func line(_ item: ThreadItem, isNewestOwn: Bool, _ say: Say) -> some View {
        switch item {
        case .day(let day, _): DayLine(day, say: say)
        case .event(_, let words): EventLine(words, say: say)
        case .entry(let entry):
            EntryView(entry, isNewestOwn: isNewestOwn, model: model, say: say, go: go)
                .onAppear { model.act(.onScreen([item.id])) }
                .onDisappear { model.act(.offScreen([item.id])) }
        }
    }

    private func newestOwn(_ items: [ThreadItem]) -> String? {
        items.last { if case .entry(let entry) = $0 { entry.row.mine } else { false } }?.id
    }

    @ViewBuilder private func head(_ say: Say) -> some View {
        if let top {
            VStack(alignment: .leading, spacing: 0) {
                Button {
                    go(.members(model.state.thread))
                } label: {
                    Label {
                        Text(verbatim: people(top, say)).font(.state).lineLimit(2)
                    } icon: {
                        Image(systemName: "person.2").accessibilityHidden(true)
                    }
                    .target()
                }
                .accessibilityHint(say("members.title"))
                HonestLine(top.words.fresh, say: say)
            }
            .padding(.horizontal, Space.normal)
            .padding(.bottom, Space.close)
            .filling()
            .background(palette.ground.color)
        }
    }

    private func people(_ top: InboxItem, _ say: Say) -> String {
        top.row.people.isEmpty ? say("thread.only_you") : say.list(top.row.people.map { say.name($0.name) })
    }

    @ViewBuilder private func foot(_ say: Say) -> some View {
        let (problem, closed) = (model.state.problem, top?.words.closed)
        if problem != nil || closed != nil || model.state.canWrite {
            VStack(alignment: .leading, spacing: Space.close) {
                if let problem { ProblemLine(problem, say: say) { model.act(.read) } }
                if let closed { Text(verbatim: say(closed)).font(.words).grows() }
                if model.state.canWrite {
                    ThumbButton(
                        say(model.state.draft ? "thread.write_on" : "common.write"),
                        symbol: "square.and.pencil"
                    ) { go(.compose(model.state.thread, answers: nil)) }
                }
            }
            .padding(Space.normal)
            .background(palette.ground.color)
        }
    }
}
