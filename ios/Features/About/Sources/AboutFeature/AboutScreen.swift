import SwiftUI
import TandemDesign
import TandemKit

/// What others can see, this phone, and how long it keeps things.
public struct AboutScreen: View {
    @Bindable private var model: AboutModel
    private let go: Go
    @Environment(\.say) private var words
    @Environment(\.services) private var services

    public init(_ model: AboutModel, go: @escaping Go) { (self.model, self.go) = (model, go) }

    public var body: some View {
        let say = words.knowing(model.state.around.names)
        List {
            if let problem = model.state.problem, problem != model.termProblem {
                ProblemLine(problem, say: say) { model.act(.read) }
            }
            Section { said("about.what", say) }
            Section(say("about.cannot_see_title")) { said("about.cannot_see", say) }
            Section(say("about.sees_title")) { said("about.sees", say) }
            Section(say("about.members_see_title")) { said("about.members_see", say) }
            Section(say("about.phone_title")) {
                Reading(model.state.device, say: say) {
                    ThisPhone($0, name: model.state.name, model: model, say: say)
                }
            }
            if let retention = model.state.retention { KeptView(retention, model: model, say: say) }
            diagnostics(say)
        }
        .navigationTitle(say("about.title"))
        .confirmationDialog(
            say("about.new_keys_title"), isPresented: $model.asksForNewKeys, titleVisibility: .visible
        ) {
            Button(say("about.new_keys"), role: .destructive) { model.act(.newKeysReally) }
            Button(say("common.cancel"), role: .cancel) { model.act(.newKeysNot) }
        } message: {
            Text(verbatim: say("about.new_keys_happens"))
        }
        .going(to: model.state.next, go) { model.act(.went) }
        .living { await model.run() }
    }

    private func said(_ key: String, _ say: Say) -> some View {
        Text(verbatim: say(key)).font(.words).grows()
    }

    /// What would be copied or shared is shown before.
    private func diagnostics(_ say: Say) -> some View {
        Section(say("about.diagnostics_title")) {
            said("about.diagnostics", say)
            if let text = model.state.diagnostics {
                Text(verbatim: text).font(.state.monospaced()).grows().textSelection(.enabled)
                LineButton(say("common.copy"), symbol: "doc.on.doc") { services.copy(text) }
                ShareButton(text, say: say)
                LineButton(say("about.diagnostics_hide"), symbol: "eye.slash") { model.act(.hideDiagnostics) }
            } else {
                LineButton(say("about.diagnostics_show"), symbol: "eye") { model.act(.showDiagnostics) }
            }
        }
    }
}
