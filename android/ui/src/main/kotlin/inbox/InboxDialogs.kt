package tandem.ui.inbox

import androidx.compose.foundation.clickable
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.layout.padding
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.semantics.Role
import androidx.compose.ui.unit.dp
import tandem.engine.ThreadId
import tandem.screens.Founding
import tandem.screens.InboxAction
import tandem.screens.InboxItem
import tandem.ui.parts.Buttons
import tandem.ui.parts.Do
import tandem.ui.parts.Initials
import tandem.ui.parts.Over
import tandem.ui.parts.ProblemNote
import tandem.ui.parts.Weight
import tandem.ui.parts.Write
import tandem.ui.parts.names
import tandem.ui.theme.Type
import tandem.ui.theme.colours
import tandem.ui.words.LocalSay
import tandem.ui.words.Say

/** Names a thread that is founded. */
@Composable
internal fun Found(
    founding: Founding,
    act: (InboxAction) -> Unit,
) {
    val say = LocalSay.current
    Over(say("inbox.found"), { act(InboxAction.FoundNot) }) {
        Write(
            say("inbox.found_label"),
            founding.title,
            { act(InboxAction.FoundTitle(it)) },
            hint = say("inbox.found_hint"),
            wrong = founding.problem?.let { say(it.said) }?.takeIf { founding.problem?.field != null },
        )
        ProblemNote(founding.problem?.takeIf { it.field == null }, null)
        Buttons(Modifier.fillMaxWidth(), end = true) {
            Do(say("common.cancel"), { act(InboxAction.FoundNot) }, weight = Weight.QUIET)
            val why =
                when {
                    founding.busy -> say("common.loading")
                    founding.title.isBlank() -> say("inbox.found_needs_name")
                    else -> null
                }
            Do(say("inbox.found_do"), { act(InboxAction.FoundSay) }, weight = Weight.MAIN, enabled = why == null, why = why)
        }
    }
}

/** Where to write, when there is more than one thread. */
@Composable
internal fun Choose(
    among: List<InboxItem>,
    away: () -> Unit,
    choose: (ThreadId) -> Unit,
) {
    val say = LocalSay.current
    Over(say("inbox.choose"), away) {
        Column {
            for (item in among) {
                Row(
                    Modifier
                        .fillMaxWidth()
                        .heightIn(min = 56.dp)
                        .clickable(role = Role.Button) { choose(item.row.thread) }
                        .padding(vertical = 8.dp),
                    horizontalArrangement = Arrangement.spacedBy(12.dp),
                    verticalAlignment = Alignment.CenterVertically,
                ) {
                    Initials(item.row.title)
                    Column(Modifier.weight(1f)) {
                        Text(Say.line(item.row.title), style = Type.row)
                        if (item.row.people.isNotEmpty()) Text(names(item.row.people), style = Type.state, color = colours.quiet)
                    }
                }
            }
        }
        Do(say("common.cancel"), away, weight = Weight.QUIET)
    }
}
