package tandem.models

import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.MutableSharedFlow
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.combine
import kotlinx.coroutines.flow.distinctUntilChanged
import kotlinx.coroutines.flow.transformLatest
import kotlinx.coroutines.flow.update
import kotlinx.coroutines.launch
import tandem.Drafts
import tandem.Outcome
import tandem.Page
import tandem.TandemStore
import tandem.bindings.LinkNow
import tandem.bindings.inboxWords
import tandem.engine.EntryId
import tandem.engine.InboxRow
import tandem.engine.Intent
import tandem.engine.ThreadId
import tandem.engine.ThreadRow
import tandem.screens.Around
import tandem.screens.InboxItem
import tandem.screens.Loaded
import tandem.screens.ThreadAction
import tandem.screens.ThreadItem
import tandem.screens.ThreadState
import tandem.screens.orNull
import java.time.ZoneId
import kotlin.time.ComparableTimeMark
import kotlin.time.Duration
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.TimeSource

/** One thread as it is read; what stays on the screen for [still] counts as seen. */
@OptIn(ExperimentalCoroutinesApi::class)
class ThreadModel(
    private val store: TandemStore,
    drafts: Drafts,
    private val thread: ThreadId,
    scope: CoroutineScope,
    zone: ZoneId = ZoneId.systemDefault(),
    private val still: Duration = 500.milliseconds,
    private val time: TimeSource.WithComparableMarks = TimeSource.Monotonic,
) : Model<ThreadState, ThreadAction>(ThreadState(thread), scope) {
    private val lines = Rows(zone)
    private val more = MutableSharedFlow<Unit>(extraBufferCapacity = 1)

    /** What is on the screen, and since when. */
    private val onScreen = MutableStateFlow(emptyMap<EntryId, ComparableTimeMark>())

    private data class Shown(
        val around: Around,
        val top: Loaded<InboxItem>,
        val items: Loaded<List<ThreadItem>>,
        val earlier: Boolean,
    )

    init {
        shows(combine(store.page(thread, more), store.inbox, store.link, ::shown).distinctUntilChanged()) { state, shown ->
            val canWrite = shown.top.orNull?.words?.let { it.closed == null } ?: false
            state.copy(
                around = shown.around,
                top = shown.top,
                items = shown.items,
                earlier = shown.earlier,
                canWrite = canWrite,
            )
        }
        shows(drafts.threads) { state, threads -> state.copy(draft = thread in threads) }
        scope.launch { marks() }
    }

    override fun act(action: ThreadAction) {
        when (action) {
            ThreadAction.Earlier -> {
                more.tryEmit(Unit)
            }

            is ThreadAction.OnScreen -> {
                onScreen.update { before -> action.entries.associateWith { before[it] ?: time.markNow() } }
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

    private fun shown(page: Loaded<Page>, inbox: Loaded<List<InboxRow>>, link: LinkNow): Shown {
        val top = top(thread, inbox, link)
        val writers = page.orNull?.rows.orEmpty().map(ThreadRow::author)
        val items = page.map { lines.items(it.rows, reader(top.orNull)) }
        return Shown(around(link, inbox, writers), top, items, page.orNull.let { it != null && it.earlier > 0u })
    }

    /**
     * Marks what has stayed on the screen, each once; what was passed over is not seen, and whoever comes back to it starts
     * anew. What could not be marked is marked with what comes next.
     */
    private suspend fun marks() {
        val (marked, owed) = mutableSetOf<EntryId>() to mutableSetOf<EntryId>()
        val stayed =
            onScreen.transformLatest { shown ->
                for (since in shown.values.distinct().sorted()) {
                    while (since.elapsedNow() < still) delay(still - since.elapsedNow())
                    // Asked again: it may have left just now.
                    emit(onScreen.value.filterValues { it <= since }.keys)
                }
            }
        stayed.collect { entries ->
            owed += entries - marked
            if (owed.isEmpty()) return@collect
            if (store.perform(Intent.MarkSeen(thread, owed.toList())) is Outcome.Done) {
                marked += owed
                owed.clear()
            }
        }
    }

    private fun tell(outcome: Outcome<*>) {
        if (outcome is Outcome.Not) put { it.copy(problem = outcome.why) }
    }
}

/** A thread's row of the inbox, with what is said of it. */
internal fun TandemStore.top(thread: ThreadId) =
    combine(inbox, link) { rows, link -> top(thread, rows, link) }.distinctUntilChanged()

private fun top(thread: ThreadId, inbox: Loaded<List<InboxRow>>, link: LinkNow): Loaded<InboxItem> {
    val row = inbox.orNull?.find { it.thread == thread }
    return when {
        row != null -> Loaded.Here(InboxItem(row, inboxWords(row, link)))
        inbox is Loaded.Missing -> inbox
        else -> Loaded.Reading
    }
}
