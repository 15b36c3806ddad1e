import SwiftUI
import TandemDesign
import TandemKit

/// Whose this phone is, its keys shortened, and its school.
struct ThisPhone: View {
    private let device: DeviceWords
    private let name: String?
    private let model: AboutModel
    private let say: Say

    init(_ device: DeviceWords, name: String?, model: AboutModel, say: Say) {
        (self.device, self.name, self.model, self.say) = (device, name, model, say)
    }

    var body: some View {
        if let name { fact(say("about.name"), Say.line(name)) }
        fact(say("about.school"), say(device.school))
        fact(say("about.key"), device.key)
        fact(say("about.relay_key"), device.relayKey)
        fact(say("about.keys"), say(device.keys))
        LineButton(say("about.new_keys"), symbol: "key", role: .destructive) { model.act(.newKeys) }
            .disabled(model.state.busy || !device.renewable)
    }

    private func fact(_ label: String, _ value: String) -> some View {
        VStack(alignment: .leading) {
            Text(verbatim: label).font(.state)
            Text(verbatim: value).font(.words).grows()
        }
        .accessibilityElement(children: .combine)
    }
}

/// How long threads are kept, which goes when, and the term that can be set.
struct KeptView: View {
    private let retention: RetentionWords
    @Bindable private var model: AboutModel
    private let say: Say

    init(_ retention: RetentionWords, model: AboutModel, say: Say) {
        (self.retention, self.model, self.say) = (retention, model, say)
    }

    var body: some View {
        Section {
            Text(verbatim: say(retention.term)).font(.words).grows()
            ForEach(retention.threads, id: \.self) { kept in
                Text(verbatim: say(kept)).font(.state).grows()
            }
            if model.setsTerm {
                TextField(say("about.kept_label"), text: $model.term)
                FieldProblem(model.termProblem, say: say)
                LineButton(say("about.kept_do"), symbol: "checkmark") { model.act(.keepTerm) }
                    .disabled(model.state.busy)
                LineButton(say("common.cancel"), symbol: "xmark") { model.act(.termNot) }
            } else {
                LineButton(say("about.kept_change"), symbol: "calendar") { model.act(.setTerm) }
            }
        } header: {
            Text(verbatim: say("about.kept_title"))
        } footer: {
            if model.setsTerm { Text(verbatim: say("about.kept_hint")).grows() }
        }
    }
}
