package tandem.ui.inbox

import androidx.compose.foundation.background
import androidx.compose.foundation.clickable
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.size
import androidx.compose.foundation.shape.CircleShape
import androidx.compose.material3.Icon
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Modifier
import androidx.compose.ui.semantics.Role
import androidx.compose.ui.text.font.FontWeight
import androidx.compose.ui.text.style.TextOverflow
import androidx.compose.ui.unit.dp
import tandem.engine.LastLine
import tandem.screens.InboxItem
import tandem.screens.JoinItem
import tandem.screens.Place
import tandem.ui.marks.Icons
import tandem.ui.marks.drawing
import tandem.ui.parts.Aside
import tandem.ui.parts.Initials
import tandem.ui.parts.Marked
import tandem.ui.parts.Note
import tandem.ui.parts.Outside
import tandem.ui.parts.Remedies
import tandem.ui.parts.largeType
import tandem.ui.parts.names
import tandem.ui.theme.Type
import tandem.ui.theme.colours
import tandem.ui.words.LocalSay
import tandem.ui.words.Say
import tandem.words.ArgValue
import tandem.words.Mark
import tandem.words.Remedy
import tandem.words.Stands

/** One thread: whom it is with, its last words, what is new, what waits and what to be careful about. */
@Composable
internal fun InboxLine(
    item: InboxItem,
    draft: Boolean,
    open: () -> Unit,
) {
    val say = LocalSay.current
    val row = item.row
    Row(
        Modifier
            .fillMaxWidth()
            .heightIn(min = 56.dp)
            .clickable(role = Role.Button, onClick = open)
            .padding(horizontal = 16.dp, vertical = 12.dp),
        horizontalArrangement = Arrangement.spacedBy(12.dp),
    ) {
        Initials(row.title)
        Column(Modifier.weight(1f), verticalArrangement = Arrangement.spacedBy(2.dp)) {
            val title = @Composable { place: Modifier ->
                Text(Say.line(row.title), place, style = Type.row, maxLines = 2, overflow = TextOverflow.Ellipsis)
            }
            val time = @Composable { row.last?.let { Text(say.clock.brief(it.at), style = Type.state, color = colours.quiet) } }
            if (!largeType) {
                Row(horizontalArrangement = Arrangement.spacedBy(8.dp)) {
                    title(Modifier.weight(1f))
                    Box(Modifier.padding(top = 3.dp)) { time() }
                }
            } else {
                title(Modifier)
                time()
            }
            if (row.people.isNotEmpty()) {
                Text(names(row.people), style = Type.state, color = colours.quiet, maxLines = 2, overflow = TextOverflow.Ellipsis)
            }
            row.last?.let { Last(it, item.words.last, fresh = row.unseen > 0u && it.delivery == null) }
            if (row.unseen > 0u) Unread(row.unseen)
            if (draft) Aside(say("inbox.draft"), Mark.DRAFT.drawing)
            for (aside in item.words.asides) Aside(say(aside.said), aside.mark?.drawing ?: Icons.Info, aside.needsYou)
        }
    }
}

/** The last words, and whose they are; own ones with how far they got. */
@Composable
private fun Last(
    last: LastLine,
    stands: Stands?,
    fresh: Boolean,
) {
    val say = LocalSay.current
    val text = Say.line(last.text)
    if (stands != null) {
        val far = say(stands.sentences)
        Marked(
            Type.body,
            { Icon(stands.mark.drawing, far, Modifier.fillMaxSize(), tint = colours.quiet) },
            { Words(say("inbox.mine", "text" to ArgValue.Text(text)), fresh, it) },
        )
    } else {
        Words(text, fresh)
    }
}

@Composable
private fun Words(
    text: String,
    fresh: Boolean,
    modifier: Modifier = Modifier,
) {
    Text(
        text,
        modifier,
        style = if (fresh) Type.body.copy(fontWeight = FontWeight.Medium) else Type.body,
        color = if (fresh) colours.ink else colours.quiet,
        maxLines = 2,
        overflow = TextOverflow.Ellipsis,
    )
}

/** What was not read yet: a dot, and what it means. */
@Composable
private fun Unread(count: UInt) {
    val say = LocalSay.current
    Marked(
        Type.label,
        { Box(Modifier.size(10.dp).background(colours.accent, CircleShape)) },
        { Text(say("fresh.unread", "n" to count(count)), it, style = Type.label, color = colours.accentInk) },
    )
}

private fun count(n: UInt) = ArgValue.Count(n.toULong())

/** A join that waits, or was refused. */
@Composable
internal fun JoinNote(
    item: JoinItem,
    busy: Boolean,
    tryNow: () -> Unit,
    outside: Outside,
    modifier: Modifier = Modifier,
) {
    val say = LocalSay.current
    Note(say(item.words.sentences), modifier, needsYou = item.row.knocking != null, icon = Mark.CLOCK.drawing) {
        Remedies(item.words.remedies, busy = busy) { remedy ->
            when (remedy) {
                Remedy.TRY_NOW -> tryNow
                Remedy.ASK_FOR_LINK -> ({ outside.go(Place.Join()) })
                Remedy.SHOW_MEMBERS -> ({ outside.go(Place.Members(item.row.thread)) })
                Remedy.UPDATE_APP -> outside.update
                Remedy.COPY_TEXT, Remedy.ASK_SCHOOL -> null
            }
        }
    }
}
