package tandem.platform

import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.NonCancellable
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.update
import kotlinx.coroutines.launch
import kotlinx.coroutines.sync.Mutex
import kotlinx.coroutines.sync.withLock
import kotlinx.coroutines.withContext
import tandem.Home
import tandem.Outcome
import tandem.TandemStore

/**
 * Whether the home is awake: while a screen is seen, and while a sync in the background goes on. Otherwise its store
 * is closed, so that the system can end this process at any time.
 */
class Wakefulness(private val home: Home, private val scope: CoroutineScope) {
    private val seen = MutableStateFlow(0)
    private val mutex = Mutex()
    private var working = 0
    private var awake = false

    /** A screen came to be seen. */
    fun appears() {
        seen.update { it + 1 }
        scope.launch { settle() }
    }

    /** There is a home now; the screen on which it was made is seen already. */
    fun opens() {
        scope.launch { settle() }
    }

    /** A screen is not seen any more. */
    fun disappears() {
        seen.update { maxOf(0, it - 1) }
        scope.launch { settle() }
    }

    /** Looks once for what is new, whether a screen is seen or not; false when it is worth trying again. */
    suspend fun look(): Boolean {
        var begun = false
        return try {
            // Who is cancelled while the store opens closes it again.
            val store =
                withContext(NonCancellable) {
                    begun = true
                    begin()
                }
            store?.lookNow() is Outcome.Done
        } finally {
            if (begun) withContext(NonCancellable) { end() }
        }
    }

    private suspend fun begin(): TandemStore? =
        mutex.withLock {
            working++
            wake()
        }

    private suspend fun end() {
        mutex.withLock { working-- }
        settle()
    }

    private suspend fun settle() =
        mutex.withLock {
            val wanted = seen.value > 0
            if (wanted) wake()?.setOnline(true)
            if (!wanted && working == 0 && awake) {
                (home.open() as? Outcome.Done)?.value?.run {
                    setOnline(false)
                    suspended()
                }
                awake = false
            }
        }

    /** The store, open; null when there is no home, or it does not open. */
    private suspend fun wake(): TandemStore? {
        val store = (home.open() as? Outcome.Done)?.value ?: return null
        if (!awake) {
            if (store.resumed() !is Outcome.Done) return null
            awake = true
        }
        return store
    }
}
