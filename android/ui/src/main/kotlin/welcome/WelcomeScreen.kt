package tandem.ui.welcome

import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.selection.selectableGroup
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Modifier
import androidx.compose.ui.semantics.heading
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.text.input.KeyboardType
import tandem.screens.WelcomeAction
import tandem.screens.WelcomeState
import tandem.ui.marks.Icons
import tandem.ui.parts.Do
import tandem.ui.parts.Note
import tandem.ui.parts.OneOf
import tandem.ui.parts.Outside
import tandem.ui.parts.Page
import tandem.ui.parts.ProblemNote
import tandem.ui.parts.Screen
import tandem.ui.parts.Section
import tandem.ui.parts.Weight
import tandem.ui.parts.Write
import tandem.ui.theme.Type
import tandem.ui.theme.colours
import tandem.ui.words.LocalSay

/** The first start: who this is, and with whom. */
@Composable
fun WelcomeScreen(
    state: WelcomeState,
    act: (WelcomeAction) -> Unit,
    outside: Outside,
) {
    val say = LocalSay.current
    Screen(
        head = {},
        footed = true,
        foot = {
            val why =
                when {
                    state.ready -> null
                    state.busy -> say("common.loading")
                    else -> say("welcome.needed")
                }
            Do(
                say("welcome.begin"),
                { act(WelcomeAction.Begin) },
                Modifier.fillMaxWidth(),
                Weight.MAIN,
                enabled =
                    state.ready && !state.busy,
                why = why,
            )
        },
    ) {
        Page {
            Text(say("welcome.title"), Modifier.semantics { heading() }, style = Type.title)
            Text(say("welcome.what"), style = Type.body, color = colours.quiet)
            val wrong = state.problem
            Write(
                say("welcome.name"),
                state.name,
                { act(WelcomeAction.Name(it)) },
                hint = say("welcome.name_hint"),
                wrong = wrong?.takeIf { it.field == "name" }?.let { say(it.said) },
            )
            Section(say("welcome.role"))
            Column(Modifier.selectableGroup()) {
                for (choice in state.roles) {
                    OneOf(
                        say(choice.label).replaceFirstChar { it.titlecase(say.clock.locale) },
                        choice.role == state.role,
                        { act(WelcomeAction.AsRole(choice.role)) },
                        choice.reads?.let { say(it) },
                    )
                }
            }
            Link(state, act, outside)
            ProblemNote(wrong?.takeIf { it.field != "name" && it.field != "link" }, { act(WelcomeAction.Read) })
            Section(say("welcome.other_phone"))
            Text(say("welcome.other_phone_how"), style = Type.body, color = colours.quiet)
            Do(say("welcome.other_phone_do"), { act(WelcomeAction.OfferThisPhone) }, Modifier.fillMaxWidth(), enabled = !state.busy)
        }
    }
}

@Composable
private fun Link(
    state: WelcomeState,
    act: (WelcomeAction) -> Unit,
    outside: Outside,
) {
    val say = LocalSay.current
    Section(say("welcome.link_title"))
    Do(say("common.scan"), { outside.scan { act(WelcomeAction.Scanned(it)) } }, Modifier.fillMaxWidth(), icon = Icons.Scan)
    val wrong = state.problem?.takeIf { it.field == "link" }
    Write(
        say("welcome.link"),
        state.link,
        { act(WelcomeAction.Link(it)) },
        hint = if (wrong == null) say("welcome.link_hint") else null,
        wrong = wrong?.let { say(it.said) },
        lines = 2,
        keyboard = KeyboardType.Uri,
    )
    if (state.asks.isNotEmpty()) Note(say(state.asks), icon = Icons.Link)
}
