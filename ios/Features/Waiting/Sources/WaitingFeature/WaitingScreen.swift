import SwiftUI
import TandemDesign
import TandemKit

/// What has not left this phone, what is in its way, and what can be done about it.
public struct WaitingScreen: View {
    private let model: WaitingModel
    private let go: Go
    @Environment(\.say) private var words

    public init(_ model: WaitingModel, go: @escaping Go) { (self.model, self.go) = (model, go) }

    public var body: some View {
        let say = words.knowing(model.state.around.names)
        Reading(model.state.items, say: say) { items in
            if items.isEmpty, model.state.joins.isEmpty, model.state.repairs.isEmpty,
                model.state.problem == nil
            {
                NothingYet(say("waiting.empty_title"), say("waiting.empty"), symbol: Mark.tick.symbol) {
                    EmptyView()
                }
            } else {
                list(items, say)
            }
        }
        .frame(maxHeight: .infinity)
        .safeAreaInset(edge: .bottom) {
            ThumbButton(
                say(model.state.trying ? "waiting.trying" : "remedy.try_now"), symbol: "arrow.clockwise",
                isBusy: model.state.trying
            ) { model.act(.tryNow) }
            .padding(Space.normal)
        }
        .navigationTitle(say("waiting.title"))
        .going(to: model.state.next, go) { model.act(.went) }
        .living { await model.run() }
    }

    private func list(_ items: [WaitingItem], _ say: Say) -> some View {
        List {
            HonestLine(model.state.line, say: say).listRowSeparator(.hidden)
            if let problem = model.state.problem { ProblemLine(problem, say: say) { model.act(.read) } }
            if !model.state.repairs.isEmpty { repairs(say) }
            ForEach(model.state.joins) { join in
                JoinNote(join, isTrying: model.state.trying, say: say, go: go) { model.act(.tryNow) }
            }
            ForEach(items) { WaitingLine($0, say: say, go: go) }
        }
        .listStyle(.plain)
    }

    /// What became of a home that was damaged.
    private func repairs(_ say: Say) -> some View {
        VStack(alignment: .leading, spacing: Space.tight) {
            ForEach(model.state.repairs, id: \.quarantine) { repair in
                Text(
                    verbatim: say(
                        "waiting.repaired",
                        ["kept": .count(count: repair.kept), "lost": .count(count: repair.lost)])
                )
                .font(.words)
                .grows()
            }
            LineButton(say("common.ok"), symbol: "checkmark") { model.act(.repairsRead) }
        }
    }
}

/// One thing that waits: what, where, how it stands, and what can be done.
struct WaitingLine: View {
    private let item: WaitingItem
    private let say: Say
    private let go: Go
    @Environment(\.services) private var services
    @Environment(\.palette) private var palette

    init(_ item: WaitingItem, say: Say, go: @escaping Go) { (self.item, self.say, self.go) = (item, say, go) }

    var body: some View {
        VStack(alignment: .leading, spacing: Space.tight) {
            Text(verbatim: title).font(.rowTitle).grows()
            if let text = item.text {
                Text(verbatim: Say.line(text)).font(.words).foregroundStyle(palette.quiet.color).lineLimit(2)
            }
            StandsLine(item.words.stands, say: say)
            RemedyButtons(item.words.stands.remedies, say: say) { doing($0) }
        }
        .frame(minHeight: Space.row)
    }

    private func doing(_ remedy: Remedy) -> (@MainActor () -> Void)? {
        switch remedy {
        case .copyText:
            guard let text = item.text else { return nil }
            return { services.copy(text) }
        case .askForLink: return { go(.join(link: nil)) }
        case .showMembers: return { go(.members(item.row.thread)) }
        case .updateApp: return services.update
        // One button of the screen tries all of them.
        case .tryNow, .askSchool: return nil
        }
    }

    private var title: String {
        let what = say(item.words.what)
        guard let title = item.title else { return what }
        return say("waiting.what_in", ["what": .text(text: what), "title": .text(text: title)])
    }
}
