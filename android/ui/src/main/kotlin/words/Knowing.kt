package tandem.ui.words

import androidx.compose.runtime.Composable
import androidx.compose.runtime.CompositionLocalProvider
import tandem.engine.PersonId

/** Inside this, people are called by the names that a screen knows. */
@Composable
fun Knowing(names: Map<PersonId, String>, content: @Composable (Say) -> Unit) {
    val say = LocalSay.current.knowing(names)
    CompositionLocalProvider(LocalSay provides say) { content(say) }
}
