import ComposeFeature
import SwiftUI
import TandemKit

private func writing(
    _ name: String, _ kind: String = "message", _ fields: [String: String] = [:],
    to people: [Author] = [Cast.ana, Cast.sam], erased: ErasedRow? = nil,
    _ change: (inout ComposeState) -> Void = { _ in }
) -> Shown {
    let row = Cast.inboxRow("Maya", people, erased: erased)
    return shown(
        name,
        with(ComposeState(thread: row.thread)) { state in
            state.around = Cast.around()
            state.to = .here(Cast.item(row))
            state.readers = (people + [Cast.rivera]).map { member($0).row }
            state.forms = forms(role: .teacher)
            state.kind = kind
            state.form = state.forms.first { $0.kind == kind }
            state.fields = fields
            let needed = state.form?.fields.filter(\.needed).map(\.name) ?? []
            state.missing = Set(needed.filter { fields[$0] == nil })
            state.ready = state.missing.isEmpty
            change(&state)
        })
}

private func shown(_ name: String, _ state: ComposeState) -> Shown {
    Shown("compose", name) {
        ComposeScreen(ComposeModel(Still.store, drafts: Still.drafts, from: state)) { _ in }
    }
}

private let nothing = with(ComposeState(thread: Cast.thread("Maya"))) { $0.around = Cast.around() }

private let words = ["text": "We are at the lake until four. She ate well and has her jacket."]

@MainActor let composeStates = [
    shown("loading", nothing),
    writing("message empty"),
    writing("message ready", "message", words),
    writing("answer", "message", words) {
        let concern = Conversation.concern
        $0.answers = Quoted(entry: concern.entry, said: quote(concern))
    },
    writing("answer unknown", "message", words) {
        $0.answers = Quoted(entry: Cast.entry("gone"), said: nil)
    },
    writing("concern empty", "concern", to: [Cast.ana, Cast.sam, Cast.lincoln]),
    writing(
        "concern", "concern",
        [
            "what": "She did not eat at noon, for the third day.",
            "way_forward": "A word with the family about breakfast.",
        ]),
    writing("step empty", "step"),
    writing("step", "step", ["text": "Meet Maya at the gate", "owner": "school", "due": "2026-05-15"]),
    writing("sending", "message", words) { ($0.ready, $0.sending) = (false, true) },
    writing("error", "message", words) { $0.problem = problem("not_kept", .notKept) },
    writing("field error", "concern", ["what": "x"]) {
        $0.problem = problem("missing_field", .badInput, "way_forward")
    },
    writing("too long", "message", ["text": String(repeating: "A long text that goes on. ", count: 60)]) {
        ($0.ready, $0.wrong) = (false, problem("too_long", .badInput))
    },
    writing("throw away", "message", words) { $0.asksToThrowAway = true },
    writing("closed", erased: ErasedRow(at: Cast.ago(90), because: .operator, words: "")),
    shown("missing", with(nothing) { $0.to = .missing(problem("unknown_thread", .notAllowed)) }),
    writing("long names", "message", words, to: [Cast.long, Cast.sam, Cast.ana, Cast.nameless]),
    writing("right to left", "message", ["text": "היום הקריאה הלכה טוב."], to: [Cast.hebrew, Cast.arabic]),
    writing("alone", "message", words, to: []),
]
