package tandem.ui.thread

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.size
import androidx.compose.material3.Icon
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Modifier
import androidx.compose.ui.platform.LocalDensity
import androidx.compose.ui.semantics.contentDescription
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.unit.dp
import androidx.compose.ui.unit.sp
import tandem.screens.Place
import tandem.screens.ThreadAction
import tandem.screens.ThreadItem
import tandem.ui.marks.drawing
import tandem.ui.parts.Outside
import tandem.ui.parts.Remedies
import tandem.ui.theme.Type
import tandem.ui.theme.colours
import tandem.ui.words.LocalSay
import tandem.words.Mark
import tandem.words.Remedy
import tandem.words.Stands

/**
 * How far an own entry got. What has not left says so at once, and so does the newest; of what is with
 * others the mark is enough until it is touched. Whoever can't see the mark hears the words always.
 */
@Composable
internal fun StandsLine(
    stands: Stands,
    item: ThreadItem.Entry,
    told: Told,
    act: (ThreadAction) -> Unit,
    outside: Outside,
) {
    val say = LocalSay.current
    val words = say(stands.sentences)
    val stopped = stands.mark == Mark.STOPPED
    val here = stands.mark in setOf(Mark.DRAFT, Mark.CLOCK, Mark.PHONE, Mark.STOPPED)
    Column(verticalArrangement = Arrangement.spacedBy(8.dp)) {
        Row(horizontalArrangement = Arrangement.spacedBy(6.dp)) {
            val side = with(LocalDensity.current) { 18.sp.toDp() }
            val shown = told.all || told.newestOwn || here
            Icon(
                stands.mark.drawing,
                null,
                if (shown) Modifier.size(side) else Modifier.size(side).semantics { contentDescription = words },
                tint = if (stopped) colours.amber else colours.accent,
            )
            if (shown) {
                Text(words, Modifier.padding(bottom = 2.dp), style = Type.state, color = if (stopped) colours.onAmber else colours.ink)
            }
        }
        if (stopped || told.all) {
            Remedies(stands.remedies) { remedy ->
                when (remedy) {
                    Remedy.TRY_NOW -> ({ act(ThreadAction.TryNow) })
                    Remedy.COPY_TEXT -> ({ outside.copy(plain(item, say)) }).takeUnless { told.all }
                    Remedy.ASK_FOR_LINK -> null
                    Remedy.SHOW_MEMBERS -> ({ outside.go(Place.Members(told.thread)) })
                    Remedy.UPDATE_APP -> outside.update
                    Remedy.ASK_SCHOOL -> null
                }
            }
        }
    }
}
