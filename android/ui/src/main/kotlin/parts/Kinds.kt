package tandem.ui.parts

import androidx.compose.ui.graphics.vector.ImageVector
import tandem.ui.marks.Icons

/** The drawing beside a kind's name; one that this version does not know has the plainest. */
fun kindIcon(kind: String): ImageVector =
    when (kind) {
        "concern" -> Icons.Concern
        "step" -> Icons.Step
        else -> Icons.Message
    }
