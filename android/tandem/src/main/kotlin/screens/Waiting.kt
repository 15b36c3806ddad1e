package tandem.screens

import tandem.bindings.Repair
import tandem.engine.WaitingRow
import tandem.words.Phrase
import tandem.words.WaitingWords

/** What has not left this phone, and what is in its way. */
data class WaitingState(
    val around: Around = Around(),
    val line: List<Phrase> = emptyList(),
    /** Empty: nothing waits. */
    val items: Loaded<List<WaitingItem>> = Loaded.Reading,
    /** Joins that wait or were refused. */
    val joins: List<JoinItem> = emptyList(),
    /** Repairs of the home that the person has not been told yet. */
    val repairs: List<Repair> = emptyList(),
    /** Tried just now. */
    val trying: Boolean = false,
    val problem: Problem? = null,
    val next: Place? = null,
)

data class WaitingItem(
    val key: String,
    val row: WaitingRow,
    val words: WaitingWords,
    /** The thread's title, if it is in the inbox. */
    val title: String?,
    /** Own words, so that they can be copied. */
    val text: String?,
)

sealed interface WaitingAction {
    data object TryNow : WaitingAction

    /** The repairs were read. */
    data object RepairsRead : WaitingAction

    data object Read : WaitingAction

    data object Went : WaitingAction
}
