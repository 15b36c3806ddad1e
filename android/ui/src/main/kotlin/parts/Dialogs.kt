package tandem.ui.parts

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.ColumnScope
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.widthIn
import androidx.compose.foundation.rememberScrollState
import androidx.compose.foundation.shape.RoundedCornerShape
import androidx.compose.foundation.verticalScroll
import androidx.compose.material3.Surface
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Modifier
import androidx.compose.ui.semantics.heading
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.unit.dp
import androidx.compose.ui.window.Dialog
import tandem.screens.Problem
import tandem.ui.theme.Type
import tandem.ui.theme.colours
import tandem.ui.words.LocalSay

/** Something small over a screen. All of it scrolls, its buttons too: in large type they would be lost. */
@Composable
fun Over(
    title: String,
    away: () -> Unit,
    content: @Composable ColumnScope.() -> Unit,
) {
    Dialog(onDismissRequest = away) {
        Surface(Modifier.widthIn(max = 480.dp), RoundedCornerShape(24.dp), color = colours.ground, contentColor = colours.ink) {
            Column(
                Modifier.fillMaxWidth().verticalScroll(rememberScrollState()).padding(24.dp),
                verticalArrangement = Arrangement.spacedBy(16.dp),
            ) {
                Text(title, Modifier.semantics { heading() }, style = Type.title)
                content()
            }
        }
    }
}

/** Asks before what can't be undone, and says what will happen. */
@Composable
fun Sure(
    title: String,
    happens: String,
    yes: String,
    no: String,
    onYes: () -> Unit,
    onNo: () -> Unit,
    busy: Boolean = false,
    problem: Problem? = null,
) {
    val say = LocalSay.current
    Over(title, onNo) {
        Text(happens, style = Type.body)
        ProblemNote(problem, null)
        Buttons(Modifier.fillMaxWidth(), end = true) {
            Do(no, onNo, weight = Weight.QUIET)
            Do(yes, onYes, weight = Weight.FINAL, enabled = !busy, why = if (busy) say("common.loading") else null)
        }
    }
}
