package tandem.ui.gallery

import tandem.bindings.forms
import tandem.bindings.memberWords
import tandem.engine.Author
import tandem.engine.ErasedBecause
import tandem.engine.ErasedRow
import tandem.engine.InboxRow
import tandem.engine.KeyRow
import tandem.engine.MemberRow
import tandem.engine.Role
import tandem.screens.ComposeState
import tandem.screens.Loaded
import tandem.screens.MemberItem
import tandem.screens.Problem
import tandem.screens.Quoted
import tandem.ui.compose.ComposeScreen

internal fun writing(
    kind: String,
    fields: Map<String, String> = emptyMap(),
    people: List<Author> = listOf(Cast.ana, Cast.sam),
    row: InboxRow = Cast.inboxRow("Maya", people),
    change: (ComposeState) -> ComposeState = { it },
): ComposeState {
    val all = forms(Role.TEACHER)
    val form = all.first { it.kind == kind }
    val missing = form.fields.filter { it.needed && fields[it.name].isNullOrBlank() }.map { it.name }.toSet()
    return change(
        ComposeState(
            row.thread,
            Cast.around(),
            Loaded.Here(Cast.item(row)),
            (people + Cast.rivera).map { member(it).row },
            all,
            form = form,
            fields = fields,
            missing = missing,
            ready = missing.isEmpty(),
        ),
    )
}

private fun shown(
    name: String,
    state: ComposeState,
) = Shown("compose", name) { ComposeScreen(state, {}, it) }

private val words = mapOf("text" to "We are at the lake until four. She ate well and has her jacket.")

private val quoted = Quoted(concern.entry, concern.quote())

internal val composeStates =
    listOf(
        shown("loading", ComposeState(Cast.thread("Maya"), Cast.around())),
        shown("message empty", writing("message")),
        shown("message ready", writing("message", words)),
        shown("answer", writing("message", words) { it.copy(answers = quoted) }),
        shown("answer unknown", writing("message", words) { it.copy(answers = Quoted(Cast.entry("gone"))) }),
        shown("concern empty", writing("concern", people = listOf(Cast.ana, Cast.sam, Cast.lincoln))),
        shown(
            "concern",
            writing(
                "concern",
                mapOf(
                    "what" to "She did not eat at noon, for the third day.",
                    "way_forward" to "A word with the family about breakfast.",
                ),
            ),
        ),
        shown("step empty", writing("step")),
        shown("step", writing("step", mapOf("text" to "Meet Maya at the gate", "owner" to "school", "due" to "2026-05-15"))),
        shown("sending", writing("message", words) { it.copy(ready = false, sending = true) }),
        shown("error", writing("message", words) { it.copy(problem = problem("not_kept", Problem.Kind.NOT_KEPT)) }),
        shown(
            "field error",
            writing("concern", mapOf("what" to "x")) {
                it.copy(problem = problem("missing_field", Problem.Kind.BAD_INPUT, "way_forward"))
            },
        ),
        shown(
            "too long",
            writing("message", mapOf("text" to "A long text that goes on. ".repeat(60))) {
                it.copy(ready = false, wrong = problem("too_long", Problem.Kind.BAD_INPUT))
            },
        ),
        shown("throw away", writing("message", words) { it.copy(asksToThrowAway = true) }),
        shown(
            "closed",
            writing("message", row = Cast.inboxRow("Maya") { it.copy(erased = ErasedRow(Cast.ago(90), ErasedBecause.OPERATOR, "")) }),
        ),
        shown(
            "missing",
            ComposeState(Cast.thread("Maya"), Cast.around(), Loaded.Missing(problem("unknown_thread", Problem.Kind.NOT_ALLOWED))),
        ),
        shown("long names", writing("message", words, listOf(Cast.long, Cast.sam, Cast.ana, Cast.nameless))),
        shown("right to left", writing("message", mapOf("text" to "היום הקריאה הלכה טוב."), listOf(Cast.hebrew, Cast.arabic))),
        shown("alone", writing("message", words, emptyList())),
    )

internal fun member(
    author: Author,
    mine: Boolean = author == Cast.rivera,
    verified: Boolean = mine,
    devices: Int = 1,
    by: Author? = Cast.rivera,
    change: (MemberRow) -> MemberRow = { it },
): MemberItem {
    val keys = (1..devices).map { KeyRow(Cast.device("${author.name} $it"), Cast.ago(4000L * it), verified || it == 1, it != 2) }
    val row =
        change(MemberRow(author, mine, verified, by.takeUnless { mine }, Cast.ago(9000), keys, emptyList(), !mine || devices > 1, !mine))
    return MemberItem(row, memberWords(row))
}
