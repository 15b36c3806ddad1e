package tandem.models

import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.launch
import tandem.Home
import tandem.Outcome
import tandem.TandemStore
import tandem.bindings.founders
import tandem.bindings.relayOf
import tandem.engine.Intent
import tandem.engine.Profile
import tandem.engine.TandemLink
import tandem.screens.Place
import tandem.screens.Problem
import tandem.screens.WelcomeAction
import tandem.screens.WelcomeState

/** The first start of a phone. */
class WelcomeModel(private val home: Home, link: String?, scope: CoroutineScope) :
    Model<WelcomeState, WelcomeAction>(first(link), scope) {
    override fun act(action: WelcomeAction) {
        when (action) {
            is WelcomeAction.Name -> {
                put { it.copy(name = action.text, problem = null).checked() }
            }

            is WelcomeAction.AsRole -> {
                put { it.copy(role = action.role, problem = null).checked() }
            }

            is WelcomeAction.Link -> {
                put { it.linked(action.text) }
            }

            is WelcomeAction.Scanned -> {
                put { state ->
                    action.text?.let(state::linked) ?: state.copy(problem = noLink())
                }
            }

            WelcomeAction.Begin -> {
                begin { store, link -> follow(store, link) }
            }

            WelcomeAction.OfferThisPhone -> {
                begin { store, _ -> offer(store) }
            }

            WelcomeAction.Read -> {
                put { it.copy(problem = null) }
            }

            WelcomeAction.Went -> {
                put { it.copy(next = null) }
            }
        }
    }

    private fun begin(then: suspend (TandemStore, String) -> Place) {
        if (!claim { state -> state.copy(busy = true, problem = null).checked().takeIf { state.ready } }) return
        val state = state.value
        scope.launch {
            val next = opened(state)
            val place = (next as? Outcome.Done)?.let { then(it.value, state.link) }
            put { it.copy(busy = false, problem = (next as? Outcome.Not)?.why, next = place).checked() }
        }
    }

    /** Makes the home, unless an earlier try did, and opens it. */
    private suspend fun opened(state: WelcomeState): Outcome<TandemStore> {
        val link = readable(state.link)
        if (link is Outcome.Not) return link
        val role = state.role
        if (link !is Outcome.Done || role == null) return Outcome.Not(noLink())
        val made = home.make(Profile(state.name.trim(), role, relayOf(link.value)))
        return if (made is Outcome.Not && made.why.code != MADE) made else home.open()
    }

    /** Where the link leads; what it asked for is asked for already, if it can be. */
    private suspend fun follow(store: TandemStore, text: String): Place {
        val link = (readable(text) as? Outcome.Done)?.value
        if (link == null || link is TandemLink.Relay) return Place.Inbox
        return when {
            store.follow(link) !is Outcome.Done -> Place.Join(text)
            link is TandemLink.School -> Place.Inbox
            else -> Place.Join()
        }
    }

    private suspend fun offer(store: TandemStore): Place {
        store.perform(Intent.OfferDevice)
        return Place.Join()
    }

    private companion object {
        const val MADE = "home_exists"

        fun first(link: String?): WelcomeState {
            val roles = founders()
            val empty = WelcomeState(roles = roles, role = roles.firstOrNull()?.role)
            return if (link == null) empty else empty.linked(link)
        }
    }
}

private fun WelcomeState.linked(text: String): WelcomeState {
    val link = readable(text)
    val problem: Problem? = (link as? Outcome.Not)?.why.takeIf { text.isNotBlank() }
    return copy(link = text.trim(), asks = asks(link), problem = problem).checked()
}

private fun WelcomeState.checked() =
    copy(
        ready =
            !busy && name.isNotBlank() && role != null && readable(link) is Outcome.Done,
    )
