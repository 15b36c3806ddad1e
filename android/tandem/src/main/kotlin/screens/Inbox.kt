package tandem.screens

import tandem.engine.ThreadId
import tandem.words.Phrase

/** All threads of this phone, and what waits. */
data class InboxState(
    val around: Around = Around(),
    /** The honest line under the title. */
    val line: List<Phrase> = emptyList(),
    /** Empty: nothing is here yet. */
    val rows: Loaded<List<InboxItem>> = Loaded.Reading,
    val joins: List<JoinItem> = emptyList(),
    /** Threads in which words were begun and not sent. */
    val drafts: Set<ThreadId> = emptySet(),
    /** What "Write" does; null: there is no thread to write in. */
    val write: Write? = null,
    /** This person can found a thread. */
    val canFound: Boolean = false,
    /** A thread is being named. */
    val founding: Founding? = null,
    /** The person asked to look now, and it goes on. */
    val looking: Boolean = false,
    val problem: Problem? = null,
    val next: Place? = null,
)

/** What "Write" does. */
sealed interface Write {
    data class In(val thread: ThreadId) : Write

    /** The thread is chosen first. */
    data class Choose(val among: List<InboxItem>) : Write
}

/** A thread that is about to be founded. */
data class Founding(val title: String = "", val busy: Boolean = false, val problem: Problem? = null)

sealed interface InboxAction {
    /** Pulled down, or "Try now": looks at once. */
    data object LookNow : InboxAction

    data object FoundBegin : InboxAction

    data class FoundTitle(val text: String) : InboxAction

    data object FoundSay : InboxAction

    data object FoundNot : InboxAction

    data object Read : InboxAction

    data object Went : InboxAction
}
