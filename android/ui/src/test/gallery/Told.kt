package tandem.ui

import androidx.compose.ui.semantics.SemanticsActions
import androidx.compose.ui.semantics.SemanticsNode
import androidx.compose.ui.semantics.SemanticsOwner
import androidx.compose.ui.semantics.SemanticsProperties
import androidx.compose.ui.semantics.getAllSemanticsNodes
import androidx.compose.ui.semantics.getOrNull

private val PLACE = Regex("[{][a-z_]+[}]")

/** A sentence may run over lines, and a word may begin one. */
private val SAID = setOf(RegexOption.DOT_MATCHES_ALL, RegexOption.IGNORE_CASE)

/** Whether a text says this template, whatever was put in. */
fun String.isIn(text: String): Boolean =
    Regex(split(PLACE).joinToString(".*") { Regex.escape(it) }, SAID).containsMatchIn(text)

/** All that somebody finds who can't see the screen. */
fun SemanticsOwner.told(): List<String> = getAllSemanticsNodes(mergingEnabled = false).flatMap { it.told() }

private fun SemanticsNode.told(): List<String> =
    config.getOrNull(SemanticsProperties.Text).orEmpty().map { it.text } +
        config.getOrNull(SemanticsProperties.ContentDescription).orEmpty() +
        listOfNotNull(
            config.getOrNull(SemanticsProperties.EditableText)?.text,
            config.getOrNull(SemanticsProperties.StateDescription),
            config.getOrNull(SemanticsProperties.Error),
            config.getOrNull(SemanticsActions.OnClick)?.label,
        )
