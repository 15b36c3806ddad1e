package tandem.ui.compose

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.selection.selectableGroup
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableIntStateOf
import androidx.compose.runtime.saveable.rememberSaveable
import androidx.compose.runtime.setValue
import androidx.compose.ui.Modifier
import androidx.compose.ui.unit.dp
import tandem.screens.ComposeAction
import tandem.screens.ComposeState
import tandem.ui.marks.Icons
import tandem.ui.parts.Buttons
import tandem.ui.parts.Chip
import tandem.ui.parts.Do
import tandem.ui.parts.Weight
import tandem.ui.parts.Write
import tandem.ui.theme.Type
import tandem.ui.theme.colours
import tandem.ui.words.LocalSay
import tandem.words.ArgValue
import tandem.words.FieldForm
import tandem.words.Input

/** One field of a form, with its label, what it is for, and whether it is needed. */
@Composable
internal fun FieldLine(
    field: FieldForm,
    state: ComposeState,
    act: (ComposeAction) -> Unit,
) {
    val say = LocalSay.current
    val text = state.fields[field.name].orEmpty()
    val set = { said: String -> act(ComposeAction.Field(field.name, said)) }
    val label = if (field.needed) say("compose.label_needed", "label" to ArgValue.Text(say(field.label))) else say(field.label)
    val wrong = listOfNotNull(state.problem, state.wrong).find { it.field == field.name }?.let { say(it.said) }
    val hint = if (wrong == null) field.hint?.let { say(it) } else null
    when (val input = field.input) {
        Input.Words -> Write(label, text, set, hint = hint, wrong = wrong, lines = if (field.needed) 3 else 2)
        is Input.OneOf ->
            Labelled(label, wrong ?: hint) {
                for (choice in input.choices) Chip(say(choice.label), choice.value == text, { set(choice.value) })
            }
        Input.Day -> Days(label, wrong ?: hint, text, set)
    }
}

@Composable
private fun Labelled(
    label: String,
    hint: String?,
    content: @Composable () -> Unit,
) {
    Column(verticalArrangement = Arrangement.spacedBy(4.dp)) {
        Text(label, style = Type.label, color = colours.ink)
        Buttons(Modifier.selectableGroup()) { content() }
        if (hint != null) Text(hint, style = Type.state, color = colours.quiet)
    }
}

/** Days from today on, a week at a time: what is agreed here is seldom far off. */
@Composable
private fun Days(
    label: String,
    hint: String?,
    chosen: String,
    choose: (String) -> Unit,
) {
    val say = LocalSay.current
    var week by rememberSaveable { mutableIntStateOf(0) }
    Labelled(label, hint) {
        for (day in 0L until WEEK) {
            val date = say.clock.today.plusDays(week * WEEK + day)
            Chip(say.clock.short(date), date.toString() == chosen, { choose(if (date.toString() == chosen) "" else date.toString()) })
        }
        if (week > 0) Do(say("compose.week_before"), { week -= 1 }, weight = Weight.QUIET, icon = Icons.Back)
        Do(say("compose.week_after"), { week += 1 }, weight = Weight.QUIET, icon = Icons.Next)
    }
}

private const val WEEK = 7L
