package tandem.screens

import tandem.engine.EntryId
import tandem.engine.MemberRow
import tandem.engine.ThreadId
import tandem.words.KindForm

/** Something that is being written. */
data class ComposeState(
    val thread: ThreadId,
    val around: Around = Around(),
    /** To whom; `words.closed` says why nothing can be said here. */
    val to: Loaded<InboxItem> = Loaded.Reading,
    /** Who can read it. */
    val readers: List<MemberRow> = emptyList(),
    val forms: List<KindForm> = emptyList(),
    /** The kind in use, also before its form is known. */
    val kind: String? = null,
    /** The form in use. */
    val form: KindForm? = null,
    /** What was written, by field; kept when the form changes. */
    val fields: Map<String, String> = emptyMap(),
    val answers: Quoted? = null,
    /** Fields that are needed and not there yet. */
    val missing: Set<String> = emptySet(),
    /** What can't be said as it is, at its field if it is about one: words that are too long to go as one. */
    val wrong: Problem? = null,
    /** What is needed is there, and nothing is being sent. */
    val ready: Boolean = false,
    val sending: Boolean = false,
    /** "Throw away?" is asked. */
    val asksToThrowAway: Boolean = false,
    /** Why it was not said, at its field if it is about one. The words are still here. */
    val problem: Problem? = null,
    val next: Place? = null,
)

sealed interface ComposeAction {
    data class Kind(val kind: String) : ComposeAction

    data class Field(val name: String, val text: String) : ComposeAction

    data class Answers(val entry: EntryId?) : ComposeAction

    data object Send : ComposeAction

    data object ThrowAway : ComposeAction

    data object ThrowAwayReally : ComposeAction

    data object Keep : ComposeAction

    data object Read : ComposeAction

    data object Went : ComposeAction
}
