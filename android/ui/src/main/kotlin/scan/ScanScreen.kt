package tandem.ui.scan

import androidx.compose.foundation.background
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.aspectRatio
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.shape.RoundedCornerShape
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Modifier
import androidx.compose.ui.draw.clip
import androidx.compose.ui.graphics.Color
import androidx.compose.ui.semantics.LiveRegionMode
import androidx.compose.ui.semantics.liveRegion
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.unit.dp
import tandem.screens.ScanState
import tandem.screens.Sight
import tandem.ui.marks.Icons
import tandem.ui.parts.Do
import tandem.ui.parts.Head
import tandem.ui.parts.Note
import tandem.ui.parts.Page
import tandem.ui.parts.Reading
import tandem.ui.parts.Screen
import tandem.ui.theme.Type
import tandem.ui.words.LocalSay

/** The camera looks for a code; a picture of one is as good. */
@Composable
fun ScanScreen(
    state: ScanState,
    back: () -> Unit,
    /** Chooses a picture of a code. */
    picture: () -> Unit,
    /** Opens where the phone lets this app use the camera. */
    settings: () -> Unit,
    /** What the camera sees. */
    sight: @Composable () -> Unit,
) {
    val say = LocalSay.current
    Screen(
        head = { Head(say("common.scan"), back) },
        footed = state.sight != Sight.ASKING,
        foot = { Do(say("common.scan_image"), picture, Modifier.fillMaxWidth()) },
    ) {
        when (state.sight) {
            Sight.ASKING -> Reading()
            Sight.LOOKING -> Looking(state.foreign, sight)
            Sight.REFUSED ->
                Page {
                    Note(say("scan.refused"), Modifier.semantics { liveRegion = LiveRegionMode.Polite }) {
                        Do(say("scan.settings"), settings)
                    }
                }
            Sight.NO_CAMERA -> Page { Note(say("scan.no_camera"), Modifier.semantics { liveRegion = LiveRegionMode.Polite }) }
        }
    }
}

@Composable
private fun Looking(
    foreign: Boolean,
    sight: @Composable () -> Unit,
) {
    val say = LocalSay.current
    Page {
        // Dark by day, too, until there is something to see.
        Box(Modifier.fillMaxWidth().aspectRatio(SHAPE).clip(RoundedCornerShape(16.dp)).background(Color.Black)) { sight() }
        if (foreign) {
            Note(say("scan.foreign"), Modifier.semantics { liveRegion = LiveRegionMode.Polite }, icon = Icons.Scan)
        } else {
            Text(say("scan.how"), style = Type.body)
        }
    }
}

/** That of a camera's frames, upright. */
private const val SHAPE = 3f / 4f
