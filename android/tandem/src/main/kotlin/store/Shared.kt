package tandem

import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Job
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.emitAll
import kotlinx.coroutines.flow.flow
import kotlinx.coroutines.launch

/** States that many look at and one reads, for as long as somebody looks; then nothing of them is left. */
internal class Shared<K, V>(private val scope: CoroutineScope, private val first: V) {
    private class Looked<V>(val state: MutableStateFlow<V>, var lookers: Int = 0, var reads: Job? = null)

    private val looked = HashMap<K, Looked<V>>()

    /** How many are read just now. */
    val size: Int get() = synchronized(looked) { looked.size }

    fun of(key: K, read: () -> Flow<V>): Flow<V> =
        flow {
            val state = look(key, read)
            try {
                emitAll(state)
            } finally {
                lookAway(key)
            }
        }

    private fun look(key: K, read: () -> Flow<V>): Flow<V> =
        synchronized(looked) {
            val here = looked.getOrPut(key) { Looked(MutableStateFlow(first)) }
            if (here.lookers++ == 0) here.reads = scope.launch { read().collect { here.state.value = it } }
            here.state
        }

    private fun lookAway(key: K) =
        synchronized(looked) {
            val here = looked.getValue(key)
            if (--here.lookers == 0) {
                looked.remove(key)
                here.reads?.cancel()
            }
        }
}
