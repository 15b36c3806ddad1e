package tandem.ui.members

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.PaddingValues
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.lazy.LazyColumn
import androidx.compose.foundation.lazy.LazyListScope
import androidx.compose.foundation.lazy.items
import androidx.compose.material3.HorizontalDivider
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.saveable.rememberSaveable
import androidx.compose.runtime.setValue
import androidx.compose.ui.Modifier
import androidx.compose.ui.unit.dp
import tandem.engine.PersonId
import tandem.screens.InviteItem
import tandem.screens.Loaded
import tandem.screens.MemberItem
import tandem.screens.MembersAction
import tandem.screens.MembersState
import tandem.screens.orNull
import tandem.ui.marks.Icons
import tandem.ui.parts.Do
import tandem.ui.parts.Head
import tandem.ui.parts.HonestLine
import tandem.ui.parts.Missing
import tandem.ui.parts.Note
import tandem.ui.parts.Outside
import tandem.ui.parts.ProblemNote
import tandem.ui.parts.Reading
import tandem.ui.parts.Screen
import tandem.ui.parts.Section
import tandem.ui.parts.Weight
import tandem.ui.theme.Type
import tandem.ui.theme.colours
import tandem.ui.words.Knowing
import tandem.ui.words.LocalSay
import tandem.ui.words.Say

/** Who is in a thread, their devices, and who may come. What is being done has the screen to itself. */
@Composable
fun MembersScreen(
    state: MembersState,
    act: (MembersAction) -> Unit,
    outside: Outside,
    /** Whose phones are shown before anybody was touched. */
    opened: PersonId? = null,
) {
    Knowing(state.around.names) {
        if (state.sheet.hasScreen) Sheet(state, act, outside) else List(state, act, outside, opened)
        Asked(state, act)
    }
}

@Composable
private fun List(
    state: MembersState,
    act: (MembersAction) -> Unit,
    outside: Outside,
    opened: PersonId?,
) {
    val say = LocalSay.current
    var open by rememberSaveable { mutableStateOf(opened) }
    Screen(
        head = {
            val top = state.top.orNull
            Head(
                say("members.title"),
                outside.back,
                lines = {
                    if (top != null) {
                        Text(Say.line(top.row.title), style = Type.label, color = colours.ink)
                        HonestLine(say(top.words.fresh))
                    }
                },
            )
        },
        footed = state.invitable.isNotEmpty(),
        foot = {
            Do(say("members.invite"), { act(MembersAction.Invite) }, Modifier.fillMaxWidth(), Weight.MAIN, Icons.Person)
        },
    ) {
        when (val members = state.members) {
            Loaded.Reading -> Reading()
            is Loaded.Missing -> Missing(members.why) { act(MembersAction.Read) }
            is Loaded.Here ->
                LazyColumn(Modifier.fillMaxSize(), contentPadding = PaddingValues(bottom = 16.dp)) {
                    if (state.problem != null) {
                        item("problem") { ProblemNote(state.problem, { act(MembersAction.Read) }, Modifier.padding(16.dp)) }
                    }
                    people(members.value, open, { open = if (open == it) null else it }, state.top.orNull?.words?.closed == null, act)
                    coming(state, act)
                    item("own") { Own(state, act) }
                }
        }
    }
}

private fun LazyListScope.people(
    members: List<MemberItem>,
    open: PersonId?,
    touch: (String) -> Unit,
    canChange: Boolean,
    act: (MembersAction) -> Unit,
) {
    items(members, { it.row.author.person }) { item ->
        Member(item, open == item.row.author.person, canChange, { touch(item.row.author.person) }, act)
        HorizontalDivider(Modifier.padding(start = 16.dp), color = colours.line)
    }
}

/** Invites and other phones: who may come. */
private fun LazyListScope.coming(
    state: MembersState,
    act: (MembersAction) -> Unit,
) {
    if (state.uptakes.isNotEmpty()) {
        item("phones") { Section(LocalSay.current("members.phones"), Modifier.padding(horizontal = 16.dp, vertical = 8.dp)) }
        items(state.uptakes, { "phone ${it.row.device}" }) {
            Note(LocalSay.current(it.words.sentences), Modifier.padding(horizontal = 16.dp, vertical = 4.dp))
        }
    }
    if (state.invites.isNotEmpty()) {
        item("invites") { Section(LocalSay.current("members.invites"), Modifier.padding(horizontal = 16.dp, vertical = 8.dp)) }
        items(state.invites, { "invite ${it.row.invite}" }) { Invited(it, act) }
    }
}

@Composable
private fun Invited(
    item: InviteItem,
    act: (MembersAction) -> Unit,
) {
    val say = LocalSay.current
    Column(Modifier.fillMaxWidth().padding(horizontal = 16.dp, vertical = 8.dp), verticalArrangement = Arrangement.spacedBy(4.dp)) {
        Text(say(item.words.sentences), style = Type.body, color = if (item.words.open) colours.ink else colours.quiet)
        if (item.words.open) {
            Do(say("members.take_back"), { act(MembersAction.TakeBack(item.row.invite)) }, weight = Weight.TOWARDS_FINAL)
        }
    }
}

/** What this person can do for themselves. */
@Composable
private fun Own(
    state: MembersState,
    act: (MembersAction) -> Unit,
) {
    val say = LocalSay.current
    if (state.top.orNull?.words?.closed != null) return
    Column(Modifier.fillMaxWidth().padding(16.dp), verticalArrangement = Arrangement.spacedBy(8.dp)) {
        Do(say("members.add_phone"), { act(MembersAction.AddPhone) }, Modifier.fillMaxWidth())
        Do(say("members.leave"), { act(MembersAction.Leave) }, Modifier.fillMaxWidth(), Weight.TOWARDS_FINAL, Icons.Leave)
    }
}
