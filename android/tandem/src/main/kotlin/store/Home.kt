package tandem

import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.sync.Mutex
import kotlinx.coroutines.sync.withLock
import tandem.bindings.KeyVault
import tandem.bindings.Tandem
import tandem.bindings.createHome
import tandem.engine.Profile

/** The one home that a phone has: where it is, and its store while it is open. */
class Home(private val folder: String, private val vault: KeyVault, private val scope: CoroutineScope) {
    private val mutex = Mutex()
    private var store: TandemStore? = null

    /** Makes the home. */
    suspend fun make(profile: Profile): Outcome<Unit> = trying { createHome(folder, profile, vault) }

    /** Its store; opened by whoever comes first. */
    suspend fun open(): Outcome<TandemStore> =
        mutex.withLock {
            trying { store ?: TandemStore(Tandem.open(folder, vault), scope).also { store = it } }
        }

    /** Closes what is open. */
    suspend fun close() =
        mutex.withLock {
            store?.closeHome()
            store = null
        }
}
