package tandem.ui.inbox

import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.PaddingValues
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.lazy.LazyColumn
import androidx.compose.foundation.lazy.items
import androidx.compose.material3.ExperimentalMaterial3Api
import androidx.compose.material3.HorizontalDivider
import androidx.compose.material3.pulltorefresh.PullToRefreshBox
import androidx.compose.runtime.Composable
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.saveable.rememberSaveable
import androidx.compose.runtime.setValue
import androidx.compose.ui.Modifier
import androidx.compose.ui.unit.dp
import tandem.screens.InboxAction
import tandem.screens.InboxItem
import tandem.screens.InboxState
import tandem.screens.Loaded
import tandem.screens.Place
import tandem.screens.Write
import tandem.ui.marks.Icons
import tandem.ui.marks.drawing
import tandem.ui.parts.Do
import tandem.ui.parts.DoIcon
import tandem.ui.parts.Head
import tandem.ui.parts.HonestLine
import tandem.ui.parts.Missing
import tandem.ui.parts.Nothing
import tandem.ui.parts.Outside
import tandem.ui.parts.ProblemNote
import tandem.ui.parts.Reading
import tandem.ui.parts.Screen
import tandem.ui.parts.Weight
import tandem.ui.theme.colours
import tandem.ui.words.Knowing
import tandem.ui.words.LocalSay
import tandem.words.Mark

/** All threads of this phone. Pulled down, it looks at once whether there is something new. */
@OptIn(ExperimentalMaterial3Api::class)
@Composable
fun InboxScreen(
    state: InboxState,
    act: (InboxAction) -> Unit,
    outside: Outside,
) {
    var choosing by rememberSaveable { mutableStateOf(false) }
    Knowing(state.around.names) { say ->
        Screen(
            head = { InboxHead(state, outside) },
            footed = state.write != null,
            foot = {
                val write = {
                    when (val write = state.write) {
                        is Write.In -> outside.go(Place.Compose(write.thread))
                        is Write.Choose -> choosing = true
                        null -> Unit
                    }
                }
                Do(say("common.write"), write, Modifier.fillMaxWidth(), Weight.MAIN, Icons.Write)
            },
        ) {
            when (val rows = state.rows) {
                Loaded.Reading -> Reading()
                is Loaded.Missing -> Missing(rows.why) { act(InboxAction.LookNow) }
                is Loaded.Here ->
                    PullToRefreshBox(state.looking, { act(InboxAction.LookNow) }) {
                        if (rows.value.isEmpty()) Empty(state, act, outside) else Rows(state, rows.value, act, outside)
                    }
            }
        }
        state.founding?.let { Found(it, act) }
        (state.write as? Write.Choose)?.takeIf { choosing }?.let { write ->
            Choose(write.among, { choosing = false }) {
                choosing = false
                outside.go(Place.Compose(it))
            }
        }
    }
}

@Composable
private fun InboxHead(
    state: InboxState,
    outside: Outside,
) {
    val say = LocalSay.current
    Head(
        say("inbox.title"),
        actions = {
            DoIcon(Icons.Link, say("inbox.join"), { outside.go(Place.Join()) })
            DoIcon(Mark.CLOCK.drawing, say("waiting.title"), { outside.go(Place.Waiting) })
            DoIcon(Icons.Info, say("about.title"), { outside.go(Place.About) })
        },
        lines = { HonestLine(say(state.line)) },
    )
}

@Composable
private fun Rows(
    state: InboxState,
    rows: List<InboxItem>,
    act: (InboxAction) -> Unit,
    outside: Outside,
) {
    val say = LocalSay.current
    LazyColumn(Modifier.fillMaxSize(), contentPadding = PaddingValues(bottom = 16.dp)) {
        item("problem") {
            Box(
                Modifier.padding(
                    if (state.problem ==
                        null
                    ) {
                        0.dp
                    } else {
                        16.dp
                    },
                ),
            ) { ProblemNote(state.problem, { act(InboxAction.Read) }) }
        }
        items(state.joins, { "join ${it.row.thread} ${it.row.since} ${it.row.knocking}" }) {
            JoinNote(it, state.looking, { act(InboxAction.LookNow) }, outside, Modifier.padding(horizontal = 16.dp, vertical = 8.dp))
        }
        items(rows, { it.row.thread }) { item ->
            InboxLine(item, item.row.thread in state.drafts) { outside.go(Place.Thread(item.row.thread)) }
            HorizontalDivider(Modifier.padding(start = 16.dp), color = colours.line)
        }
        if (state.canFound) {
            item("found") {
                Box(Modifier.padding(8.dp)) { Do(say("inbox.found"), { act(InboxAction.FoundBegin) }, weight = Weight.QUIET) }
            }
        }
    }
}

@Composable
private fun Empty(
    state: InboxState,
    act: (InboxAction) -> Unit,
    outside: Outside,
) {
    val say = LocalSay.current
    Nothing(Icons.Message, say("inbox.empty_title"), if (state.canFound) say("inbox.empty_founder") else say("inbox.empty")) {
        ProblemNote(state.problem, { act(InboxAction.Read) })
        for (join in state.joins) JoinNote(join, state.looking, { act(InboxAction.LookNow) }, outside)
        if (state.canFound) {
            Do(say("inbox.found"), { act(InboxAction.FoundBegin) }, Modifier.fillMaxWidth(), Weight.MAIN)
        }
        Do(say("inbox.join"), { outside.go(Place.Join()) }, Modifier.fillMaxWidth(), icon = Icons.Link)
    }
}
