package tandem

import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.Job
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.flow.catch
import kotlinx.coroutines.flow.conflate
import kotlinx.coroutines.flow.distinctUntilChanged
import kotlinx.coroutines.flow.emitAll
import kotlinx.coroutines.flow.filterNot
import kotlinx.coroutines.flow.flow
import kotlinx.coroutines.flow.map
import kotlinx.coroutines.flow.onStart
import kotlinx.coroutines.flow.retry
import kotlinx.coroutines.job
import kotlinx.coroutines.launch
import tandem.bindings.LinkNow
import tandem.bindings.NetworkPath
import tandem.bindings.Notifications
import tandem.bindings.Repair
import tandem.bindings.Tandem
import tandem.engine.Answer
import tandem.engine.InboxRow
import tandem.engine.Intent
import tandem.engine.Query
import tandem.engine.SyncReport
import tandem.engine.ThreadId
import tandem.engine.ThreadRow
import tandem.screens.Loaded

/**
 * An open home as screens watch it: one for each home that is open, for as long as it is.
 *
 * Rows are pulled from the engine and applied here and nowhere else. Nothing goes on for a thread at which
 * nobody looks. `close` ends everything that goes on; the home itself is closed by `closeHome`.
 */
class TandemStore(private val tandem: Tandem, scope: CoroutineScope) : AutoCloseable {
    private val job = SupervisorJob(scope.coroutineContext.job)
    private val scope = CoroutineScope(scope.coroutineContext + job)
    private val threads = Shared<ThreadId, Loaded<List<ThreadRow>>>(this.scope, Loaded.Reading)
    private val inboxNow = MutableStateFlow<Loaded<List<InboxRow>>>(Loaded.Reading)
    private val linkNow = MutableStateFlow<LinkNow>(LinkNow.Offline(null))
    private val repairsNow = MutableStateFlow<List<Repair>>(emptyList())

    /** The inbox. */
    val inbox: StateFlow<Loaded<List<InboxRow>>> = inboxNow.asStateFlow()

    /** How the connection stands. */
    val link: StateFlow<LinkNow> = linkNow.asStateFlow()

    /** What the person has not been told yet about their home. */
    val repairs: StateFlow<List<Repair>> = repairsNow.asStateFlow()

    init {
        outlives { tandem.inboxRows().loaded().collect { inboxNow.value = it } }
        outlives { tandem.linkStates().catch { }.collect { linkNow.value = it } }
        outlives {
            tandem
                .moments()
                .catch { }
                .conflate()
                .collect { repairsNow.value += tandem.takeRepairs() }
        }
    }

    /** A thread's rows. All who look share one feed, which ends with the last of them. */
    fun thread(thread: ThreadId): Flow<Loaded<List<ThreadRow>>> = threads.of(thread) { tandem.rowsOf(thread).loaded() }

    /** As much of a thread as is shown: its newest rows, and earlier ones each time that [more] says so. */
    fun page(thread: ThreadId, more: Flow<Unit>): Flow<Loaded<Page>> =
        tandem.pageOf(thread, PAGE, more).loaded().onStart { emit(Loaded.Reading) }

    /** The answer to a screen's question, asked again whenever something may have changed. */
    fun asked(query: Query): Flow<Loaded<Answer>> =
        flow { emitAll(tandem.moments()) }
            .conflate()
            .map { ask(query) }
            .catch { emit(Loaded.Missing(problem(it.asException()))) }
            // Asleep, nothing can be asked, and what was answered is as true as before.
            .filterNot { it is Loaded.Missing && it.why.code == SUSPENDED }
            .onStart { emit(Loaded.Reading) }
            .distinctUntilChanged()

    /** The answer to a screen's question as it is now. */
    suspend fun ask(query: Query): Loaded<Answer> =
        when (val answer = trying { tandem.ask(query) }) {
            is Outcome.Done -> Loaded.Here(answer.value)
            is Outcome.Not -> Loaded.Missing(answer.why)
        }

    /** Begins something that goes on when the screen that began it is gone. Begun at once, before this returns. */
    fun outlives(work: suspend () -> Unit): Job = scope.launch(start = CoroutineStart.UNDISPATCHED) { work() }

    /** Does what a person means. What was begun is not taken back when nobody waits for it any more. */
    suspend fun perform(intent: Intent): Outcome<Answer> = trying { tandem.perform(intent) }

    /** Connects, sends and reads everything, at most so long. */
    suspend fun lookNow(): Outcome<SyncReport> = trying { tandem.syncOnce(PATIENCE_MS) }

    /** How this home stands, for whoever helps: no names, no titles, nothing that was said. */
    suspend fun diagnostics(): Outcome<String> = trying { tandem.diagnostics() }

    /** A push woke the phone; whatever it says, one sync looks. */
    suspend fun wake(payload: ByteArray, deadlineMs: UInt): Outcome<SyncReport> =
        trying { tandem.wake(payload, deadlineMs) }

    /** From now on tells the platform of what is new and was not read yet; nobody any more with null. */
    suspend fun notify(by: Notifications?): Outcome<Unit> = trying { tandem.notify(by) }

    fun setOnline(online: Boolean) = tandem.setOnline(online)

    fun networkChanged(path: NetworkPath) = tandem.networkChanged(path)

    suspend fun suspended(): Outcome<Unit> = trying { tandem.suspend() }

    suspend fun resumed(): Outcome<Unit> = trying { tandem.resume() }

    /** The person has read what was told about their home. */
    fun repairsRead() {
        repairsNow.value = emptyList()
    }

    /** Ends what goes on for screens, and closes the home. */
    suspend fun closeHome() {
        job.cancelAndJoin()
        trying { tandem.closeHome() }
        tandem.close()
    }

    override fun close() = job.cancel()

    private companion object {
        const val PATIENCE_MS = 20_000u

        /** More than a screen has room for, in one go. */
        const val PAGE = 50u
        const val SUSPENDED = "suspended"
    }
}

/** A feed's rows, or why they can't be read. A change that can't be read is followed by all rows anew. */
private fun <T> Flow<T>.loaded(): Flow<Loaded<T>> =
    retry(ATTEMPTS) { it !is tandem.bindings.TandemException }
        .map<T, Loaded<T>> { Loaded.Here(it) }
        .catch { emit(Loaded.Missing(problem(it.asException()))) }

private fun Throwable.asException(): Exception = this as? Exception ?: throw this

private const val ATTEMPTS = 3L
