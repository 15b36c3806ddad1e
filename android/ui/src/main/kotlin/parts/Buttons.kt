package tandem.ui.parts

import androidx.compose.foundation.BorderStroke
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.FlowRow
import androidx.compose.foundation.layout.FlowRowScope
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.Spacer
import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.size
import androidx.compose.foundation.layout.width
import androidx.compose.foundation.layout.widthIn
import androidx.compose.foundation.shape.RoundedCornerShape
import androidx.compose.material3.Icon
import androidx.compose.material3.IconButton
import androidx.compose.material3.Surface
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.graphics.Color
import androidx.compose.ui.graphics.vector.ImageVector
import androidx.compose.ui.semantics.Role
import androidx.compose.ui.semantics.contentDescription
import androidx.compose.ui.semantics.role
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.semantics.stateDescription
import androidx.compose.ui.text.style.TextAlign
import androidx.compose.ui.unit.dp
import tandem.ui.theme.Type
import tandem.ui.theme.colours

/** How much a button asks for. */
enum class Weight {
    /** The one thing that a screen is for. */
    MAIN,

    /** What else can be done. */
    SIDE,

    /** What can be done, said quietly. */
    QUIET,

    /** What can't be undone. */
    FINAL,

    /** Leads to something that can't be undone; that asks first. */
    TOWARDS_FINAL,
}

private class Look(
    val ground: Color,
    val ink: Color,
    val edge: Color? = null,
)

@Composable
private fun Weight.look(): Look =
    when (this) {
        Weight.MAIN -> Look(colours.accentInk, colours.onAccent)
        Weight.SIDE -> Look(Color.Transparent, colours.accentInk, colours.edge)
        Weight.QUIET -> Look(Color.Transparent, colours.accentInk)
        Weight.FINAL -> Look(colours.red, colours.onRed)
        Weight.TOWARDS_FINAL -> Look(Color.Transparent, colours.red)
    }

/**
 * A button with words on it. `why` says what is missing while it can't be used: it stays readable then,
 * for a grey that nobody can read explains nothing.
 */
@Composable
fun Do(
    text: String,
    onClick: () -> Unit,
    modifier: Modifier = Modifier,
    weight: Weight = Weight.SIDE,
    icon: ImageVector? = null,
    enabled: Boolean = true,
    why: String? = null,
) {
    val look = weight.look()
    val ink = if (enabled) look.ink else colours.quiet
    Surface(
        onClick = onClick,
        enabled = enabled,
        modifier =
            modifier.heightIn(min = 48.dp).widthIn(min = 48.dp).semantics {
                role = Role.Button
                if (why != null) stateDescription = why
            },
        shape = RoundedCornerShape(16.dp),
        color = if (enabled || look.ground == Color.Transparent) look.ground else colours.raised,
        contentColor = ink,
        border = (look.edge ?: colours.edge.takeIf { !enabled && weight == Weight.MAIN })?.let { BorderStroke(1.dp, it) },
    ) {
        Row(
            Modifier.padding(horizontal = if (weight == Weight.QUIET || weight == Weight.TOWARDS_FINAL) 12.dp else 16.dp, vertical = 10.dp),
            horizontalArrangement = Arrangement.Center,
            verticalAlignment = Alignment.CenterVertically,
        ) {
            if (icon != null) {
                Icon(icon, null, Modifier.size(beside(20)))
                Spacer(Modifier.width(8.dp))
            }
            Text(text, style = Type.button, textAlign = TextAlign.Center)
        }
    }
}

/** A button that is a drawing; `name` is what it does, for whoever does not see it. */
@Composable
fun DoIcon(
    icon: ImageVector,
    name: String,
    onClick: () -> Unit,
    modifier: Modifier = Modifier,
) {
    IconButton(
        onClick = onClick,
        modifier =
            modifier.size(48.dp).semantics {
                contentDescription = name
                role = Role.Button
            },
    ) {
        Icon(icon, null, Modifier.size(24.dp), tint = colours.ink)
    }
}

/** Buttons beside each other, and under each other where they have no room. */
@Composable
fun Buttons(
    modifier: Modifier = Modifier,
    end: Boolean = false,
    content: @Composable FlowRowScope.() -> Unit,
) {
    FlowRow(
        modifier,
        horizontalArrangement = Arrangement.spacedBy(8.dp, if (end) Alignment.End else Alignment.Start),
        verticalArrangement = Arrangement.spacedBy(8.dp),
        content = content,
    )
}
