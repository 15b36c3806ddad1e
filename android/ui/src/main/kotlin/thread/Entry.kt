package tandem.ui.thread

import androidx.compose.animation.animateContentSize
import androidx.compose.animation.core.snap
import androidx.compose.animation.core.tween
import androidx.compose.foundation.background
import androidx.compose.foundation.clickable
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.FlowRow
import androidx.compose.foundation.layout.IntrinsicSize
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.Spacer
import androidx.compose.foundation.layout.fillMaxHeight
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.height
import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.size
import androidx.compose.foundation.layout.width
import androidx.compose.foundation.shape.RoundedCornerShape
import androidx.compose.material3.Icon
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.draw.clip
import androidx.compose.ui.semantics.Role
import androidx.compose.ui.text.style.TextOverflow
import androidx.compose.ui.unit.IntSize
import androidx.compose.ui.unit.dp
import tandem.engine.ThreadId
import tandem.screens.Place
import tandem.screens.Quoted
import tandem.screens.ThreadAction
import tandem.screens.ThreadItem
import tandem.ui.marks.Icons
import tandem.ui.parts.Buttons
import tandem.ui.parts.Do
import tandem.ui.parts.Outside
import tandem.ui.parts.Weight
import tandem.ui.parts.beside
import tandem.ui.parts.kindIcon
import tandem.ui.theme.LocalMotion
import tandem.ui.theme.Type
import tandem.ui.theme.colours
import tandem.ui.words.LocalSay
import tandem.ui.words.Say
import tandem.words.ArgValue
import tandem.words.Part

/** How much is told of an entry just now. */
internal class Told(
    val thread: ThreadId,
    /** It was touched: what its mark means, and what can be done with it. */
    val all: Boolean,
    /** The newest own one says where it is without being asked. */
    val newestOwn: Boolean,
    /** Its step is being moved. */
    val moving: Boolean,
    /** It can be answered. */
    val answerable: Boolean,
)

/** Something that was said. Touched, it says what its mark means and what can be done with it. */
@Composable
internal fun Entry(
    item: ThreadItem.Entry,
    told: Told,
    act: (ThreadAction) -> Unit,
    outside: Outside,
) {
    val say = LocalSay.current
    val row = item.row
    val motion = if (LocalMotion.current) tween<IntSize>(150) else snap()
    Column(
        Modifier
            .fillMaxWidth()
            // Whose it is shows in where it stands, too.
            .padding(start = if (row.mine) 32.dp else 0.dp, end = if (row.mine) 0.dp else 32.dp)
            .clip(RoundedCornerShape(16.dp))
            .background(if (row.mine) colours.soft else colours.raised)
            .clickable(onClickLabel = say(if (told.all) "thread.less" else "thread.more"), role = Role.Button) {
                act(ThreadAction.Explain(row.entry))
            }.animateContentSize(motion)
            .heightIn(min = 56.dp)
            .padding(horizontal = 16.dp, vertical = 12.dp),
        verticalArrangement = Arrangement.spacedBy(8.dp),
    ) {
        EntryHead(item)
        item.answers?.let { Quote(it) }
        Parts(item.words.parts)
        for (remark in item.words.remarks) Text(say(remark), style = Type.state, color = colours.quiet)
        if (item.words.moves.isNotEmpty()) Moves(item, told, act)
        item.words.stands?.let { StandsLine(it, item, told, act, outside) }
        if (told.all) More(item, told, outside)
    }
}

@Composable
private fun EntryHead(item: ThreadItem.Entry) {
    val say = LocalSay.current
    val row = item.row
    FlowRow(Modifier.fillMaxWidth(), horizontalArrangement = Arrangement.SpaceBetween, itemVerticalAlignment = Alignment.CenterVertically) {
        FlowRow(
            Modifier.padding(end = 8.dp),
            horizontalArrangement = Arrangement.spacedBy(6.dp),
            itemVerticalAlignment = Alignment.CenterVertically,
        ) {
            if (row.kind != "message") {
                Icon(kindIcon(row.kind), null, Modifier.size(beside(18)), tint = colours.accent)
                Text(say(item.words.kind), style = Type.label, color = colours.quiet)
                Text("·", style = Type.label, color = colours.quiet)
            }
            Text(if (row.mine) say("person.you") else say.name(row.author.name), style = Type.label, color = colours.accentInk)
        }
        Text(say.clock.time(row.at), style = Type.state, color = colours.quiet)
    }
}

/** What it answers. */
@Composable
internal fun Quote(quoted: Quoted) {
    val say = LocalSay.current
    Row(Modifier.fillMaxWidth().height(IntrinsicSize.Min)) {
        Spacer(Modifier.width(3.dp).fillMaxHeight().clip(RoundedCornerShape(2.dp)).background(colours.accent))
        Column(Modifier.padding(start = 10.dp)) {
            val said = quoted.said
            if (said == null) {
                Text(say("thread.answers_unknown"), style = Type.state, color = colours.ink)
            } else {
                Text(
                    say("thread.answers", "who" to ArgValue.Text(said.author.name.ifBlank { say("someone.anyone") })),
                    style = Type.label,
                    color = colours.ink,
                )
                Text(Say.line(said.line), style = Type.state, color = colours.ink, maxLines = 2, overflow = TextOverflow.Ellipsis)
            }
        }
    }
}

/** The parts of what was said: somebody's words under their labels, then what is said in ours, side by side. */
@Composable
internal fun Parts(parts: List<Part>) {
    val say = LocalSay.current
    val (ours, theirs) = parts.partition { it.said != null }
    for (part in theirs) {
        Column {
            part.label?.let { Text(say(it), style = Type.label, color = colours.quiet) }
            Text(part.text.orEmpty(), style = Type.body, color = colours.ink)
        }
    }
    if (ours.isEmpty()) return
    FlowRow(horizontalArrangement = Arrangement.spacedBy(24.dp), verticalArrangement = Arrangement.spacedBy(8.dp)) {
        for (part in ours) {
            Column {
                part.label?.let { Text(say(it), style = Type.label, color = colours.quiet) }
                part.said?.let { Text(say(it), style = Type.body, color = colours.ink) }
            }
        }
    }
}

@Composable
private fun Moves(
    item: ThreadItem.Entry,
    told: Told,
    act: (ThreadAction) -> Unit,
) {
    val say = LocalSay.current
    Buttons {
        for (move in item.words.moves) {
            Do(
                say(move.label),
                { act(ThreadAction.Move(item.row.entry, move.state)) },
                enabled = !told.moving,
                why = if (told.moving) say("common.loading") else null,
            )
        }
    }
}

/** What can be done with it: answer it, take its words somewhere else. */
@Composable
private fun More(
    item: ThreadItem.Entry,
    told: Told,
    outside: Outside,
) {
    val say = LocalSay.current
    Buttons {
        if (told.answerable) {
            Do(say("thread.answer"), { outside.go(Place.Compose(told.thread, item.row.entry)) }, weight = Weight.QUIET, icon = Icons.Answer)
        }
        Do(say("remedy.copy_text"), { outside.copy(plain(item, say)) }, weight = Weight.QUIET, icon = Icons.Copy)
    }
}

/** An entry as text that can go anywhere. */
internal fun plain(
    item: ThreadItem.Entry,
    say: Say,
): String =
    item.words.parts.joinToString("\n") { part ->
        val words = part.said?.let { say(it) } ?: part.text.orEmpty()
        part.label?.let { "${say(it)}: $words" } ?: words
    }
