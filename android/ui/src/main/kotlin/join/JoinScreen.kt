package tandem.ui.join

import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Modifier
import androidx.compose.ui.text.input.KeyboardType
import tandem.engine.JoinState.Joined
import tandem.screens.JoinAction
import tandem.screens.JoinState
import tandem.screens.OfferItem
import tandem.screens.orNull
import tandem.ui.inbox.JoinNote
import tandem.ui.marks.Icons
import tandem.ui.parts.Do
import tandem.ui.parts.Head
import tandem.ui.parts.LinkCard
import tandem.ui.parts.Note
import tandem.ui.parts.Outside
import tandem.ui.parts.Page
import tandem.ui.parts.ProblemNote
import tandem.ui.parts.Screen
import tandem.ui.parts.Section
import tandem.ui.parts.Weight
import tandem.ui.parts.Write
import tandem.ui.theme.Type
import tandem.ui.theme.colours
import tandem.ui.words.Knowing
import tandem.ui.words.LocalSay

/** A link before it is followed, and what became of those that were. */
@Composable
fun JoinScreen(
    state: JoinState,
    act: (JoinAction) -> Unit,
    outside: Outside,
) {
    Knowing(state.around.names) { say ->
        Screen(
            head = { Head(say("join.title"), outside.back) },
            footed = state.offer?.words?.open != true,
            foot = {
                val why =
                    when {
                        state.ready && !state.busy -> null
                        state.busy -> say("common.loading")
                        else -> say("join.needed")
                    }
                Do(say("join.follow"), { act(JoinAction.Follow) }, Modifier.fillMaxWidth(), Weight.MAIN, enabled = why == null, why = why)
            },
        ) {
            Page {
                ProblemNote(state.problem?.takeIf { it.field != "link" }, { act(JoinAction.Read) })
                val offer = state.offer
                if (offer != null) Offer(offer, act, outside)
                if (offer?.words?.open != true) Follow(state, act, outside)
                Waiting(state, act, outside)
                if (offer == null) {
                    Section(say("join.other_phone"))
                    Text(say("join.other_phone_how"), style = Type.body, color = colours.quiet)
                    Do(say("join.offer"), { act(JoinAction.OfferThisPhone) }, Modifier.fillMaxWidth())
                }
            }
        }
    }
}

@Composable
private fun Follow(
    state: JoinState,
    act: (JoinAction) -> Unit,
    outside: Outside,
) {
    val say = LocalSay.current
    Text(say("join.how"), style = Type.body)
    Do(say("common.scan"), { outside.scan { act(JoinAction.Scanned(it)) } }, Modifier.fillMaxWidth(), icon = Icons.Scan)
    Write(
        say("join.link"),
        state.link,
        { act(JoinAction.Link(it)) },
        wrong = state.problem?.takeIf { it.field == "link" }?.let { say(it.said) },
        lines = 3,
        keyboard = KeyboardType.Uri,
    )
    if (state.asks.isNotEmpty()) Note(say(state.asks), icon = Icons.Link)
}

/** What waits to be let in, or was answered. */
@Composable
private fun Waiting(
    state: JoinState,
    act: (JoinAction) -> Unit,
    outside: Outside,
) {
    val say = LocalSay.current
    val joins = state.joins.orNull.orEmpty()
    if (joins.isNotEmpty()) Section(say("join.waiting"))
    for (join in joins) {
        JoinNote(join, state.busy, { act(JoinAction.TryNow) }, outside)
        if (join.row.state is Joined) Do(say("join.open"), { act(JoinAction.Open(join.row.thread)) }, Modifier.fillMaxWidth())
    }
    for (uptake in state.uptakes) Note(say(uptake.words.sentences))
}

/** This phone asks to be let in as somebody's. */
@Composable
private fun Offer(
    offer: OfferItem,
    act: (JoinAction) -> Unit,
    outside: Outside,
) {
    val say = LocalSay.current
    Note(say(offer.words.sentences)) {
        Do(say(if (offer.words.open) "remedy.try_now" else "join.offer_again"), {
            act(if (offer.words.open) JoinAction.TryNow else JoinAction.OfferThisPhone)
        })
    }
    if (offer.words.open) {
        Text(say("join.offer_how"), style = Type.body)
        LinkCard(offer.row.link, outside)
    }
}
