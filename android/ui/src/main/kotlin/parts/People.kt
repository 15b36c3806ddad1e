package tandem.ui.parts

import androidx.compose.foundation.background
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.size
import androidx.compose.foundation.shape.RoundedCornerShape
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.draw.clip
import androidx.compose.ui.platform.LocalDensity
import androidx.compose.ui.semantics.clearAndSetSemantics
import androidx.compose.ui.text.TextStyle
import androidx.compose.ui.unit.dp
import androidx.compose.ui.unit.sp
import tandem.engine.Author
import tandem.ui.theme.Type
import tandem.ui.theme.colours
import tandem.ui.words.LocalSay
import tandem.ui.words.Say

/** Initials in a soft square, beside a name: never a picture. It says nothing that the name does not say. */
@Composable
fun Initials(name: String) {
    // It grows with the type, and not as far.
    val side = minOf(with(LocalDensity.current) { 40.sp.toDp() }, 56.dp)
    val type = with(LocalDensity.current) { (side * 0.4f).toSp() }
    Box(
        Modifier.size(side).clip(RoundedCornerShape(12.dp)).background(colours.soft).clearAndSetSemantics {},
        Alignment.Center,
    ) {
        Text(initials(name), style = Type.row.merge(TextStyle(fontSize = type)), color = colours.onSoft, maxLines = 1, softWrap = false)
    }
}

/** `MR` for Ms Rivera, `M` for Maya; a dot for who has no name yet. */
internal fun initials(name: String): String {
    val words = Say.line(name).split(' ').filter { it.firstOrNull()?.isLetterOrDigit() == true }
    val first = words.firstOrNull()?.let(::letter) ?: return "·"
    // Where letters are joined, two single ones are no initials.
    val last = words.drop(1).lastOrNull()?.takeIf { first.codePointAt(0) < 0x0590 }?.let(::letter).orEmpty()
    return first + last
}

private fun letter(word: String) = word.substring(0, word.offsetByCodePoints(0, 1)).uppercase()

/** Names of people, as they stand in the text. */
@Composable
fun names(people: List<Author>): String {
    val say = LocalSay.current
    return say.list(people.map { say.name(it.name) })
}
