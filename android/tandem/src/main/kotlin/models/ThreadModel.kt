package tandem.models

import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.combine
import kotlinx.coroutines.flow.distinctUntilChanged
import kotlinx.coroutines.flow.map
import kotlinx.coroutines.flow.update
import kotlinx.coroutines.launch
import tandem.Drafts
import tandem.Outcome
import tandem.TandemStore
import tandem.bindings.inboxWords
import tandem.engine.EntryId
import tandem.engine.Intent
import tandem.engine.ThreadId
import tandem.engine.ThreadRow
import tandem.screens.InboxItem
import tandem.screens.Loaded
import tandem.screens.ThreadAction
import tandem.screens.ThreadState
import tandem.screens.orNull
import java.time.ZoneId

/** One thread as it is read. */
class ThreadModel(
    private val store: TandemStore,
    drafts: Drafts,
    private val thread: ThreadId,
    scope: CoroutineScope,
    zone: ZoneId = ZoneId.systemDefault(),
) : Model<ThreadState, ThreadAction>(ThreadState(thread), scope) {
    private val lines = Rows(zone)
    private val wasOnScreen = MutableStateFlow(emptySet<EntryId>())

    init {
        val rows = store.thread(thread)
        val top = store.top(thread)
        val reader = top.map { reader(it.orNull) }.distinctUntilChanged()
        shows(store.around(rows.map { it.orNull.orEmpty().map(ThreadRow::author) })) { state, around ->
            state.copy(around = around)
        }
        shows(top) { state, top ->
            state.copy(top = top, canWrite = top.orNull?.words?.let { it.closed == null } ?: false)
        }
        shows(combine(rows, reader) { rows, reader -> rows.map { lines.items(it, reader) } }) { state, items ->
            state.copy(items = items)
        }
        shows(drafts.threads) { state, threads -> state.copy(draft = thread in threads) }
        val unseen = combine(rows, top, wasOnScreen, ::unseenAndShown).distinctUntilChanged()
        scope.launch { unseen.collect { if (it > 0) tell(store.perform(Intent.MarkSeen(thread))) } }
    }

    override fun act(action: ThreadAction) {
        when (action) {
            is ThreadAction.OnScreen -> {
                wasOnScreen.update { it + action.entries }
            }

            is ThreadAction.Explain -> {
                put { it.copy(explained = action.entry.takeIf { entry -> entry != it.explained }) }
            }

            is ThreadAction.Move -> {
                move(action)
            }

            ThreadAction.TryNow -> {
                scope.launch { tell(store.lookNow()) }
            }

            ThreadAction.Read -> {
                put { it.copy(problem = null) }
            }

            ThreadAction.Went -> {
                put { it.copy(next = null) }
            }
        }
    }

    private fun move(action: ThreadAction.Move) {
        if (!claim { state -> state.copy(moving = action.step).takeIf { state.moving == null } }) return
        scope.launch {
            tell(store.perform(Intent.TakeStep(thread, action.step, action.to)))
            put { it.copy(moving = null) }
        }
    }

    /**
     * How many entries were not seen, once all of them have been on the screen; none before that, since the engine
     * marks all that is here.
     */
    private fun unseenAndShown(rows: Loaded<List<ThreadRow>>, top: Loaded<InboxItem>, shown: Set<EntryId>): Int {
        val unseen = top.orNull?.row?.unseen?.toInt() ?: 0
        val others = rows.orNull.orEmpty().filter { !it.mine && it.kind != EVENT }
        val newest = others.takeLast(unseen)
        return if (newest.size == unseen && newest.all { it.entry in shown }) unseen else 0
    }

    private fun tell(outcome: Outcome<*>) {
        if (outcome is Outcome.Not) put { it.copy(problem = outcome.why) }
    }

    private companion object {
        /** The kind of rows that say who came and who went. */
        const val EVENT = "roster"
    }
}

/** A thread's row of the inbox, with what is said of it. */
internal fun TandemStore.top(thread: ThreadId) =
    combine(inbox, link) { rows, link ->
        val row = rows.orNull?.find { it.thread == thread }
        when {
            row != null -> Loaded.Here(InboxItem(row, inboxWords(row, link)))
            rows is Loaded.Missing -> rows
            else -> Loaded.Reading
        }
    }.distinctUntilChanged()
