package tandem.platform

import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.Job
import kotlinx.coroutines.async
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.delay
import kotlinx.coroutines.job
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeout
import org.junit.After
import org.junit.Rule
import org.junit.Test
import org.junit.rules.TemporaryFolder
import tandem.Home
import tandem.Outcome
import tandem.bindings.KeyVault
import tandem.engine.Intent
import tandem.engine.Profile
import tandem.engine.Role
import java.io.File
import kotlin.test.assertEquals
import kotlin.test.assertFalse
import kotlin.test.assertIs

/** On the real library. Nothing answers at the relay: what is looked at is whether the store is open. */
class WakefulnessTest {
    @get:Rule val folder = TemporaryFolder()

    private val scope = CoroutineScope(Dispatchers.Default + Job())
    private val home by lazy { Home(File(folder.root, "home").path, Vault(), scope) }

    private class Vault : KeyVault {
        @Volatile private var key: ByteArray? = null

        override fun load() = key

        override fun create(key: ByteArray) = replace(key)

        override fun replace(key: ByteArray) {
            this.key = key
        }

        override fun delete() {
            key = null
        }
    }

    @After fun end() =
        runBlocking {
            home.close()
            scope.coroutineContext.job.cancelAndJoin()
        }

    private suspend fun made() {
        val key = "a".repeat(52)
        assertIs<Outcome.Done<*>>(home.make(Profile("Ana", Role.GUARDIAN, "tandem://relay/127.0.0.1:1/$key")))
    }

    private suspend fun isOpen(): Boolean {
        val store = assertIs<Outcome.Done<tandem.TandemStore>>(home.open()).value
        return store.perform(Intent.KeepFor(null)) is Outcome.Done
    }

    private suspend fun until(open: Boolean) = withTimeout(60_000L) { while (isOpen() != open) delay(1) }

    @Test fun `a home is awake while a screen is seen`() =
        runBlocking {
            made()
            val wakefulness = Wakefulness(home, scope)
            wakefulness.appears()
            until(open = true)
            wakefulness.appears()
            wakefulness.disappears()
            wakefulness.disappears()
            until(open = false)
            wakefulness.appears()
            until(open = true)
        }

    @Test fun `a look in the background leaves the home asleep, also when it is given up`() =
        runBlocking {
            made()
            val wakefulness = Wakefulness(home, scope)
            assertFalse(wakefulness.look(), "nothing answers")
            until(open = false)
            val looks = launch { wakefulness.look() }
            until(open = true)
            looks.cancelAndJoin()
            until(open = false)
        }

    @Test fun `a look does not put a screen to sleep`() =
        runBlocking {
            made()
            val wakefulness = Wakefulness(home, scope)
            wakefulness.appears()
            until(open = true)
            assertFalse(wakefulness.look())
            assertEquals(true, isOpen())
        }

    @Test fun `without a home nothing is woken`() =
        runBlocking {
            val wakefulness = Wakefulness(home, scope)
            wakefulness.appears()
            assertFalse(async { wakefulness.look() }.await())
        }
}
