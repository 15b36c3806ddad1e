package tandem.screens

import tandem.engine.EntryId
import tandem.engine.Quote
import tandem.engine.StepState
import tandem.engine.ThreadId
import tandem.engine.ThreadRow
import tandem.words.RowWords
import java.time.LocalDate

/** One thread as it is read. */
data class ThreadState(
    val thread: ThreadId,
    val around: Around = Around(),
    /** Title, people, the honest line (`words.fresh`), why nothing can be written (`words.closed`). */
    val top: Loaded<InboxItem> = Loaded.Reading,
    /** Days, entries and events, the oldest first: of a long thread the newest, and as many before as were asked for. */
    val items: Loaded<List<ThreadItem>> = Loaded.Reading,
    /** "Write" is there. */
    val canWrite: Boolean = false,
    /** Words of this thread that were begun and not sent lie on this phone. */
    val draft: Boolean = false,
    /** The entry whose mark was touched: it says what it means. */
    val explained: EntryId? = null,
    /** The step that is being moved just now. */
    val moving: EntryId? = null,
    /** There is more before the first item. */
    val earlier: Boolean = false,
    val problem: Problem? = null,
    val next: Place? = null,
)

/** A line of a thread. `key` is stable while rows come and go. */
sealed interface ThreadItem {
    val key: String

    data class Day(val day: LocalDate, override val key: String) : ThreadItem

    data class Entry(val row: ThreadRow, val words: RowWords) : ThreadItem {
        override val key: String get() = row.entry
        val answers: Quoted? get() = row.answers?.let { Quoted(it, row.quoted) }
    }

    /** Somebody came or went. */
    data class Event(val row: ThreadRow, val words: RowWords) : ThreadItem {
        override val key: String get() = row.entry
    }
}

/** What an entry answers; [said] is null while that is not here. */
data class Quoted(val entry: EntryId, val said: Quote? = null)

sealed interface ThreadAction {
    /** The first line came near the screen: what was said before it is shown, too. */
    data object Earlier : ThreadAction

    /** What is on the screen now, and nothing else is, by the keys of its entries. Said whenever that changes. */
    data class OnScreen(val entries: Set<EntryId>) : ThreadAction

    /** The mark was touched; again: it is put away. */
    data class Explain(val entry: EntryId) : ThreadAction

    data class Move(val step: EntryId, val to: StepState) : ThreadAction

    /** A remedy of something stuck. */
    data object TryNow : ThreadAction

    data object Read : ThreadAction

    data object Went : ThreadAction
}
