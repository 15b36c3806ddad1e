import SwiftUI
import TandemDesign
import TandemKit

/// One field of a form, with its label, what it is for, and whether it is needed.
struct FieldLine: View {
    private let field: FieldForm
    @Bindable private var model: ComposeModel
    private let say: Say

    init(_ field: FieldForm, model: ComposeModel, say: Say) {
        (self.field, self.model, self.say) = (field, model, say)
    }

    var body: some View {
        Section {
            switch field.input {
            case .words:
                TextField(label, text: $model[field: field.name], axis: .vertical)
                    .lineLimit((field.needed ? 3 : 2)...)
                    .accessibilityLabel(label)
            case .oneOf(let choices):
                Picker(label, selection: $model[field: field.name]) {
                    Text(verbatim: say("common.not_chosen")).tag("")
                    ForEach(choices, id: \.value) { Text(verbatim: say($0.label)).tag($0.value) }
                }
            case .day: day
            }
            FieldProblem(model.state.problem?.field == field.name ? model.state.problem : nil, say: say)
        } header: {
            Text(verbatim: label)
        } footer: {
            if let hint = field.hint { Text(verbatim: say(hint)).grows() }
        }
    }

    private var label: String {
        field.needed
            ? say("compose.label_needed", ["label": .text(text: say(field.label))]) : say(field.label)
    }

    /// A day that was not chosen is none, not today.
    @ViewBuilder private var day: some View {
        if say.moments.day(of: model[field: field.name]) == nil {
            LineButton(say("common.choose_day"), symbol: "calendar") {
                model[field: field.name] = say.moments.iso(say.moments.now)
            }
        } else {
            DatePicker(
                label, selection: $model[day: field.name, in: say.moments], in: say.moments.now...,
                displayedComponents: .date)
            LineButton(say("common.no_day"), symbol: "xmark") { model[field: field.name] = "" }
        }
    }
}
