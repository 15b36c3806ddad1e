package tandem.ui.parts

import androidx.compose.foundation.background
import androidx.compose.foundation.clickable
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.ColumnScope
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.RowScope
import androidx.compose.foundation.layout.Spacer
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.layout.imePadding
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.safeDrawingPadding
import androidx.compose.foundation.layout.size
import androidx.compose.foundation.layout.widthIn
import androidx.compose.foundation.rememberScrollState
import androidx.compose.foundation.verticalScroll
import androidx.compose.material3.HorizontalDivider
import androidx.compose.material3.Icon
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.semantics.LiveRegionMode
import androidx.compose.ui.semantics.Role
import androidx.compose.ui.semantics.heading
import androidx.compose.ui.semantics.liveRegion
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.text.style.TextOverflow
import androidx.compose.ui.unit.dp
import tandem.ui.marks.Icons
import tandem.ui.theme.Type
import tandem.ui.theme.colours
import tandem.ui.words.LocalSay

/** How wide words run at most; what is wider is hard to read. */
private val COLUMN = 640.dp

/** A screen: its head, what it holds, and at the thumb what it is for. */
@Composable
fun Screen(
    head: @Composable () -> Unit,
    /** Whether there is anything at the thumb just now. */
    footed: Boolean = false,
    foot: @Composable ColumnScope.() -> Unit = {},
    content: @Composable () -> Unit,
) {
    Box(Modifier.fillMaxSize().background(colours.ground).safeDrawingPadding().imePadding(), Alignment.TopCenter) {
        Column(Modifier.widthIn(max = COLUMN).fillMaxSize()) {
            head()
            HorizontalDivider(color = colours.line)
            Box(Modifier.weight(1f).fillMaxWidth()) { content() }
            if (footed) {
                HorizontalDivider(color = colours.line)
                Column(
                    Modifier.fillMaxWidth().padding(horizontal = 16.dp, vertical = 8.dp),
                    verticalArrangement = Arrangement.spacedBy(8.dp),
                    content = foot,
                )
            }
        }
    }
}

/**
 * The head of a screen. `lines` stand under the title; `theirs`: somebody named it, so it may end in dots
 * where it is too long.
 */
@Composable
fun Head(
    title: String,
    back: (() -> Unit)? = null,
    theirs: Boolean = false,
    actions: @Composable RowScope.() -> Unit = {},
    lines: @Composable ColumnScope.() -> Unit = {},
) {
    val say = LocalSay.current
    val words = @Composable { place: Modifier ->
        Text(
            title,
            place.padding(top = 8.dp).semantics { heading() },
            style = Type.title,
            maxLines = if (theirs) 2 else Int.MAX_VALUE,
            overflow = if (theirs) TextOverflow.Ellipsis else TextOverflow.Clip,
        )
    }
    // In large type the title has the whole width, under what can be touched.
    val under = largeType
    Column(Modifier.fillMaxWidth().padding(top = 8.dp, bottom = 8.dp)) {
        Row(
            Modifier.fillMaxWidth().heightIn(min = 48.dp).padding(start = if (back == null) 16.dp else 4.dp, end = 4.dp),
            horizontalArrangement = Arrangement.spacedBy(4.dp),
        ) {
            if (back != null) DoIcon(Icons.Back, say("common.back"), back)
            if (under) Spacer(Modifier.weight(1f)) else words(Modifier.weight(1f))
            actions()
        }
        Column(Modifier.padding(start = if (back == null || under) 16.dp else 56.dp, end = 16.dp)) {
            if (under) words(Modifier)
            lines()
        }
    }
}

/** How fresh this screen is. It is read out when it changes; `open` leads to what waits. */
@Composable
fun HonestLine(
    text: String,
    open: (() -> Unit)? = null,
    opens: String? = null,
) {
    if (text.isBlank()) return
    val live = Modifier.semantics { liveRegion = LiveRegionMode.Polite }
    if (open == null) {
        Text(text, live.padding(top = 2.dp), style = Type.state, color = colours.quiet)
        return
    }
    Row(
        Modifier.fillMaxWidth().heightIn(min = 48.dp).clickable(onClickLabel = opens, role = Role.Button, onClick = open),
        verticalAlignment = Alignment.CenterVertically,
    ) {
        Text(text, live.weight(1f, fill = false), style = Type.state, color = colours.quiet)
        Icon(Icons.Next, null, Modifier.padding(start = 4.dp).size(16.dp), tint = colours.quiet)
    }
}

/** What a screen holds when it is not a list: it scrolls, so that nothing is out of reach. */
@Composable
fun Page(content: @Composable ColumnScope.() -> Unit) {
    Column(
        Modifier.fillMaxSize().verticalScroll(rememberScrollState()).padding(horizontal = 16.dp, vertical = 16.dp),
        verticalArrangement = Arrangement.spacedBy(16.dp),
        content = content,
    )
}

/** What stands over a part of a screen. */
@Composable
fun Section(
    text: String,
    modifier: Modifier = Modifier,
) {
    Text(text, modifier.semantics { heading() }.padding(top = 8.dp), style = Type.row, color = colours.ink)
}
