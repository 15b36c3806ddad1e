package tandem.ui

import androidx.compose.ui.geometry.Rect
import androidx.compose.ui.geometry.Size
import androidx.compose.ui.semantics.SemanticsActions
import androidx.compose.ui.semantics.SemanticsNode
import androidx.compose.ui.semantics.SemanticsOwner
import androidx.compose.ui.semantics.SemanticsProperties
import androidx.compose.ui.semantics.SemanticsPropertyKey
import androidx.compose.ui.semantics.getAllSemanticsNodes
import androidx.compose.ui.semantics.getOrNull
import androidx.compose.ui.text.TextLayoutResult
import androidx.compose.ui.text.font.FontFamily
import androidx.compose.ui.text.style.TextOverflow

/** What is wrong with a screen for whoever can't see it, sees it large, or has a big thumb. */
class Audit(
    private val what: String,
    private val screen: String,
    /** Words that have no room go on in the next line behind a hyphen. */
    private val hyphenates: Boolean = false,
) {
    val wrong = mutableListOf<String>()

    /** Looks at all layers; the last one lies on top and is what can be touched. */
    fun look(owners: Collection<SemanticsOwner>) {
        val density = owners.first().rootSemanticsNode.layoutInfo.density.density
        for (owner in owners) {
            owner.getAllSemanticsNodes(mergingEnabled = true).filter { it.canBeTouched }.forEach { touchable(it, density) }
            owner.getAllSemanticsNodes(mergingEnabled = false).forEach { text(it) }
        }
        val all = owners.flatMap { it.getAllSemanticsNodes(mergingEnabled = false) }
        if (all.none { it.has(SemanticsProperties.Heading) }) complain("has no heading")
        if (screen in FRESH && NOTHING.none { it in what } && all.none { it.has(SemanticsProperties.LiveRegion) }) {
            complain("does not read out how fresh it is")
        }
        val scrolls = all.filter { it.has(SemanticsProperties.VerticalScrollAxisRange) }
        val room = scrolls.maxOfOrNull { it.size.height / density } ?: return
        if (room < LEAST_ROOM) complain("leaves $room dp for what it is about")
    }

    private fun touchable(
        node: SemanticsNode,
        density: Float,
    ) {
        val name = node.name
        if (name.isBlank()) complain("something has no name: ${node.config}")
        if (!node.has(SemanticsProperties.Role) && !node.has(SemanticsActions.SetText)) complain("'$name' has no role")
        val (width, height) = node.size.width / density to node.size.height / density
        if (width < TARGET - ROUNDING || height < TARGET - ROUNDING) complain("'$name' is $width by $height")
        if (!node.within()) complain("'$name' is out of reach")
    }

    private fun text(node: SemanticsNode) {
        val results = mutableListOf<TextLayoutResult>()
        node.config.getOrNull(SemanticsActions.GetTextLayoutResult)?.action?.invoke(results)
        val layout = results.firstOrNull() ?: return
        val text = layout.layoutInput.text.text
        // What people wrote may end in dots where a list has no room for it; our own words may not.
        val mayEnd = layout.layoutInput.overflow == TextOverflow.Ellipsis || node.has(SemanticsActions.SetText)
        if (layout.isCut && !mayEnd) complain("'$text' is cut")
        // Links and codes are no words.
        val code = layout.layoutInput.style.fontFamily == FontFamily.Monospace
        for (line in 0 until if (code) 0 else layout.lineCount - 1) {
            val end = layout.getLineEnd(line)
            if (end !in 1 until text.length || !text[end - 1].isLetter() || !text[end].isLetter()) continue
            val word = text.substring(0, end).takeLastWhile { it.isLetter() } + text.substring(end).takeWhile { it.isLetter() }
            if (!hyphenates && word.length < UNBREAKABLE && !node.has(SemanticsActions.SetText)) complain("'$word' is broken in two")
        }
        if (!node.within(node.has(SemanticsActions.SetText))) complain("'$text' hangs out")
    }

    /** Whether some of it has no room. Half a pixel is no cut: lines are measured finer than they are drawn. */
    private val TextLayoutResult.isCut: Boolean
        get() {
            val widest = (0 until lineCount).maxOfOrNull { getLineRight(it) - getLineLeft(it) } ?: 0f
            return multiParagraph.didExceedMaxLines || multiParagraph.height > size.height + 1.5f || widest > size.width + 1.5f
        }

    /** Whether it is on the screen as a whole, or would come when somebody scrolls. */
    private fun SemanticsNode.within(always: Boolean = false): Boolean {
        if (always) return true
        val root = generateSequence(this) { it.parent }.last()
        val bounds = Rect(positionInRoot, Size(size.width.toFloat(), size.height.toFloat()))
        val scrolls = generateSequence(parent) { it.parent }.any { it.has(SemanticsProperties.VerticalScrollAxisRange) }
        val sideways = bounds.left >= -1 && bounds.right <= root.size.width + 1
        return sideways && (scrolls || (bounds.top >= -1 && bounds.bottom <= root.size.height + 1))
    }

    private val SemanticsNode.canBeTouched
        get() = has(SemanticsActions.OnClick) || has(SemanticsActions.SetText)

    private val SemanticsNode.name
        get() =
            config.getOrNull(SemanticsProperties.ContentDescription).orEmpty().joinToString() +
                config.getOrNull(SemanticsProperties.Text).orEmpty().joinToString { it.text }

    private fun SemanticsNode.has(key: SemanticsPropertyKey<*>) = config.contains(key)

    private fun complain(about: String) {
        wrong += "$what: $about"
    }

    private companion object {
        const val TARGET = 48f
        const val ROUNDING = 0.5f

        /** In dp: less than this is a slit. */
        const val LEAST_ROOM = 200f

        /** Longer words are broken by any phone. */
        const val UNBREAKABLE = 20

        /** Screens that say how fresh they are. */
        val FRESH = setOf("inbox", "thread", "waiting")

        /** States of theirs in which there is nothing that could be fresh. */
        val NOTHING = listOf("loading", "missing", "empty", "nothing")
    }
}
