package tandem.ui.about

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Modifier
import androidx.compose.ui.text.input.KeyboardType
import androidx.compose.ui.unit.dp
import tandem.screens.AboutAction
import tandem.screens.AboutState
import tandem.ui.parts.Buttons
import tandem.ui.parts.Do
import tandem.ui.parts.Section
import tandem.ui.parts.Weight
import tandem.ui.parts.Write
import tandem.ui.theme.Type
import tandem.ui.theme.colours
import tandem.ui.words.LocalSay
import tandem.ui.words.Say
import tandem.words.DeviceWords
import tandem.words.RetentionWords

/** Whose this phone is, its keys shortened, and its school. */
@Composable
internal fun ThisPhone(
    name: String?,
    words: DeviceWords,
    newKeys: () -> Unit,
    busy: Boolean,
) {
    val say = LocalSay.current
    Section(say("about.phone_title"))
    if (name != null) Fact(say("about.name"), Say.line(name))
    Fact(say("about.school"), say(words.school))
    Fact(say("about.key"), words.key)
    Fact(say("about.relay_key"), words.relayKey)
    Fact(say("about.keys"), say(words.keys))
    Do(
        say("about.new_keys"),
        newKeys,
        Modifier.fillMaxWidth(),
        enabled = !busy && words.renewable,
        why = if (busy || !words.renewable) say("common.loading") else null,
    )
}

@Composable
private fun Fact(
    name: String,
    value: String,
) {
    Column {
        Text(name, style = Type.label, color = colours.quiet)
        Text(value, style = Type.body)
    }
}

/** How long this phone keeps a thread in which nothing is new. */
@Composable
internal fun Kept(
    words: RetentionWords,
    state: AboutState,
    act: (AboutAction) -> Unit,
) {
    val say = LocalSay.current
    Section(say("about.kept_title"))
    Text(say(words.term), style = Type.body)
    for (thread in words.threads) Text(say(thread), style = Type.state, color = colours.quiet)
    val term = state.term
    if (term == null) {
        Do(say("about.kept_change"), { act(AboutAction.SetTerm) }, Modifier.fillMaxWidth())
        return
    }
    Column(verticalArrangement = Arrangement.spacedBy(8.dp)) {
        Write(say("about.kept_label"), term, { act(AboutAction.Term(it)) }, hint = say("about.kept_hint"), keyboard = KeyboardType.Number)
        Buttons(Modifier.fillMaxWidth(), end = true) {
            Do(say("common.cancel"), { act(AboutAction.TermNot) }, weight = Weight.QUIET)
            Do(say("about.kept_do"), { act(AboutAction.KeepTerm) }, weight = Weight.MAIN, enabled = !state.busy)
        }
    }
}
