package tandem.ui.waiting

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.PaddingValues
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.size
import androidx.compose.foundation.lazy.LazyColumn
import androidx.compose.foundation.lazy.items
import androidx.compose.material3.HorizontalDivider
import androidx.compose.material3.Icon
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Modifier
import androidx.compose.ui.text.style.TextOverflow
import androidx.compose.ui.unit.dp
import tandem.bindings.Repair
import tandem.screens.Loaded
import tandem.screens.Place
import tandem.screens.WaitingAction
import tandem.screens.WaitingItem
import tandem.screens.WaitingState
import tandem.ui.inbox.JoinNote
import tandem.ui.marks.Icons
import tandem.ui.marks.drawing
import tandem.ui.parts.Do
import tandem.ui.parts.Head
import tandem.ui.parts.HonestLine
import tandem.ui.parts.Missing
import tandem.ui.parts.Note
import tandem.ui.parts.Nothing
import tandem.ui.parts.Outside
import tandem.ui.parts.ProblemNote
import tandem.ui.parts.Reading
import tandem.ui.parts.Remedies
import tandem.ui.parts.Screen
import tandem.ui.parts.Weight
import tandem.ui.theme.Type
import tandem.ui.theme.colours
import tandem.ui.words.Knowing
import tandem.ui.words.LocalSay
import tandem.ui.words.Say
import tandem.words.ArgValue
import tandem.words.Mark
import tandem.words.Remedy

/** What has not left this phone, what is in its way, and what can be done about it. */
@Composable
fun WaitingScreen(
    state: WaitingState,
    act: (WaitingAction) -> Unit,
    outside: Outside,
) {
    Knowing(state.around.names) { say ->
        Screen(
            head = { Head(say("waiting.title"), outside.back, lines = { HonestLine(say(state.line)) }) },
            footed = true,
            foot = {
                Do(
                    say(if (state.trying) "waiting.trying" else "remedy.try_now"),
                    { act(WaitingAction.TryNow) },
                    Modifier.fillMaxWidth(),
                    Weight.MAIN,
                    Icons.Again,
                    enabled = !state.trying,
                )
            },
        ) {
            when (val items = state.items) {
                Loaded.Reading -> Reading()
                is Loaded.Missing -> Missing(items.why) { act(WaitingAction.TryNow) }
                is Loaded.Here ->
                    if (items.value.isEmpty() && state.joins.isEmpty() && state.repairs.isEmpty() && state.problem == null) {
                        Nothing(Mark.TICK.drawing, say("waiting.empty_title"), say("waiting.empty"))
                    } else {
                        Items(state, items.value, act, outside)
                    }
            }
        }
    }
}

@Composable
private fun Items(
    state: WaitingState,
    items: List<WaitingItem>,
    act: (WaitingAction) -> Unit,
    outside: Outside,
) {
    val inset = Modifier.padding(horizontal = 16.dp, vertical = 8.dp)
    LazyColumn(Modifier.fillMaxSize(), contentPadding = PaddingValues(vertical = 8.dp)) {
        if (state.problem != null) item("problem") { ProblemNote(state.problem, { act(WaitingAction.Read) }, inset) }
        if (state.repairs.isNotEmpty()) item("repairs") { Repairs(state.repairs, { act(WaitingAction.RepairsRead) }, inset) }
        items(state.joins, { "join ${it.row.thread} ${it.row.since} ${it.row.knocking}" }) {
            JoinNote(it, state.trying, { act(WaitingAction.TryNow) }, outside, inset)
        }
        items(items, { it.key }) { item ->
            Item(item, state.trying, act, outside)
            HorizontalDivider(Modifier.padding(start = 16.dp), color = colours.line)
        }
    }
}

/** One thing that waits: what, where, how it stands, and what can be done. */
@Composable
private fun Item(
    item: WaitingItem,
    trying: Boolean,
    act: (WaitingAction) -> Unit,
    outside: Outside,
) {
    val say = LocalSay.current
    val stands = item.words.stands
    val stopped = stands.mark == Mark.STOPPED
    Row(Modifier.fillMaxWidth().padding(horizontal = 16.dp, vertical = 12.dp), horizontalArrangement = Arrangement.spacedBy(12.dp)) {
        Icon(stands.mark.drawing, null, Modifier.size(24.dp), tint = if (stopped) colours.amber else colours.accent)
        Column(Modifier.weight(1f), verticalArrangement = Arrangement.spacedBy(4.dp)) {
            val what = say(item.words.what)
            val title = item.title
            Text(
                if (title == null) what else say("waiting.what_in", "what" to ArgValue.Text(what), "title" to ArgValue.Text(title)),
                style = Type.row,
            )
            item.text?.let { Text(Say.line(it), style = Type.body, color = colours.quiet, maxLines = 2, overflow = TextOverflow.Ellipsis) }
            Text(say(stands.sentences), style = Type.state, color = if (stopped) colours.onAmber else colours.ink)
            Remedies(stands.remedies, Modifier.padding(top = 4.dp), trying) { remedy ->
                when (remedy) {
                    Remedy.TRY_NOW -> null
                    Remedy.COPY_TEXT -> item.text?.let { { outside.copy(it) } }
                    Remedy.ASK_FOR_LINK -> ({ outside.go(Place.Join()) })
                    Remedy.SHOW_MEMBERS -> ({ outside.go(Place.Members(item.row.thread)) })
                    Remedy.UPDATE_APP -> outside.update
                    Remedy.ASK_SCHOOL -> null
                }
            }
        }
    }
}

/** What became of a home that was damaged. */
@Composable
private fun Repairs(
    repairs: List<Repair>,
    read: () -> Unit,
    modifier: Modifier,
) {
    val say = LocalSay.current
    val said =
        repairs.joinToString("\n") {
            say("waiting.repaired", "kept" to ArgValue.Count(it.kept), "lost" to ArgValue.Count(it.lost))
        }
    Note(said, modifier, needsYou = true) { Do(say("common.ok"), read, weight = Weight.QUIET) }
}
