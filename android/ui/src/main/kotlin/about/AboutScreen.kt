package tandem.ui.about

import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.text.selection.SelectionContainer
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Modifier
import tandem.screens.AboutAction
import tandem.screens.AboutState
import tandem.screens.Loaded
import tandem.ui.marks.Icons
import tandem.ui.parts.Buttons
import tandem.ui.parts.Do
import tandem.ui.parts.Head
import tandem.ui.parts.Outside
import tandem.ui.parts.Page
import tandem.ui.parts.ProblemNote
import tandem.ui.parts.Screen
import tandem.ui.parts.Section
import tandem.ui.parts.Sure
import tandem.ui.parts.Weight
import tandem.ui.theme.Type
import tandem.ui.theme.colours
import tandem.ui.words.Knowing
import tandem.ui.words.LocalSay

/** What others can see, this phone, and how long it keeps things. */
@Composable
fun AboutScreen(
    state: AboutState,
    act: (AboutAction) -> Unit,
    outside: Outside,
) {
    Knowing(state.around.names) { say ->
        Screen(head = { Head(say("about.title"), outside.back) }) {
            Page {
                ProblemNote(state.problem, { act(AboutAction.Read) })
                Seen()
                when (val device = state.device) {
                    Loaded.Reading -> Text(say("common.loading"), style = Type.body, color = colours.quiet)
                    is Loaded.Missing -> ProblemNote(device.why, null)
                    is Loaded.Here -> ThisPhone(state.name, device.value, { act(AboutAction.NewKeys) }, state.busy)
                }
                state.retention?.let { Kept(it, state, act) }
                Diagnostics(state.diagnostics, act, outside)
            }
        }
        if (state.asksForNewKeys) {
            Sure(
                say("about.new_keys_title"),
                say("about.new_keys_happens"),
                say("about.new_keys"),
                say("common.cancel"),
                { act(AboutAction.NewKeysReally) },
                { act(AboutAction.NewKeysNot) },
            )
        }
    }
}

/** What the relay sees and what it can't: here, and only here, it is named. */
@Composable
private fun Seen() {
    val say = LocalSay.current
    Text(say("about.what"), style = Type.body)
    Section(say("about.cannot_see_title"))
    Text(say("about.cannot_see"), style = Type.body)
    Section(say("about.sees_title"))
    Text(say("about.sees"), style = Type.body)
    Section(say("about.members_see_title"))
    Text(say("about.members_see"), style = Type.body)
}

/** What would be copied or shared is shown before. */
@Composable
private fun Diagnostics(
    text: String?,
    act: (AboutAction) -> Unit,
    outside: Outside,
) {
    val say = LocalSay.current
    Section(say("about.diagnostics_title"))
    Text(say("about.diagnostics"), style = Type.body)
    if (text == null) {
        Do(say("about.diagnostics_show"), { act(AboutAction.ShowDiagnostics) }, Modifier.fillMaxWidth())
        return
    }
    SelectionContainer { Text(text, style = Type.code.copy(fontSize = Type.state.fontSize), color = colours.quiet) }
    Buttons {
        Do(say("common.copy"), { outside.copy(text) }, icon = Icons.Copy)
        Do(say("common.share"), { outside.share(text) }, icon = Icons.Share)
        Do(say("about.diagnostics_hide"), { act(AboutAction.HideDiagnostics) }, weight = Weight.QUIET)
    }
}
