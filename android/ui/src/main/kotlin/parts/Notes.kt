package tandem.ui.parts

import androidx.compose.foundation.background
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.BoxScope
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.ColumnScope
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.size
import androidx.compose.foundation.shape.RoundedCornerShape
import androidx.compose.material3.Icon
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.draw.clip
import androidx.compose.ui.graphics.vector.ImageVector
import androidx.compose.ui.platform.LocalDensity
import androidx.compose.ui.semantics.LiveRegionMode
import androidx.compose.ui.semantics.liveRegion
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.text.TextStyle
import androidx.compose.ui.unit.dp
import androidx.compose.ui.unit.sp
import tandem.screens.Problem
import tandem.ui.marks.Icons
import tandem.ui.theme.Type
import tandem.ui.theme.colours
import tandem.ui.words.LocalSay
import kotlin.math.roundToInt

/** Something that is said apart from the rest; amber when it needs somebody. */
@Composable
fun Note(
    text: String,
    modifier: Modifier = Modifier,
    needsYou: Boolean = false,
    icon: ImageVector = if (needsYou) Icons.Hand else Icons.Info,
    below: (@Composable ColumnScope.() -> Unit)? = null,
) {
    val ground = if (needsYou) colours.amberSoft else colours.raised
    val ink = if (needsYou) colours.onAmber else colours.ink
    Row(
        modifier.fillMaxWidth().clip(RoundedCornerShape(16.dp)).background(ground).padding(16.dp),
        horizontalArrangement = Arrangement.spacedBy(12.dp),
    ) {
        Icon(icon, null, Modifier.size(24.dp), tint = if (needsYou) colours.amber else colours.accent)
        Column(Modifier.weight(1f), verticalArrangement = Arrangement.spacedBy(8.dp)) {
            Text(text, style = Type.body, color = ink)
            below?.invoke(this)
        }
    }
}

/** What went wrong, until it was read. */
@Composable
fun ProblemNote(
    problem: Problem?,
    read: (() -> Unit)?,
    modifier: Modifier = Modifier,
) {
    if (problem == null) return
    val say = LocalSay.current
    Note(say(problem.said), modifier.semantics { liveRegion = LiveRegionMode.Polite }, needsYou = true) {
        if (read != null) Do(say("common.ok"), read, weight = Weight.QUIET)
    }
}

/** Where nothing is yet: what will come, and who can begin it. */
@Composable
fun Nothing(
    icon: ImageVector,
    title: String,
    text: String,
    below: @Composable ColumnScope.() -> Unit = {},
) {
    Page {
        Icon(icon, null, Modifier.padding(top = 24.dp).size(40.dp), tint = colours.accent)
        Text(title, style = Type.title)
        Text(text, style = Type.body, color = colours.quiet)
        below()
    }
}

/** What is on this phone is being read. Words, not a wheel. */
@Composable
fun Reading() {
    Page { Text(LocalSay.current("common.loading"), Modifier.padding(top = 24.dp), style = Type.body, color = colours.quiet) }
}

/** What is here can't be read; why, and another try. */
@Composable
fun Missing(
    why: Problem,
    again: () -> Unit,
) {
    val say = LocalSay.current
    Page {
        Note(say(why.said), Modifier.semantics { liveRegion = LiveRegionMode.Polite }, needsYou = true) {
            Do(say("remedy.try_now"), again, icon = Icons.Again)
        }
    }
}

/** A sentence beside something, with its shorthand; amber when it needs somebody. */
@Composable
fun Aside(
    text: String,
    icon: ImageVector,
    needsYou: Boolean = false,
) = Marked(
    Type.state,
    { Icon(icon, null, Modifier.fillMaxSize(), tint = if (needsYou) colours.amber else colours.quiet) },
    { Text(text, it, style = Type.state, color = if (needsYou) colours.onAmber else colours.quiet) },
)

/** Words with a shorthand before them, in the middle of their first line. All words that have one begin at the same place. */
@Composable
fun Marked(
    style: TextStyle,
    mark: @Composable BoxScope.() -> Unit,
    words: @Composable (Modifier) -> Unit,
) {
    val (side, middle) = with(LocalDensity.current) { 16.sp.toDp() to (style.fontSize.toPx() * MIDDLE).roundToInt() }
    Row(horizontalArrangement = Arrangement.spacedBy(6.dp)) {
        Box(Modifier.alignBy { it.measuredHeight / 2 + middle }.size(side), Alignment.Center, content = mark)
        words(Modifier.alignByBaseline())
    }
}

/** How far over its foot a letter's middle is, in sizes of type. */
private const val MIDDLE = 0.36f
