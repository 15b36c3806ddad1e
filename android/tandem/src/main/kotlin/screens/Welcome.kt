package tandem.screens

import tandem.engine.Role
import tandem.words.Phrase
import tandem.words.RoleChoice

/** The first start: a name, a role and a link make a home; or this phone is another one of somebody's. */
data class WelcomeState(
    val name: String = "",
    /** As what somebody can found threads, the likeliest first. */
    val roles: List<RoleChoice> = emptyList(),
    val role: Role? = null,
    /** The link as it was pasted, scanned or tapped. */
    val link: String = "",
    /** What the link is for, once it can be read. */
    val asks: List<Phrase> = emptyList(),
    /** What is wrong with the link; the field says `link`. Or with the name: `name`. Or why no home was made. */
    val problem: Problem? = null,
    val ready: Boolean = false,
    /** The home is being made. */
    val busy: Boolean = false,
    val next: Place? = null,
)

sealed interface WelcomeAction {
    data class Name(val text: String) : WelcomeAction

    data class AsRole(val role: Role) : WelcomeAction

    data class Link(val text: String) : WelcomeAction

    /** What the camera or an image held; null when it was no QR code. */
    data class Scanned(val text: String?) : WelcomeAction

    /** Makes the home and follows the link. */
    data object Begin : WelcomeAction

    /** Makes the home and offers this phone to be let in as somebody's. */
    data object OfferThisPhone : WelcomeAction

    /** The problem was read. */
    data object Read : WelcomeAction

    /** The view went to `next`. */
    data object Went : WelcomeAction
}
