package tandem.screens

import tandem.engine.OfferRow
import tandem.engine.ThreadId
import tandem.engine.UptakeRow
import tandem.words.PhoneWords
import tandem.words.Phrase

/** A link before it is followed, the knocks that wait, and this phone's offer. */
data class JoinState(
    val around: Around = Around(),
    val link: String = "",
    /** What the link asks for; empty until there is one that can be read. */
    val asks: List<Phrase> = emptyList(),
    /** The link can be followed. */
    val ready: Boolean = false,
    val busy: Boolean = false,
    /** Knocks that wait, were answered or refused. */
    val joins: Loaded<List<JoinItem>> = Loaded.Reading,
    /** This phone offers itself. */
    val offer: OfferItem? = null,
    /** Offers of other phones that this one takes up. */
    val uptakes: List<UptakeItem> = emptyList(),
    val problem: Problem? = null,
    val next: Place? = null,
)

data class OfferItem(val row: OfferRow, val words: PhoneWords)

data class UptakeItem(val row: UptakeRow, val words: PhoneWords)

sealed interface JoinAction {
    data class Link(val text: String) : JoinAction

    /** What the camera or an image held; null when it was no QR code. */
    data class Scanned(val text: String?) : JoinAction

    /** Does what the link asks for. */
    data object Follow : JoinAction

    data object OfferThisPhone : JoinAction

    /** Looks at once whether it was answered. */
    data object TryNow : JoinAction

    /** Opens a thread that was joined. */
    data class Open(val thread: ThreadId) : JoinAction

    data object Read : JoinAction

    data object Went : JoinAction
}
