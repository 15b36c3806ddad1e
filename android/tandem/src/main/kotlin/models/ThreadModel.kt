package tandem.models

import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.MutableSharedFlow
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.combine
import kotlinx.coroutines.flow.distinctUntilChanged
import kotlinx.coroutines.flow.mapLatest
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
import kotlin.time.Duration
import kotlin.time.Duration.Companion.milliseconds

/** One thread as it is read; what was on the screen for [still] counts as seen. */
@OptIn(ExperimentalCoroutinesApi::class)
class ThreadModel(
    private val store: TandemStore,
    drafts: Drafts,
    private val thread: ThreadId,
    scope: CoroutineScope,
    zone: ZoneId = ZoneId.systemDefault(),
    still: Duration = 500.milliseconds,
) : Model<ThreadState, ThreadAction>(ThreadState(thread), scope) {
    private val lines = Rows(zone)
    private val more = MutableSharedFlow<Unit>(extraBufferCapacity = 1)
    private val wasOnScreen = MutableStateFlow(emptySet<EntryId>())

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
        scope.launch { marks(still) }
    }

    override fun act(action: ThreadAction) {
        when (action) {
            ThreadAction.Earlier -> {
                more.tryEmit(Unit)
            }

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

    private fun shown(page: Loaded<Page>, inbox: Loaded<List<InboxRow>>, link: LinkNow): Shown {
        val top = top(thread, inbox, link)
        val writers = page.orNull?.rows.orEmpty().map(ThreadRow::author)
        val items = page.map { lines.items(it.rows, reader(top.orNull)) }
        return Shown(around(link, inbox, writers), top, items, page.orNull.let { it != null && it.earlier > 0u })
    }

    /** Marks what was on the screen, each once; what could not be marked is marked with what comes next. */
    private suspend fun marks(still: Duration) {
        val marked = mutableSetOf<EntryId>()
        val settled =
            wasOnScreen.mapLatest { shown ->
                delay(still)
                shown
            }
        settled.collect { shown ->
            val new = shown - marked
            if (new.isEmpty()) return@collect
            if (store.perform(Intent.MarkSeen(thread, new.toList())) is Outcome.Done) marked += new
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
