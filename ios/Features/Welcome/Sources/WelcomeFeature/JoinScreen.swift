import SwiftUI
import TandemDesign
import TandemKit

/// A link before it is followed, and what became of those that were.
public struct JoinScreen: View {
    @Bindable private var model: JoinModel
    private let go: Go
    @Environment(\.say) private var words

    public init(_ model: JoinModel, go: @escaping Go) { (self.model, self.go) = (model, go) }

    public var body: some View {
        let say = words.knowing(model.state.around.names)
        Form {
            if let problem = model.state.problem, problem.field != "link" {
                ProblemLine(problem, say: say) { model.act(.read) }
            }
            if let offer = model.state.offer { offered(offer, say) }
            if !isOffered { follow(say) }
            waiting(say)
            if model.state.offer == nil {
                Section {
                    LineButton(say("join.offer"), symbol: "iphone") { model.act(.offerThisPhone) }
                        .disabled(model.state.busy)
                } header: {
                    Text(verbatim: say("join.other_phone"))
                } footer: {
                    Text(verbatim: say("join.other_phone_how"))
                }
            }
        }
        .safeAreaInset(edge: .bottom) {
            if !isOffered {
                ThumbButton(say("join.follow"), isBusy: model.state.busy) { model.act(.follow) }
                    .disabled(!model.state.ready)
                    .accessibilityHint(model.state.ready ? "" : say("join.needed"))
                    .padding(Space.normal)
            }
        }
        .navigationTitle(say("join.title"))
        .navigationBarTitleDisplayMode(.inline)
        .going(to: model.state.next, go) { model.act(.went) }
        .living { await model.run() }
    }

    private var isOffered: Bool { model.state.offer?.words.open ?? false }

    private func follow(_ say: Say) -> some View {
        Section {
            LinkField(say("join.link"), text: $model.link, problem: linkProblem, say: say) {
                model.act(.scanned($0))
            }
            if !model.state.asks.isEmpty { AskedLine(model.state.asks, say: say) }
        } footer: {
            Text(verbatim: say("join.how"))
        }
    }

    private var linkProblem: Problem? { model.state.problem?.field == "link" ? model.state.problem : nil }

    /// What waits to be let in, or was answered.
    @ViewBuilder private func waiting(_ say: Say) -> some View {
        let joins = model.state.joins.value ?? []
        if !joins.isEmpty || !model.state.uptakes.isEmpty {
            Section(say("join.waiting")) {
                ForEach(joins) { join in
                    JoinNote(join, isTrying: model.state.busy, say: say, go: go) { model.act(.tryNow) }
                    if join.row.state == .joined {
                        LineButton(say("join.open"), symbol: "text.bubble") {
                            model.act(.open(join.row.thread))
                        }
                    }
                }
                ForEach(model.state.uptakes) { Text(verbatim: say($0.words.sentences)).font(.words).grows() }
            }
        }
    }

    /// This phone asks to be let in as somebody's.
    private func offered(_ offer: OfferItem, _ say: Say) -> some View {
        Section {
            Text(verbatim: say(offer.words.sentences)).font(.words).grows()
            if offer.words.open {
                LineButton(say("remedy.try_now"), symbol: "arrow.clockwise") { model.act(.tryNow) }
                Text(verbatim: say("join.offer_how")).font(.words).grows()
                LinkCard(offer.row.link, say: say)
            } else {
                LineButton(say("join.offer_again"), symbol: "arrow.clockwise") { model.act(.offerThisPhone) }
            }
        }
    }
}
