import SwiftUI
import TandemDesign
import TandemKit

/// Who is in a thread, and who may come.
public struct MembersScreen: View {
    @Bindable private var model: MembersModel
    @Environment(\.say) private var words

    private let go: Go

    public init(_ model: MembersModel, go: @escaping Go) { (self.model, self.go) = (model, go) }

    public var body: some View {
        let say = words.knowing(model.state.around.names)
        Reading(model.state.members, say: say) { members in
            List {
                if let top = model.state.top.value {
                    Section {
                        Text(verbatim: Say.line(top.row.title)).font(.rowTitle)
                        HonestLine(top.words.fresh, say: say)
                    }
                }
                if let problem = model.state.problem { ProblemLine(problem, say: say) { model.act(.read) } }
                Section { ForEach(members) { MemberView($0, canChange: canChange, model: model, say: say) } }
                coming(say)
                if canChange { own(say) }
            }
        }
        .safeAreaInset(edge: .bottom) {
            if !model.state.invitable.isEmpty {
                ThumbButton(say("members.invite"), symbol: "person.badge.plus") { model.act(.invite) }
                    .padding(Space.normal)
            }
        }
        .navigationTitle(say("members.title"))
        .navigationBarTitleDisplayMode(.inline)
        .sheet(isPresented: $model.hasSheet) { MembersSheetView(model, say: say) }
        .going(to: model.state.next, go) { model.act(.went) }
        .living { await model.run() }
    }

    private var canChange: Bool { model.state.top.value.map { $0.words.closed == nil } ?? false }

    /// Invites and other phones: who may come.
    @ViewBuilder private func coming(_ say: Say) -> some View {
        if !model.state.uptakes.isEmpty {
            Section(say("members.phones")) {
                ForEach(model.state.uptakes) { Text(verbatim: say($0.words.sentences)).font(.words).grows() }
            }
        }
        if !model.state.invites.isEmpty {
            Section(say("members.invites")) {
                ForEach(model.state.invites) { item in
                    VStack(alignment: .leading) {
                        Text(verbatim: say(item.words.sentences)).font(.words).grows()
                        if item.words.open {
                            LineButton(
                                say("members.take_back"), symbol: "arrow.uturn.backward", role: .destructive
                            ) {
                                model.act(.takeBack(item.id))
                            }
                        }
                    }
                }
            }
        }
    }

    /// What this person can do for themselves.
    private func own(_ say: Say) -> some View {
        Section {
            LineButton(say("members.add_phone"), symbol: "iphone") { model.act(.addPhone) }
            LineButton(say("members.leave"), symbol: "rectangle.portrait.and.arrow.right", role: .destructive)
            {
                model.act(.leave)
            }
        }
    }
}
