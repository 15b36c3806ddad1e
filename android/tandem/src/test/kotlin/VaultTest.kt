package tandem

import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.AfterEach
import org.junit.jupiter.api.Test
import tandem.bindings.KeyVault
import tandem.bindings.Tandem
import tandem.bindings.liveCalls
import tandem.engine.Query
import tandem.engine.Role
import tandem.screens.Loaded
import tandem.screens.Problem.Kind
import java.util.concurrent.CountDownLatch
import kotlin.test.assertEquals
import kotlin.test.assertIs

/** A platform's vault that behaves badly. */
class VaultTest {
    private val scene = Scene()

    @AfterEach fun end() = scene.close()

    /** Blocks until it is let go on, like a store of keys that waits for a chip. */
    private class Blocking(private val inner: KeyVault) : KeyVault by inner {
        val asked = CountDownLatch(1)
        val go = CountDownLatch(1)

        override fun load(): ByteArray? {
            asked.countDown()
            go.await()
            return inner.load()
        }
    }

    @Test fun `a vault that blocks holds up nobody else and who stops waiting is free`() =
        runBlocking {
            val other = scene.person("Ana", Role.GUARDIAN)
            val phone = scene.school.phone("Ms Rivera")
            phone.make("Ms Rivera", Role.TEACHER, scene.school.relay)
            val vault = Blocking(phone.vault)
            val opens = async(Dispatchers.IO) { Tandem.open(phone.folder, vault) }
            vault.asked.await()
            repeat(50) { assertIs<Loaded.Here<*>>(other.store.ask(Query.Inbox)) }
            assertIs<Outcome.Done<*>>(other.store.lookNow())
            val impatient = launch(Dispatchers.IO) { Tandem.open(phone.folder, vault) }
            impatient.cancelAndJoin()
            vault.go.countDown()
            val home = opens.await()
            assertIs<tandem.engine.Answer.Inbox>(home.ask(Query.Inbox))
            home.closeHome()
            home.close()
        }

    @Test fun `whatever a vault throws is told in words and the home is as it was`() =
        runBlocking {
            val phone = scene.school.phone("Ms Rivera")
            phone.make("Ms Rivera", Role.TEACHER, scene.school.relay)
            val home = Home(phone.folder, phone.vault, scene.scope)
            val throwing: List<() -> Nothing> =
                listOf(
                    { error("reset") },
                    { throw OutOfMemoryError("no room") },
                    { throw InterruptedException() },
                    { throw StackOverflowError() },
                )
            for (throws in throwing) {
                phone.vault.throws = throws
                assertEquals(Kind.DAMAGED, assertIs<Outcome.Not>(home.open()).why.kind)
            }
            phone.vault.throws = null
            val store = assertIs<Outcome.Done<TandemStore>>(home.open()).value
            assertIs<Loaded.Here<*>>(store.inbox.until { it !is Loaded.Reading })
            home.close()
            until { liveCalls() == 0u }
        }
}
