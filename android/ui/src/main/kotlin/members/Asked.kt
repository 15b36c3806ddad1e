package tandem.ui.members

import androidx.compose.runtime.Composable
import tandem.engine.Author
import tandem.screens.Deed
import tandem.screens.MembersAction
import tandem.screens.MembersSheet
import tandem.screens.MembersState
import tandem.ui.parts.Sure
import tandem.ui.words.LocalSay
import tandem.ui.words.Say
import tandem.words.ArgValue

/** What can't be undone asks first, and says what will happen. */
@Composable
internal fun Asked(
    state: MembersState,
    act: (MembersAction) -> Unit,
) {
    val sheet = state.sheet as? MembersSheet.Sure ?: return
    val say = LocalSay.current
    val words = words(sheet.of, say)
    Sure(
        words.title,
        words.happens,
        words.yes,
        say("common.cancel"),
        { act(MembersAction.Go) },
        { act(MembersAction.PutAway) },
        sheet.busy,
        sheet.problem,
    )
}

private class Words(
    val title: String,
    val happens: String,
    val yes: String,
)

private fun words(
    deed: Deed,
    say: Say,
): Words =
    when (deed) {
        is Deed.Remove ->
            if (deed.device == null) {
                Words(
                    say("members.remove_title", who(deed.member.author, say)),
                    say("members.remove_happens", who(deed.member.author, say)),
                    say("members.remove"),
                )
            } else {
                Words(say("members.remove_phone_title"), say("members.remove_phone_happens"), say("members.remove_phone"))
            }
        Deed.Leave -> Words(say("members.leave_title"), say("members.leave_happens"), say("members.leave"))
        is Deed.TakeBack -> Words(say("members.take_back_title"), say("members.take_back_happens"), say("members.take_back"))
        is Deed.GoOnWithout ->
            Words(
                say("members.go_on_title", who(deed.member.author, say)),
                say("members.go_on_happens", who(deed.member.author, say)),
                say("members.go_on_without"),
            )
    }

private fun who(
    author: Author,
    say: Say,
) = "who" to ArgValue.Text(author.name.ifBlank { say("someone.anyone") })
