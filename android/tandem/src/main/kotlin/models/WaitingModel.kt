package tandem.models

import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.flow.combine
import kotlinx.coroutines.flow.mapLatest
import kotlinx.coroutines.launch
import tandem.Outcome
import tandem.TandemStore
import tandem.bindings.homeLine
import tandem.bindings.waitingWords
import tandem.engine.Answer
import tandem.engine.Author
import tandem.engine.EntryId
import tandem.engine.InboxRow
import tandem.engine.Query
import tandem.engine.ThreadId
import tandem.engine.WaitingRow
import tandem.screens.Loaded
import tandem.screens.WaitingAction
import tandem.screens.WaitingItem
import tandem.screens.WaitingState
import tandem.screens.orNull
import tandem.words.Remedy

/** What has not left this phone, and what is in its way. */
@OptIn(ExperimentalCoroutinesApi::class)
class WaitingModel(private val store: TandemStore, scope: CoroutineScope) :
    Model<WaitingState, WaitingAction>(WaitingState(), scope) {
    init {
        shows(
            combine(store.asked(Query.Inbox), store.link) { answer, link ->
                (answer.orNull as? Answer.Inbox)?.let { it.v2.items() to homeLine(it.v1, it.v2, link) }
            },
        ) { state, shown -> state.copy(joins = shown?.first.orEmpty(), line = shown?.second.orEmpty()) }
        shows(
            combine(store.asked(Query.Waiting), store.inbox, store.link) { answer, inbox, link ->
                Triple(answer, inbox.orNull.orEmpty(), around(link, inbox))
            }.mapLatest { (answer, inbox, around) ->
                // Together: what waits names people.
                around to
                    when (answer) {
                        is Loaded.Here -> Loaded.Here(items((answer.value as? Answer.Waiting)?.v1.orEmpty(), inbox))
                        is Loaded.Missing -> answer
                        Loaded.Reading -> Loaded.Reading
                    }
            },
        ) { state, (around, items) -> state.copy(around = around, items = items) }
        shows(store.repairs) { state, repairs -> state.copy(repairs = repairs) }
    }

    override fun act(action: WaitingAction) {
        when (action) {
            WaitingAction.TryNow -> tryNow()
            WaitingAction.RepairsRead -> store.repairsRead()
            WaitingAction.Read -> put { it.copy(problem = null) }
            WaitingAction.Went -> put { it.copy(next = null) }
        }
    }

    private fun tryNow() {
        if (!claim { state -> state.copy(trying = true).takeUnless { state.trying } }) return
        scope.launch {
            val tried = store.lookNow()
            put { it.copy(trying = false, problem = (tried as? Outcome.Not)?.why) }
        }
    }

    private suspend fun items(rows: List<WaitingRow>, inbox: List<InboxRow>): List<WaitingItem> {
        val said = rows.map { it to waitingWords(it) }
        // A thread is read only where somebody can copy what they wrote in it.
        val copied = said.filter { (row, words) -> row.entry != null && Remedy.COPY_TEXT in words.stands.remedies }
        val texts = copied.map { it.first.thread }.distinct().associateWith { texts(it) }
        val keys = HashMap<String, Int>()
        return said.map { (row, words) ->
            val base = listOf(row.thread, row.entry, row.what).joinToString(" ")
            val nth = keys.merge(base, 1, Int::plus)
            val title = inbox.find { it.thread == row.thread }?.title
            WaitingItem("$base $nth", row, words, title, texts[row.thread]?.get(row.entry))
        }
    }

    /** Own words in a thread, by entry. */
    private suspend fun texts(thread: ThreadId): Map<EntryId, String> {
        val rows = (store.ask(Query.Thread(thread)).orNull as? Answer.Thread)?.v2.orEmpty()
        return rows.filter { it.mine }.associate { it.entry to text(words(it, NOBODY)) }
    }
}
