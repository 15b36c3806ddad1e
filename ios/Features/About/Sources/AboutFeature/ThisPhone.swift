import SwiftUI
import TandemDesign
import TandemKit

/// Whose this phone is, its keys shortened, and its school.
struct ThisPhone: View {
    /// Letters of a key that tell any two apart that a person meets.
    private static let short = 8

    private let device: DeviceRow
    private let name: String?
    private let model: AboutModel
    private let say: Say

    init(_ device: DeviceRow, name: String?, model: AboutModel, say: Say) {
        (self.device, self.name, self.model, self.say) = (device, name, model, say)
    }

    var body: some View {
        if let name { fact(say("about.name"), Say.line(name)) }
        fact(say("about.school"), school)
        fact(say("about.key"), String(device.device.prefix(Self.short)))
        fact(say("about.relay_key"), String(device.transport.prefix(Self.short)))
        fact(say("about.keys"), keys)
        LineButton(say("about.new_keys"), symbol: "key", role: .destructive) { model.act(.newKeys) }
            .disabled(model.state.busy || device.renewing != nil)
    }

    private func fact(_ label: String, _ value: String) -> some View {
        VStack(alignment: .leading) {
            Text(verbatim: label).font(.state)
            Text(verbatim: value).font(.words).grows()
        }
        .accessibilityElement(children: .combine)
    }

    private var school: String {
        guard let school = device.school else { return say("about.school_none") }
        let id: KeyValuePairs<String, ArgValue> = [
            "id": .text(text: String(school.school.prefix(Self.short)))
        ]
        return switch school.enrolment {
        case nil: say("about.school_waiting", id)
        case .enrolled: say("about.school_enrolled", id)
        case .noSuchPass: say("about.school_no_such_link", id)
        case .full: say("about.school_full", id)
        }
    }

    private var keys: String {
        guard let renewing = device.renewing else {
            return say("about.keys_since", ["at": .moment(at: device.renewed)])
        }
        return say("about.keys_renewing", ["n": .count(count: UInt64(renewing))])
    }
}

/// How long threads are kept, which goes when, and the term that can be set.
struct KeptView: View {
    private let retention: RetentionRow
    @Bindable private var model: AboutModel
    private let say: Say

    init(_ retention: RetentionRow, model: AboutModel, say: Say) {
        (self.retention, self.model, self.say) = (retention, model, say)
    }

    var body: some View {
        Section {
            Text(verbatim: kept).font(.words).grows()
            ForEach(retention.threads, id: \.thread) { kept in
                Text(
                    verbatim: say(
                        "about.kept_thread",
                        ["title": .text(text: kept.title), "at": .moment(at: kept.kept.until)])
                )
                .font(.state)
                .grows()
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

    private var kept: String {
        guard let days = retention.days else { return say("about.kept_for_good") }
        return say("about.kept_days", ["n": .count(count: UInt64(days))])
    }
}
