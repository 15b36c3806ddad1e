package tandem

import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.NonCancellable
import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.flow.update
import kotlinx.coroutines.launch
import kotlinx.coroutines.withContext
import tandem.engine.EntryId
import tandem.engine.ThreadId
import java.io.IOException

/** Words that were begun and neither sent nor thrown away. */
data class Draft(
    val kind: String,
    val fields: Map<String, String>,
    val answers: EntryId? = null,
    /**
     * It is being sent, or was when the app ended: so many own entries said the same before. If there are more
     * by now, it was said.
     */
    val sendingAfter: Int? = null,
)

/** Where drafts are kept. Each call may block, and is made on a thread where it may. */
interface DraftFiles {
    fun threads(): Set<ThreadId>

    /** Null: there is none, or none that can be read. */
    fun read(thread: ThreadId): Draft?

    /** Durable when it returns; all or nothing. */
    fun write(thread: ThreadId, draft: Draft)

    fun delete(thread: ThreadId)
}

/** The drafts of this phone. What is typed is kept in its order, the newest only, and nobody waits for a disk. */
class Drafts(private val files: DraftFiles, scope: CoroutineScope) {
    private val unwritten = LinkedHashMap<ThreadId, Draft?>()
    private val wake = Channel<Unit>(Channel.CONFLATED)
    private val waiting = mutableListOf<CompletableDeferred<Unit>>()
    private val threadsNow = MutableStateFlow(emptySet<ThreadId>())
    private val failedNow = MutableStateFlow(false)

    /** Threads in which words were begun and not sent. */
    val threads: StateFlow<Set<ThreadId>> = threadsNow.asStateFlow()

    /** The disk takes no drafts: what is typed lives as long as the app. */
    val failed: StateFlow<Boolean> = failedNow.asStateFlow()

    init {
        scope.launch(Dispatchers.IO) {
            threadsNow.update { it + files.threads() }
            try {
                for (something in wake) write()
            } finally {
                withContext(NonCancellable) { write() }
            }
        }
    }

    /** The draft of a thread, if there is one. */
    suspend fun read(thread: ThreadId): Draft? {
        synchronized(unwritten) { if (thread in unwritten) return unwritten[thread] }
        return withContext(Dispatchers.IO) { files.read(thread) }
    }

    /** Keeps a draft; null throws it away. */
    fun keep(thread: ThreadId, draft: Draft?) {
        synchronized(unwritten) { unwritten[thread] = draft }
        threadsNow.update { if (draft == null) it - thread else it + thread }
        wake.trySend(Unit)
    }

    /** Waits until everything that was kept before is durable, or could not be made so. */
    suspend fun settled() {
        val written = CompletableDeferred<Unit>()
        synchronized(unwritten) {
            if (unwritten.isEmpty()) return
            waiting += written
        }
        wake.trySend(Unit)
        written.await()
    }

    /** What was kept until now. What is kept meanwhile has woken this again. */
    private fun write() {
        val done: List<CompletableDeferred<Unit>>
        val drafts: Map<ThreadId, Draft?>
        synchronized(unwritten) {
            done = waiting.toList().also { waiting.clear() }
            drafts = unwritten.toMap()
        }
        for ((thread, draft) in drafts) {
            // What could not be written stays here, and is tried again with what is kept next.
            val wrote = tryWrite(thread, draft)
            synchronized(unwritten) { if (wrote && unwritten[thread] === draft) unwritten.remove(thread) }
            failedNow.value = !wrote
        }
        done.forEach { it.complete(Unit) }
    }

    private fun tryWrite(thread: ThreadId, draft: Draft?): Boolean =
        try {
            if (draft == null) files.delete(thread) else files.write(thread, draft)
            true
        } catch (_: IOException) {
            false
        }
}
