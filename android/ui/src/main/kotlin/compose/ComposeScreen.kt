package tandem.ui.compose

import androidx.compose.foundation.clickable
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.layout.size
import androidx.compose.foundation.selection.selectableGroup
import androidx.compose.material3.Icon
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.semantics.LiveRegionMode
import androidx.compose.ui.semantics.Role
import androidx.compose.ui.semantics.liveRegion
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.unit.dp
import tandem.screens.ComposeAction
import tandem.screens.ComposeState
import tandem.screens.Loaded
import tandem.screens.Place
import tandem.screens.Quoted
import tandem.screens.orNull
import tandem.ui.marks.Icons
import tandem.ui.parts.Buttons
import tandem.ui.parts.Chip
import tandem.ui.parts.Do
import tandem.ui.parts.DoIcon
import tandem.ui.parts.Head
import tandem.ui.parts.Missing
import tandem.ui.parts.Note
import tandem.ui.parts.Outside
import tandem.ui.parts.Page
import tandem.ui.parts.ProblemNote
import tandem.ui.parts.Reading
import tandem.ui.parts.Screen
import tandem.ui.parts.Sure
import tandem.ui.parts.Weight
import tandem.ui.parts.beside
import tandem.ui.parts.kindIcon
import tandem.ui.theme.Type
import tandem.ui.theme.colours
import tandem.ui.thread.Quote
import tandem.ui.words.Knowing
import tandem.ui.words.LocalSay
import tandem.ui.words.Say
import tandem.words.ArgValue

/** Something that is being written. */
@Composable
fun ComposeScreen(
    state: ComposeState,
    act: (ComposeAction) -> Unit,
    outside: Outside,
) {
    val closed = state.to.orNull?.words?.closed
    Knowing(state.around.names) { say ->
        Screen(
            head = { ComposeHead(state, act, outside) },
            footed = state.form != null && closed == null,
            foot = { Foot(state, act) },
        ) {
            when (val to = state.to) {
                Loaded.Reading -> Reading()
                is Loaded.Missing -> Missing(to.why) { act(ComposeAction.Read) }
                is Loaded.Here -> if (closed != null) Page { Note(say(closed)) } else Form(state, act)
            }
        }
        if (state.asksToThrowAway) {
            Sure(
                say("compose.throw_title"),
                say("compose.throw_happens"),
                say("compose.throw"),
                say("compose.keep"),
                { act(ComposeAction.ThrowAwayReally) },
                { act(ComposeAction.Keep) },
            )
        }
    }
}

@Composable
private fun ComposeHead(
    state: ComposeState,
    act: (ComposeAction) -> Unit,
    outside: Outside,
) {
    val say = LocalSay.current
    val to = state.to.orNull
    Head(
        to?.let { Say.line(it.row.title) } ?: say("compose.title"),
        outside.back,
        theirs = to != null,
        actions = {
            if (state.fields.values.any { it.isNotBlank() }) {
                DoIcon(Icons.Close, say("compose.throw"), { act(ComposeAction.ThrowAway) })
            }
        },
        lines = {
            if (to != null) {
                Row(
                    Modifier.fillMaxWidth().heightIn(min = 48.dp).clickable(role = Role.Button) { outside.go(Place.Members(state.thread)) },
                    horizontalArrangement = Arrangement.spacedBy(6.dp),
                    verticalAlignment = Alignment.CenterVertically,
                ) {
                    Icon(Icons.People, null, Modifier.size(beside(20)), tint = colours.accent)
                    Text(readers(state), Modifier.weight(1f, fill = false), style = Type.label, color = colours.accentInk)
                    Icon(Icons.Next, null, Modifier.size(beside(16)), tint = colours.accent)
                }
            }
        },
    )
}

/** Who will be able to read it. */
@Composable
private fun readers(state: ComposeState): String {
    val say = LocalSay.current
    if (state.readers.isEmpty()) return say("compose.who_reads")
    val others = state.readers.filterNot { it.mine }
    if (others.isEmpty()) return say("compose.read_by_nobody")
    return say("compose.read_by", "who" to ArgValue.People(others.map { it.author.person }))
}

@Composable
private fun Form(
    state: ComposeState,
    act: (ComposeAction) -> Unit,
) {
    val say = LocalSay.current
    Page {
        if (state.forms.size > 1) {
            Buttons(Modifier.selectableGroup()) {
                for (form in state.forms) {
                    Chip(say(form.title), form.kind == state.form?.kind, { act(ComposeAction.Kind(form.kind)) }, kindIcon(form.kind))
                }
            }
        }
        state.answers?.let { Answered(it, act) }
        for (field in state.form?.fields.orEmpty()) FieldLine(field, state, act)
        val fields = state.form?.fields.orEmpty().map { it.name }
        ProblemNote(state.wrong?.takeUnless { it.field in fields }, null)
        ProblemNote(state.problem?.takeUnless { it.field in fields }, { act(ComposeAction.Read) })
    }
}

@Composable
private fun Answered(
    quoted: Quoted,
    act: (ComposeAction) -> Unit,
) {
    val say = LocalSay.current
    Row(verticalAlignment = Alignment.CenterVertically) {
        Box(Modifier.weight(1f)) { Quote(quoted) }
        DoIcon(Icons.Close, say("compose.answer_not"), { act(ComposeAction.Answers(null)) })
    }
}

/** What is still needed, and "Send". */
@Composable
private fun Foot(
    state: ComposeState,
    act: (ComposeAction) -> Unit,
) {
    val say = LocalSay.current
    val needed = state.form?.fields.orEmpty().filter { it.name in state.missing }.map { say(it.label) }
    val why =
        when {
            state.ready -> null
            state.sending -> say("common.loading")
            needed.isNotEmpty() -> say("compose.needed", "fields" to ArgValue.Text(say.list(needed)))
            else -> state.wrong?.let { say(it.said) }
        }
    if (why != null) {
        Text(why, Modifier.semantics { liveRegion = LiveRegionMode.Polite }, style = Type.state, color = colours.quiet)
    }
    Do(say("compose.send"), { act(ComposeAction.Send) }, Modifier.fillMaxWidth(), Weight.MAIN, Icons.Send, enabled = state.ready, why = why)
}
