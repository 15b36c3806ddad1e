package tandem.ui.thread

import androidx.compose.foundation.border
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.PaddingValues
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.lazy.LazyColumn
import androidx.compose.foundation.lazy.LazyListLayoutInfo
import androidx.compose.foundation.lazy.items
import androidx.compose.foundation.lazy.rememberLazyListState
import androidx.compose.foundation.shape.RoundedCornerShape
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.DisposableEffect
import androidx.compose.runtime.LaunchedEffect
import androidx.compose.runtime.remember
import androidx.compose.runtime.snapshotFlow
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.semantics.LiveRegionMode
import androidx.compose.ui.semantics.heading
import androidx.compose.ui.semantics.liveRegion
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.text.style.TextAlign
import androidx.compose.ui.unit.dp
import kotlinx.coroutines.flow.distinctUntilChanged
import kotlinx.coroutines.flow.first
import tandem.screens.ThreadAction
import tandem.screens.ThreadItem
import tandem.screens.ThreadState
import tandem.screens.orNull
import tandem.ui.marks.Icons
import tandem.ui.marks.drawing
import tandem.ui.parts.Aside
import tandem.ui.parts.Note
import tandem.ui.parts.Outside
import tandem.ui.theme.Type
import tandem.ui.theme.colours
import tandem.ui.words.LocalSay
import java.time.LocalDate
import tandem.words.Aside as Warning

/** What was said, the newest at the thumb. Only what is on the screen is made. */
@Composable
internal fun Lines(
    state: ThreadState,
    items: List<ThreadItem>,
    act: (ThreadAction) -> Unit,
    outside: Outside,
) {
    val say = LocalSay.current
    val list = rememberLazyListState()
    val newestFirst = remember(items) { items.asReversed() }
    val newestOwn = remember(items) { items.lastOrNull { it is ThreadItem.Entry && it.row.mine }?.key }
    val entries = remember(items) { items.filterIsInstance<ThreadItem.Entry>().mapTo(HashSet()) { it.key } }
    LaunchedEffect(list, entries) {
        snapshotFlow {
            list.layoutInfo.visibleItemsInfo.mapNotNullTo(LinkedHashSet()) { line -> (line.key as? String)?.takeIf { it in entries } }
        }
            .distinctUntilChanged()
            .collect { act(ThreadAction.OnScreen(it)) }
    }
    DisposableEffect(Unit) { onDispose { act(ThreadAction.OnScreen(emptySet())) } }
    if (state.earlier) {
        LaunchedEffect(list, items.firstOrNull()?.key) {
            snapshotFlow { list.layoutInfo }.first { it.isNearItsEnd }
            act(ThreadAction.Earlier)
        }
    }
    LazyColumn(
        Modifier.fillMaxSize(),
        list,
        PaddingValues(horizontal = 12.dp, vertical = 12.dp),
        reverseLayout = true,
        verticalArrangement = Arrangement.spacedBy(8.dp, Alignment.Top),
    ) {
        state.top.orNull?.words?.closed?.let { closed ->
            // Where "Write" was.
            item("closed") { Note(say(closed), Modifier.padding(top = 8.dp).semantics { liveRegion = LiveRegionMode.Polite }) }
        }
        val warnings = state.top.orNull?.words?.warnings.orEmpty()
        if (warnings.isNotEmpty()) {
            item("warnings") {
                Warnings(warnings)
            }
        }
        items(newestFirst, { it.key }, { it::class }) { item ->
            when (item) {
                is ThreadItem.Day -> DayLine(item.day)
                is ThreadItem.Event -> EventLine(item)
                is ThreadItem.Entry ->
                    Entry(
                        item,
                        Told(state.thread, state.explained == item.key, item.key == newestOwn, state.moving == item.key, state.canWrite),
                        act,
                        outside,
                    )
            }
        }
    }
}

/** The lines that are furthest from the thumb are on the screen, or soon will be. */
private val LazyListLayoutInfo.isNearItsEnd: Boolean
    get() = totalItemsCount > 0 && (visibleItemsInfo.lastOrNull()?.index ?: 0) >= totalItemsCount - AHEAD

private const val AHEAD = 10

@Composable
private fun DayLine(day: LocalDate) {
    val say = LocalSay.current
    val text =
        when (day) {
            say.clock.today -> say("thread.today")
            say.clock.today.minusDays(1) -> say("thread.yesterday")
            else -> say.clock.day(day).replaceFirstChar { it.titlecase(say.clock.locale) }
        }
    Text(
        text,
        Modifier.fillMaxWidth().padding(top = 12.dp, bottom = 4.dp).semantics { heading() },
        style = Type.label,
        color = colours.quiet,
        textAlign = TextAlign.Center,
    )
}

/** Somebody came or went: quiet, in a line of its own. */
@Composable
private fun EventLine(item: ThreadItem.Event) {
    val say = LocalSay.current
    val said = item.words.event ?: return
    Column(Modifier.fillMaxWidth().padding(horizontal = 24.dp, vertical = 4.dp)) {
        Text(say(said), Modifier.fillMaxWidth(), style = Type.state, color = colours.quiet, textAlign = TextAlign.Center)
        for (remark in item.words.remarks) {
            Text(say(remark), Modifier.fillMaxWidth(), style = Type.state, color = colours.quiet, textAlign = TextAlign.Center)
        }
    }
}

/** What to know or be careful about in this thread, where the eye falls first. */
@Composable
private fun Warnings(warnings: List<Warning>) {
    val say = LocalSay.current
    Column(
        Modifier.fillMaxWidth().padding(top = 8.dp).border(1.dp, colours.line, RoundedCornerShape(16.dp)).padding(16.dp),
        verticalArrangement = Arrangement.spacedBy(8.dp),
    ) {
        for (warning in warnings) Aside(say(warning.said), warning.mark?.drawing ?: Icons.Info, warning.needsYou)
    }
}
