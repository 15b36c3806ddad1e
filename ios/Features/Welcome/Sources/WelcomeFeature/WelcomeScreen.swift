import SwiftUI
import TandemDesign
import TandemKit

/// The first start: who this is, and with whom.
public struct WelcomeScreen: View {
    @Bindable private var model: WelcomeModel
    private let go: Go
    @Environment(\.say) private var say

    public init(_ model: WelcomeModel, go: @escaping Go) { (self.model, self.go) = (model, go) }

    public var body: some View {
        Form {
            Section { Text(verbatim: say("welcome.what")).font(.words).grows() }
            Section {
                TextField(say("welcome.name"), text: $model.name).textInputAutocapitalization(.words)
                FieldProblem(problem(of: "name"), say: say)
            } header: {
                Text(verbatim: say("welcome.name"))
            } footer: {
                Text(verbatim: say("welcome.name_hint"))
            }
            RolePicker(say("welcome.role"), choices: model.state.roles, role: $model.role, say: say)
            Section {
                LinkField(say("welcome.link"), text: $model.link, problem: problem(of: "link"), say: say) {
                    model.act(.scanned($0))
                }
                if !model.state.asks.isEmpty { AskedLine(model.state.asks, say: say) }
            } header: {
                Text(verbatim: say("welcome.link_title"))
            } footer: {
                Text(verbatim: say("welcome.link_hint"))
            }
            if let problem = model.state.problem, !["name", "link"].contains(problem.field) {
                ProblemLine(problem, say: say) { model.act(.read) }
            }
            Section {
                LineButton(say("welcome.other_phone_do"), symbol: "iphone") { model.act(.offerThisPhone) }
                    .disabled(!model.state.ready)
            } header: {
                Text(verbatim: say("welcome.other_phone"))
            } footer: {
                Text(verbatim: say("welcome.other_phone_how"))
            }
        }
        .scrollDismissesKeyboard(.interactively)
        .safeAreaInset(edge: .bottom) {
            let needed = model.state.ready || model.state.busy ? "" : say("welcome.needed")
            VStack(alignment: .leading, spacing: Space.tight) {
                if !needed.isEmpty { Text(verbatim: needed).font(.state).grows() }
                ThumbButton(say("welcome.begin"), isBusy: model.state.busy) { model.act(.begin) }
                    .disabled(!model.state.ready)
                    .accessibilityHint(needed)
            }
            .padding(Space.normal)
        }
        .navigationTitle(say("welcome.title"))
        .going(to: model.state.next, go) { model.act(.went) }
    }

    private func problem(of field: String) -> Problem? {
        model.state.problem?.field == field ? model.state.problem : nil
    }
}

/// What a link asks for, before it is followed.
struct AskedLine: View {
    private let words: String

    init(_ asks: [Phrase], say: Say) { words = say(asks) }

    var body: some View {
        Label {
            Text(verbatim: words).font(.words).grows()
        } icon: {
            Image(systemName: "link").accessibilityHidden(true)
        }
    }
}
