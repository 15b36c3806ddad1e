package tandem.models

import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.flow.flowOn
import kotlinx.coroutines.flow.getAndUpdate
import kotlinx.coroutines.flow.update
import kotlinx.coroutines.launch

/** What a screen shows, and what can be done on it. It lives as long as its scope. */
abstract class Model<S : Any, A : Any>(first: S, protected val scope: CoroutineScope) {
    private val now = MutableStateFlow(first)

    val state: StateFlow<S> = now.asStateFlow()

    abstract fun act(action: A)

    protected fun put(change: (S) -> S) = now.update(change)

    /** Changes the state if it may be changed so, and says whether it was: of two taps at once one does it. */
    protected fun claim(change: (S) -> S?): Boolean {
        val before = now.getAndUpdate { change(it) ?: it }
        return change(before) != null
    }

    /** Shows what comes, from now on. What is reckoned for it is not reckoned where the view draws. */
    protected fun <T> shows(what: Flow<T>, show: (S, T) -> S) {
        scope.launch { what.flowOn(Dispatchers.Default).collect { came -> put { show(it, came) } } }
    }
}
