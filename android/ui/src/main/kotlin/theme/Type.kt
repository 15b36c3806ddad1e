package tandem.ui.theme

import androidx.compose.ui.text.TextStyle
import androidx.compose.ui.text.font.FontFamily
import androidx.compose.ui.text.font.FontWeight
import androidx.compose.ui.text.style.Hyphens
import androidx.compose.ui.text.style.LineBreak
import androidx.compose.ui.text.style.TextDirection
import androidx.compose.ui.unit.TextUnit
import androidx.compose.ui.unit.em
import androidx.compose.ui.unit.sp

/** The system's type in four sizes. */
object Type {
    /** A screen's title. */
    val title = style(22.sp, FontWeight.Medium)

    /** A row's title, a section's heading. */
    val row = style(17.sp, FontWeight.Medium)

    /** What people say. */
    val body = style(16.sp, FontWeight.Normal)

    /** What can be done. */
    val button = style(16.sp, FontWeight.Medium)

    /** How something stands. */
    val state = style(13.sp, FontWeight.Normal)

    /** What a field or a part is called. */
    val label = style(13.sp, FontWeight.Medium)

    /** Codes and links: each sign is told from each other. */
    val code = style(16.sp, FontWeight.Medium).copy(fontFamily = FontFamily.Monospace, lineBreak = LineBreak.Simple)

    private fun style(size: TextUnit, weight: FontWeight) =
        TextStyle(
            fontFamily = FontFamily.Default,
            fontSize = size,
            fontWeight = weight,
            lineHeight = 1.4.em,
            // Whose words run from the right is seen from the words.
            textDirection = TextDirection.Content,
            lineBreak = LineBreak.Paragraph,
            hyphens = Hyphens.Auto,
        )
}
