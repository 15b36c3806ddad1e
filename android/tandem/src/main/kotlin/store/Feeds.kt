package tandem

import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.FlowCollector
import kotlinx.coroutines.flow.flow
import kotlinx.coroutines.launch
import tandem.bindings.ChangeFeed
import tandem.bindings.InboxFeed
import tandem.bindings.LinkFeed
import tandem.bindings.LinkNow
import tandem.bindings.Tandem
import tandem.bindings.ThreadFeed
import tandem.engine.InboxRow
import tandem.engine.ThreadId
import tandem.engine.ThreadRow

/** A thread's rows, as they are now and after each change. */
fun Tandem.rowsOf(thread: ThreadId): Flow<List<ThreadRow>> =
    pulled({ thread(thread) }, ThreadFeed::stop) { feed -> emitAfterEach(feed::next, List<ThreadRow>::after) }

/** As much of a thread as is shown: its newest rows, and how many stand before them. */
data class Page(val rows: List<ThreadRow>, val earlier: UInt)

/** A thread's newest [rows], as they are now and after each change; so many earlier ones for each time that [more] says so. */
fun Tandem.pageOf(thread: ThreadId, rows: UInt, more: Flow<Unit>): Flow<Page> =
    pulled({ newest(thread, rows) }, ThreadFeed::stop) { feed ->
        coroutineScope {
            val asks = launch { more.collect { feed.showEarlier(rows) } }
            var shown = emptyList<ThreadRow>()
            while (true) {
                shown = shown.after(feed.next() ?: break)
                emit(Page(shown, feed.earlier()))
            }
            asks.cancel()
        }
    }

/** The inbox, as it is now and after each change. */
fun Tandem.inboxRows(): Flow<List<InboxRow>> =
    pulled({ inbox() }, InboxFeed::stop) { feed -> emitAfterEach(feed::next, List<InboxRow>::after) }

/** How the connection stands after each change of it. */
fun Tandem.linkStates(): Flow<LinkNow> = pulled({ link() }, LinkFeed::stop) { while (true) emit(it.next() ?: break) }

/** Said at once, and again whenever something may have changed. */
fun Tandem.moments(): Flow<Unit> =
    pulled({ changes() }, ChangeFeed::stop) { feed ->
        emit(Unit)
        while (feed.next()) emit(Unit)
    }

private suspend fun <D, R> FlowCollector<List<R>>.emitAfterEach(
    next: suspend () -> D?,
    after: (List<R>, D) -> List<R>,
) {
    var rows = emptyList<R>()
    while (true) {
        rows = after(rows, next() ?: break)
        emit(rows)
    }
}

/** What is pulled from a feed, which is stopped and let go of however it ends. */
private fun <F : AutoCloseable, T> pulled(
    open: () -> F,
    stop: (F) -> Unit,
    pull: suspend FlowCollector<T>.(F) -> Unit,
): Flow<T> =
    flow {
        val feed = open()
        try {
            pull(feed)
        } finally {
            stop(feed)
            feed.close()
        }
    }
