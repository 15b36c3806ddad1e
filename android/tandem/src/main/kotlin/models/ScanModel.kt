package tandem.models

import kotlinx.coroutines.CoroutineScope
import tandem.Outcome
import tandem.screens.ScanAction
import tandem.screens.ScanState
import tandem.screens.Sight

/** Looks through what the camera sees until there is a link. */
class ScanModel(scope: CoroutineScope) : Model<ScanState, ScanAction>(ScanState(), scope) {
    override fun act(action: ScanAction) {
        when (action) {
            is ScanAction.Asked -> put { it.copy(sight = if (action.allowed) Sight.LOOKING else Sight.REFUSED) }
            is ScanAction.Saw -> put { it.saw(action.text) }
            ScanAction.NoCamera -> put { it.copy(sight = Sight.NO_CAMERA, foreign = false) }
        }
    }
}

private fun ScanState.saw(text: String): ScanState =
    when {
        found != null -> this
        readable(text) is Outcome.Done -> copy(found = text, foreign = false)
        else -> copy(foreign = true)
    }
