package tandem.screens

import tandem.bindings.LinkNow
import tandem.engine.EntryId
import tandem.engine.InboxRow
import tandem.engine.JoinRow
import tandem.engine.PersonId
import tandem.engine.ThreadId
import tandem.words.InboxWords
import tandem.words.JoinWords
import tandem.words.Phrase

/** What a screen reads from this phone: not read yet, here, or why it can't be. */
sealed interface Loaded<out T> {
    data object Reading : Loaded<Nothing>

    data class Here<out T>(val value: T) : Loaded<T>

    data class Missing(val why: Problem) : Loaded<Nothing>
}

/** What is here, if it is. */
val <T> Loaded<T>.orNull: T? get() = (this as? Loaded.Here)?.value

/** What went wrong, in words; the kind says what a person can do about it. */
data class Problem(
    val kind: Kind,
    val said: Phrase,
    /** Which case it is, for diagnostics. */
    val code: String = "",
    /** The field of an entry that it is about, if it is about one. */
    val field: String? = null,
) {
    enum class Kind {
        BAD_INPUT,
        NOT_ALLOWED,
        UNREACHABLE,
        TURNED_AWAY,
        LOCKED,
        NOT_KEPT,
        DAMAGED,
        UPDATE_NEEDED,

        /** The app itself did something wrong; nothing was lost. */
        UNEXPECTED,
    }
}

/** What every screen of an open home has around it. Offline is seen here. */
data class Around(
    val link: LinkNow = LinkNow.Offline(null),
    /** Names as this phone knows them, for phrases with people in them. */
    val names: Map<PersonId, String> = emptyMap(),
)

/** Somewhere to go. Views go by themselves where a person taps; a state's `next` is where the screen has to go. */
sealed interface Place {
    data object Welcome : Place

    /** With a link that was tapped, pasted or scanned. */
    data class Join(val link: String? = null) : Place

    data object Inbox : Place

    data class Thread(val thread: ThreadId) : Place

    data class Compose(val thread: ThreadId, val answers: EntryId? = null) : Place

    data class Members(val thread: ThreadId) : Place

    data object Waiting : Place

    data object About : Place
}

/** A thread of the inbox with what is said of it. */
data class InboxItem(val row: InboxRow, val words: InboxWords)

/** A join that waits, with what is said of it. */
data class JoinItem(val row: JoinRow, val words: JoinWords)
