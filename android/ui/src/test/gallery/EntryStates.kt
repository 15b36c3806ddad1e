package tandem.ui.gallery

import tandem.bindings.founders
import tandem.bindings.linkWords
import tandem.bindings.offerWords
import tandem.bindings.readLink
import tandem.bindings.uptakeWords
import tandem.engine.JoinState.Joined
import tandem.engine.JoinState.Refused
import tandem.engine.NotLetIn
import tandem.engine.OfferRow
import tandem.engine.OfferState
import tandem.engine.Role
import tandem.engine.UptakeRow
import tandem.engine.UptakeState
import tandem.screens.JoinItem
import tandem.screens.JoinState
import tandem.screens.Loaded
import tandem.screens.OfferItem
import tandem.screens.Problem
import tandem.screens.ScanState
import tandem.screens.Sight
import tandem.screens.UptakeItem
import tandem.screens.WelcomeState
import tandem.ui.join.JoinScreen
import tandem.ui.scan.ScanScreen
import tandem.ui.shut.ShutScreen
import tandem.ui.welcome.WelcomeScreen

/** A link as long as real ones are. */
internal val LINK =
    "tandem://join/relay.school.example:7443/${Cast.device("relay")}/${Cast.thread("Maya")}/guardian/${Cast.invite("secret")}"

private val offered = "tandem://device/relay.school.example:7443/${Cast.device("relay")}/${Cast.device("new")}/${Cast.invite("secret")}"

private val asks get() = linkWords(readLink(LINK))

private fun shut(name: String, code: String, kind: Problem.Kind) = Shown("shut", name) { ShutScreen(problem(code, kind), {}) }

internal val shutStates =
    listOf(
        shut("locked", "vault_locked", Problem.Kind.LOCKED),
        shut("damaged", "home_unreadable", Problem.Kind.DAMAGED),
        shut("newer", "newer_version", Problem.Kind.UPDATE_NEEDED),
    )

private fun welcome(
    name: String,
    state: WelcomeState,
) = Shown("welcome", name) { WelcomeScreen(state.copy(roles = founders()), {}, it) }

private val filled = WelcomeState("Ana Torres", emptyList(), Role.GUARDIAN, LINK, asks, ready = true)

internal val welcomeStates =
    listOf(
        welcome("empty", WelcomeState(role = Role.GUARDIAN)),
        welcome("ready", filled),
        welcome("busy", filled.copy(busy = true)),
        welcome(
            "bad link",
            filled.copy(
                link = "half a link",
                asks = emptyList(),
                ready = false,
                problem = problem("bad_link", Problem.Kind.BAD_INPUT, "link"),
            ),
        ),
        welcome("offline", filled.copy(problem = problem("relay_out_of_reach"))),
        welcome("locked", filled.copy(problem = problem("vault_locked", Problem.Kind.LOCKED))),
        welcome("long name", filled.copy(name = Cast.long.name)),
        welcome("right to left", filled.copy(name = Cast.hebrew.name)),
    )

private fun join(
    name: String,
    state: JoinState,
) = Shown("join", name) { JoinScreen(state.copy(around = Cast.around()), {}, it) }

private fun offer(state: OfferState) =
    OfferRow(offered, Cast.ago(-600), state).let { OfferItem(it, offerWords(it)) }

private fun uptake(state: UptakeState) =
    UptakeRow(Cast.device("other $state"), Cast.ana.person, true, Cast.ago(8), state).let { UptakeItem(it, uptakeWords(it)) }

internal val uptakes =
    listOf(uptake(UptakeState.Waiting), uptake(UptakeState.LettingIn(3u, 1u)), uptake(UptakeState.Refused(NotLetIn.OFFER_EXPIRED)))

private val none = Loaded.Here(emptyList<JoinItem>())

internal val joinStates =
    listOf(
        join("loading", JoinState()),
        join("empty", JoinState(joins = none)),
        join("ready", JoinState(link = LINK, asks = asks, ready = true, joins = none)),
        join("busy", JoinState(link = LINK, ready = true, busy = true, joins = none)),
        join("waiting", JoinState(joins = Loaded.Here(listOf(Cast.join("Maya"))))),
        join(
            "joined and refused",
            JoinState(joins = Loaded.Here(listOf(Cast.join("Maya", Joined), Cast.join("Leo", Refused(NotLetIn.LINK_REVOKED))))),
        ),
        join(
            "bad link",
            JoinState(link = "https://example.org", joins = none, problem = problem("bad_link", Problem.Kind.BAD_INPUT, "link")),
        ),
        join("error", JoinState(joins = none, problem = problem("relay_out_of_reach"))),
        join("offer", JoinState(joins = none, offer = offer(OfferState.Open))),
        join("offer taken up", JoinState(joins = none, offer = offer(OfferState.TakenUp("Ana Torres", 3u)))),
        join("offer expired", JoinState(joins = none, offer = offer(OfferState.Expired))),
        join("uptakes", JoinState(joins = none, uptakes = uptakes)),
    )

private fun scan(
    name: String,
    state: ScanState,
) = Shown("scan", name) { ScanScreen(state, it.back, {}, {}, {}) }

internal val scanStates =
    listOf(
        scan("asking", ScanState()),
        scan("looking", ScanState(Sight.LOOKING)),
        scan("foreign code", ScanState(Sight.LOOKING, foreign = true)),
        scan("refused", ScanState(Sight.REFUSED)),
        scan("no camera", ScanState(Sight.NO_CAMERA)),
    )
