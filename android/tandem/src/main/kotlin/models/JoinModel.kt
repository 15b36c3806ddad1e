package tandem.models

import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.launch
import tandem.Outcome
import tandem.TandemStore
import tandem.bindings.offerWords
import tandem.bindings.uptakeWords
import tandem.engine.Answer
import tandem.engine.Intent
import tandem.engine.Query
import tandem.engine.TandemLink
import tandem.engine.UptakeRow
import tandem.screens.JoinAction
import tandem.screens.JoinState
import tandem.screens.OfferItem
import tandem.screens.Place
import tandem.screens.UptakeItem
import tandem.screens.orNull

/** A link before it is followed, the knocks that wait, and this phone's offer. */
class JoinModel(private val store: TandemStore, private val tapped: String?, scope: CoroutineScope) :
    Model<JoinState, JoinAction>(JoinState().linked(tapped.orEmpty()), scope) {
    init {
        shows(store.around()) { state, around -> state.copy(around = around) }
        shows(store.asked(Query.Inbox)) { state, answer ->
            state.copy(joins = answer.map { (it as? Answer.Inbox)?.v2.orEmpty().items() })
        }
        shows(store.asked(Query.Offers)) { state, answer ->
            val offers = answer.orNull as? Answer.Offers
            state.copy(
                offer = offers?.v1?.let { OfferItem(it, offerWords(it)) },
                uptakes = offers?.v2.orEmpty().items(),
            )
        }
    }

    override fun act(action: JoinAction) {
        when (action) {
            is JoinAction.Link -> put { it.linked(action.text) }
            is JoinAction.Scanned -> put { state -> action.text?.let(state::linked) ?: state.copy(problem = noLink()) }
            JoinAction.Follow -> follow()
            JoinAction.OfferThisPhone -> begin { store.perform(Intent.OfferDevice) }
            JoinAction.TryNow -> begin { store.lookNow() }
            is JoinAction.Open -> put { it.copy(next = Place.Thread(action.thread)) }
            JoinAction.Read -> put { it.copy(problem = null) }
            JoinAction.Went -> put { it.copy(next = null) }
        }
    }

    private fun follow() {
        val text = state.value.link
        val link = (readable(text) as? Outcome.Done)?.value ?: return
        begin {
            val followed = store.follow(link) ?: Outcome.Not(noLink())
            if (followed is Outcome.Done) put { if (it.link == text) it.linked("") else it }
            // Whoever comes back here is not asked to follow it again.
            if (followed is Outcome.Done && tapped?.trim() == text) put { it.copy(next = Place.Join()) }
            followed
        }
    }

    private fun begin(work: suspend () -> Outcome<*>) {
        if (!claim { state -> state.copy(busy = true, problem = null).takeUnless { state.busy } }) return
        scope.launch {
            val outcome = work()
            put { it.copy(busy = false, problem = (outcome as? Outcome.Not)?.why) }
        }
    }
}

private fun JoinState.linked(text: String): JoinState {
    val link = readable(text)
    val asksNothing = (link as? Outcome.Done)?.value is TandemLink.Relay
    val problem = (link as? Outcome.Not)?.why.takeIf { text.isNotBlank() }
    return copy(link = text.trim(), asks = asks(link), ready = link is Outcome.Done && !asksNothing, problem = problem)
}

internal fun List<UptakeRow>.items() = map { UptakeItem(it, uptakeWords(it)) }
