package tandem.ui.gallery

import androidx.compose.runtime.Composable
import tandem.bindings.errorWords
import tandem.screens.Problem
import tandem.ui.parts.Outside

/** One state of one screen. */
class Shown(
    val screen: String,
    val state: String,
    val show: @Composable (Outside) -> Unit,
) {
    override fun toString() = "$screen $state"
}

/** Every state of every screen, once: pictures, interface tests and the audit of accessibility all go through it. */
val gallery: List<Shown> by lazy {
    val begins = shutStates + welcomeStates + scanStates + joinStates
    begins + inboxStates + threadStates + composeStates + membersStates + waitingStates + aboutStates
}

fun problem(
    code: String,
    kind: Problem.Kind = Problem.Kind.UNREACHABLE,
    field: String? = null,
) = Problem(kind, errorWords(code, field), code, field)
