package tandem.ui.members

import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.selection.selectableGroup
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Modifier
import androidx.compose.ui.text.input.KeyboardType
import tandem.screens.Loaded
import tandem.screens.MembersAction
import tandem.screens.MembersSheet
import tandem.screens.MembersState
import tandem.ui.marks.Icons
import tandem.ui.parts.Do
import tandem.ui.parts.Head
import tandem.ui.parts.LinkCard
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
import tandem.words.ArgValue

/** Whether what is being done has the screen to itself; what only asks does not. */
internal val MembersSheet?.hasScreen get() = this != null && this !is MembersSheet.Sure

/** What is being done about who is in. */
@Composable
internal fun Sheet(
    state: MembersState,
    act: (MembersAction) -> Unit,
    outside: Outside,
) {
    when (val sheet = state.sheet) {
        is MembersSheet.Compare -> Compare(sheet, act)
        is MembersSheet.Invite -> Invite(sheet, state, act, outside)
        is MembersSheet.LetIn -> LetIn(sheet, act, outside)
        is MembersSheet.Sure, null -> Unit
    }
}

@Composable
private fun Away(
    title: String,
    act: (MembersAction) -> Unit,
) = Head(title, { act(MembersAction.PutAway) })

@Composable
private fun Go(
    text: String,
    sheet: MembersSheet,
    missing: String?,
    act: (MembersAction) -> Unit,
) {
    val why = if (sheet.busy) LocalSay.current("common.loading") else missing
    Do(text, { act(MembersAction.Go) }, Modifier.fillMaxWidth(), Weight.MAIN, enabled = why == null, why = why)
}

/** Both look at each other's phone: this one's code to read out, theirs to type. */
@Composable
private fun Compare(
    sheet: MembersSheet.Compare,
    act: (MembersAction) -> Unit,
) {
    val say = LocalSay.current
    val name = sheet.with.author.name.ifBlank { say("someone.anyone") }
    val who = "who" to ArgValue.Text(name)
    Screen(
        head = { Away(say("members.compare_title"), act) },
        footed = true,
        foot = {
            if (sheet.verified) {
                Do(say("common.close"), { act(MembersAction.PutAway) }, Modifier.fillMaxWidth(), Weight.MAIN)
            } else {
                Go(say("members.compare_do"), sheet, if (sheet.typed.isBlank()) say("members.compare_needs") else null, act)
            }
        },
    ) {
        Page {
            if (sheet.verified) {
                Note(say("members.compared", who), icon = Icons.Shield)
                return@Page
            }
            Text(say("members.compare_how", who), style = Type.body)
            Section(say("members.our_code"))
            when (val ours = sheet.ours) {
                Loaded.Reading -> Text(say("common.loading"), style = Type.body, color = colours.quiet)
                is Loaded.Missing -> ProblemNote(ours.why, null)
                is Loaded.Here -> Text(ours.value, style = Type.code.copy(fontSize = Type.title.fontSize))
            }
            Write(
                say("members.their_code", who),
                sheet.typed,
                { act(MembersAction.Typed(it)) },
                hint = say("members.their_code_hint"),
                lines = 2,
                style = Type.code,
                keyboard = KeyboardType.Number,
            )
            ProblemNote(sheet.problem, null)
        }
    }
}

@Composable
private fun Invite(
    sheet: MembersSheet.Invite,
    state: MembersState,
    act: (MembersAction) -> Unit,
    outside: Outside,
) {
    val say = LocalSay.current
    val link = sheet.link
    Screen(
        head = { Away(say("members.invite_title"), act) },
        footed = true,
        foot = {
            if (link != null) {
                Do(say("common.close"), { act(MembersAction.PutAway) }, Modifier.fillMaxWidth(), Weight.MAIN)
            } else {
                Go(say("members.invite_do"), sheet, if (sheet.role == null) say("members.invite_needs") else null, act)
            }
        },
    ) {
        Page {
            if (link != null) {
                Text(say(if (sheet.inPerson) "members.invite_show" else "members.invite_send"), style = Type.body)
                LinkCard(link, outside)
                return@Page
            }
            Section(say("members.invite_as"))
            Column(Modifier.selectableGroup()) {
                for (choice in state.invitable) {
                    OneOf(
                        say(choice.label).replaceFirstChar {
                            it.titlecase(say.clock.locale)
                        },
                        choice.role == sheet.role,
                        { act(MembersAction.InviteAs(choice.role)) },
                        choice.reads?.let { say(it) },
                    )
                }
            }
            Section(say("members.invite_how"))
            Column(Modifier.selectableGroup()) {
                OneOf(say("members.in_person"), sheet.inPerson, { act(MembersAction.InPerson(true)) }, say("members.in_person_more"))
                OneOf(say("members.by_link"), !sheet.inPerson, { act(MembersAction.InPerson(false)) }, say("members.by_link_more"))
            }
            ProblemNote(sheet.problem, null)
        }
    }
}

@Composable
private fun LetIn(
    sheet: MembersSheet.LetIn,
    act: (MembersAction) -> Unit,
    outside: Outside,
) {
    val say = LocalSay.current
    val again = sheet.again
    Screen(
        head = { Away(say(if (again == null) "members.add_phone" else "members.readmit"), act) },
        footed = true,
        foot = { Go(say("members.let_in_do"), sheet, if (sheet.ready) null else say("members.let_in_needs"), act) },
    ) {
        Page {
            val how =
                if (again == null) {
                    say("members.add_phone_how")
                } else {
                    say("members.readmit_how", "who" to ArgValue.Text(again.author.name.ifBlank { say("someone.anyone") }))
                }
            Text(how, style = Type.body)
            Do(say("common.scan"), { outside.scan { act(MembersAction.Scanned(it)) } }, icon = Icons.Scan)
            Write(say("members.let_in_link"), sheet.link, { act(MembersAction.Link(it)) }, lines = 3, keyboard = KeyboardType.Uri)
            ProblemNote(sheet.problem, null)
        }
    }
}
