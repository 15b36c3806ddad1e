package tandem.ui.thread

import androidx.compose.foundation.clickable
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.size
import androidx.compose.material3.Icon
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.semantics.Role
import androidx.compose.ui.text.style.TextOverflow
import androidx.compose.ui.unit.dp
import tandem.screens.InboxItem
import tandem.screens.Loaded
import tandem.screens.Place
import tandem.screens.ThreadAction
import tandem.screens.ThreadState
import tandem.screens.orNull
import tandem.ui.marks.Icons
import tandem.ui.parts.Do
import tandem.ui.parts.Head
import tandem.ui.parts.HonestLine
import tandem.ui.parts.Missing
import tandem.ui.parts.Nothing
import tandem.ui.parts.Outside
import tandem.ui.parts.ProblemNote
import tandem.ui.parts.Reading
import tandem.ui.parts.Screen
import tandem.ui.parts.Weight
import tandem.ui.parts.beside
import tandem.ui.parts.names
import tandem.ui.theme.Type
import tandem.ui.theme.colours
import tandem.ui.words.Knowing
import tandem.ui.words.LocalSay
import tandem.ui.words.Say

/** One thread as it is read. */
@Composable
fun ThreadScreen(
    state: ThreadState,
    act: (ThreadAction) -> Unit,
    outside: Outside,
) {
    val top = state.top.orNull
    Knowing(state.around.names) { say ->
        Screen(
            head = { ThreadHead(top, state, outside) },
            footed = state.problem != null || state.canWrite,
            foot = {
                ProblemNote(state.problem, { act(ThreadAction.Read) })
                if (state.canWrite) {
                    Do(
                        say(if (state.draft) "thread.write_on" else "common.write"),
                        { outside.go(Place.Compose(state.thread)) },
                        Modifier.fillMaxWidth(),
                        Weight.MAIN,
                        Icons.Write,
                    )
                }
            },
        ) {
            when (val items = state.items) {
                Loaded.Reading -> Reading()
                is Loaded.Missing -> Missing(items.why) { act(ThreadAction.TryNow) }
                is Loaded.Here ->
                    if (items.value.isEmpty()) {
                        Nothing(Icons.Message, say("thread.empty_title"), say("thread.empty"))
                    } else {
                        Lines(state, items.value, act, outside)
                    }
            }
        }
    }
}

@Composable
private fun ThreadHead(
    top: InboxItem?,
    state: ThreadState,
    outside: Outside,
) {
    val say = LocalSay.current
    Head(
        top?.let { Say.line(it.row.title) } ?: say("thread.title"),
        outside.back,
        theirs = top != null,
        lines = {
            if (top != null) {
                Row(
                    Modifier.fillMaxWidth().heightIn(min = 48.dp).clickable(
                        onClickLabel = say("members.title"),
                        role = Role.Button,
                    ) { outside.go(Place.Members(state.thread)) },
                    horizontalArrangement = Arrangement.spacedBy(6.dp),
                    verticalAlignment = Alignment.CenterVertically,
                ) {
                    Icon(Icons.People, null, Modifier.size(beside(20)), tint = colours.accent)
                    val people = if (top.row.people.isEmpty()) say("thread.only_you") else names(top.row.people)
                    Text(
                        people,
                        Modifier.weight(1f, fill = false),
                        style = Type.label,
                        color = colours.accentInk,
                        maxLines = 2,
                        overflow = TextOverflow.Ellipsis,
                    )
                    Icon(Icons.Next, null, Modifier.size(beside(16)), tint = colours.accent)
                }
                HonestLine(say(top.words.fresh))
            }
        },
    )
}
