package tandem.ui.parts

import androidx.compose.runtime.Composable
import androidx.compose.ui.Modifier
import tandem.ui.marks.Icons
import tandem.ui.words.LocalSay
import tandem.ui.words.remedy
import tandem.words.Remedy

/**
 * What can be done about something that does not go on by itself, as buttons. A remedy that this place
 * can't do (null) is no button: what to do is said in the sentence before it, too.
 */
@Composable
fun Remedies(
    remedies: List<Remedy>,
    modifier: Modifier = Modifier,
    busy: Boolean = false,
    doing: (Remedy) -> (() -> Unit)?,
) {
    val say = LocalSay.current
    val can = remedies.mapNotNull { remedy -> doing(remedy)?.let { remedy to it } }
    if (can.isEmpty()) return
    Buttons(modifier) {
        for ((remedy, act) in can) {
            val trying = busy && remedy == Remedy.TRY_NOW
            Do(
                if (trying) say("waiting.trying") else say.remedy(remedy),
                act,
                icon = remedy.icon,
                enabled = !trying,
            )
        }
    }
}

private val Remedy.icon
    get() =
        when (this) {
            Remedy.TRY_NOW -> Icons.Again
            Remedy.COPY_TEXT -> Icons.Copy
            Remedy.ASK_FOR_LINK -> Icons.Link
            Remedy.SHOW_MEMBERS -> Icons.People
            Remedy.UPDATE_APP -> null
            Remedy.ASK_SCHOOL -> null
        }
