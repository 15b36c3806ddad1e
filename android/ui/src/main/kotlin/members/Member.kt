package tandem.ui.members

import androidx.compose.foundation.clickable
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.size
import androidx.compose.material3.Icon
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Modifier
import androidx.compose.ui.semantics.Role
import androidx.compose.ui.unit.dp
import tandem.screens.MemberItem
import tandem.screens.MembersAction
import tandem.ui.marks.Icons
import tandem.ui.parts.Buttons
import tandem.ui.parts.Do
import tandem.ui.parts.Initials
import tandem.ui.parts.Note
import tandem.ui.parts.Weight
import tandem.ui.parts.beside
import tandem.ui.theme.Type
import tandem.ui.theme.colours
import tandem.ui.words.LocalSay
import tandem.words.ArgValue
import tandem.engine.Role as InThread

/** Somebody who is in. Touched, it shows their devices and what can be done. */
@Composable
internal fun Member(
    item: MemberItem,
    open: Boolean,
    canChange: Boolean,
    touch: () -> Unit,
    act: (MembersAction) -> Unit,
) {
    val say = LocalSay.current
    val row = item.row
    Column {
        Row(
            Modifier
                .fillMaxWidth()
                .heightIn(min = 56.dp)
                .clickable(onClickLabel = say(if (open) "members.less" else "members.more"), role = Role.Button, onClick = touch)
                .padding(horizontal = 16.dp, vertical = 12.dp),
            horizontalArrangement = Arrangement.spacedBy(12.dp),
        ) {
            Initials(row.author.name)
            Column(Modifier.weight(1f), verticalArrangement = Arrangement.spacedBy(2.dp)) {
                Text(say.name(row.author.name), style = Type.row)
                Text(
                    say(item.words.role).replaceFirstChar { it.titlecase(say.clock.locale) },
                    style = Type.label,
                    color = colours.accentInk,
                )
                Text(say(item.words.sentences), style = Type.state, color = colours.quiet)
            }
            // One's own is not compared with anybody's.
            val shield =
                when {
                    row.mine -> return@Row
                    row.author.role == InThread.ARCHIVE -> Icons.Records
                    row.verified -> Icons.Shield
                    else -> Icons.ShieldOpen
                }
            Icon(shield, null, Modifier.size(beside(24)), tint = if (row.verified) colours.accent else colours.quiet)
        }
        Column(
            Modifier.fillMaxWidth().padding(start = 16.dp, end = 16.dp, bottom = 12.dp),
            verticalArrangement = Arrangement.spacedBy(8.dp),
        ) {
            for (warning in item.words.warnings) Warned(say(warning), item, canChange, act)
            if (!row.verified && !row.mine && canChange) {
                Do(
                    say("members.compare", "who" to ArgValue.Text(row.author.name.ifBlank { say("someone.anyone") })),
                    { act(MembersAction.Compare(row.author.person)) },
                    icon = Icons.Shield,
                )
            }
            if (open) Devices(item, canChange, act)
        }
    }
}

@Composable
private fun Warned(
    text: String,
    item: MemberItem,
    canChange: Boolean,
    act: (MembersAction) -> Unit,
) {
    val say = LocalSay.current
    Note(text, needsYou = true) {
        if (canChange && item.row.dispensable) {
            Do(say("members.go_on_without"), { act(MembersAction.GoOnWithout(item.row.author.person)) }, weight = Weight.TOWARDS_FINAL)
        }
    }
}

@Composable
private fun Devices(
    item: MemberItem,
    canChange: Boolean,
    act: (MembersAction) -> Unit,
) {
    val say = LocalSay.current
    val row = item.row
    Text(say("members.devices"), style = Type.label)
    for ((device, words) in row.devices.zip(item.words.devices)) {
        Text(say(words), style = Type.state, color = colours.quiet)
        if (canChange && row.removable && row.devices.size > 1) {
            Do(say("members.remove_phone"), { act(MembersAction.Remove(row.author.person, device.device)) }, weight = Weight.TOWARDS_FINAL)
        }
    }
    if (canChange && !row.mine) {
        Buttons {
            if (row.author.role != InThread.ARCHIVE) {
                Do(say("members.readmit"), { act(MembersAction.Readmit(row.author.person)) })
            }
            if (row.removable) {
                Do(say("members.remove"), {
                    act(MembersAction.Remove(row.author.person))
                }, weight = Weight.TOWARDS_FINAL, icon = Icons.Remove)
            }
        }
    }
}
