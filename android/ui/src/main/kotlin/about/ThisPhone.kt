package tandem.ui.about

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Modifier
import androidx.compose.ui.text.input.KeyboardType
import androidx.compose.ui.unit.dp
import tandem.engine.DeviceRow
import tandem.engine.Enrolment
import tandem.engine.HomeSchool
import tandem.engine.RetentionRow
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
import tandem.words.ArgValue

/** How many letters of a key tell any two apart that a person meets. */
private const val SHORT = 8

/** Whose this phone is, its keys shortened, and its school. */
@Composable
internal fun ThisPhone(
    name: String?,
    row: DeviceRow,
    newKeys: () -> Unit,
    busy: Boolean,
) {
    val say = LocalSay.current
    Section(say("about.phone_title"))
    if (name != null) Fact(say("about.name"), Say.line(name))
    Fact(say("about.school"), school(row.school))
    Fact(say("about.key"), row.device.take(SHORT))
    Fact(say("about.relay_key"), row.transport.take(SHORT))
    val renewing = row.renewing
    val keys =
        if (renewing == null) {
            say("about.keys_since", "at" to ArgValue.Moment(row.renewed))
        } else {
            say("about.keys_renewing", "n" to ArgValue.Count(renewing.toULong()))
        }
    Fact(say("about.keys"), keys)
    Do(
        say("about.new_keys"),
        newKeys,
        Modifier.fillMaxWidth(),
        enabled = !busy && renewing == null,
        why = if (busy || renewing != null) say("common.loading") else null,
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

@Composable
private fun school(school: HomeSchool?): String {
    val say = LocalSay.current
    if (school == null) return say("about.school_none")
    val id = "id" to ArgValue.Text(school.school.take(SHORT))
    return when (school.enrolment) {
        null -> say("about.school_waiting", id)
        Enrolment.ENROLLED -> say("about.school_enrolled", id)
        Enrolment.NO_SUCH_PASS -> say("about.school_no_such_link", id)
        Enrolment.FULL -> say("about.school_full", id)
    }
}

/** How long this phone keeps a thread in which nothing is new. */
@Composable
internal fun Kept(
    row: RetentionRow,
    state: AboutState,
    act: (AboutAction) -> Unit,
) {
    val say = LocalSay.current
    val days = row.days
    Section(say("about.kept_title"))
    Text(if (days == null) say("about.kept_for_good") else say("about.kept_days", "n" to ArgValue.Count(days.toULong())), style = Type.body)
    for (thread in row.threads) {
        Text(
            say("about.kept_thread", "title" to ArgValue.Text(thread.title), "at" to ArgValue.Moment(thread.kept.until)),
            style = Type.state,
            color = colours.quiet,
        )
    }
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
