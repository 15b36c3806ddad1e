package tandem

import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeout
import org.junit.jupiter.api.AfterEach
import tandem.bindings.NetworkPath
import tandem.bindings.Tandem
import tandem.bindings.TandemException
import tandem.bindings.ThreadDiff
import tandem.bindings.liveCalls
import tandem.bindings.liveFeeds
import tandem.bindings.panics
import tandem.bindings.panicsInside
import tandem.bindings.panicsLater
import tandem.bindings.readLink
import tandem.engine.Answer
import tandem.engine.Delivery
import tandem.engine.EntryId
import tandem.engine.Intent
import tandem.engine.Query
import tandem.engine.Role
import tandem.engine.TandemLink
import tandem.engine.ThreadId
import tandem.engine.ThreadRow
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertIs
import kotlin.test.assertNotNull
import kotlin.test.assertTrue

/** The story of a trip, by the real library against a real relay process. Nothing stands in for either. */
class StoryTest {
    private val school = School()
    private val open = mutableListOf<Tandem>()

    @AfterEach fun end() {
        runBlocking { open.forEach { it.closeHome() } }
        open.forEach { it.close() }
        school.close()
    }

    private suspend fun opened(phone: Phone): Tandem = phone.open().also { open += it }

    private suspend fun person(name: String, role: Role): Pair<Phone, Tandem> {
        val phone = school.phone(name)
        phone.make(name, role, school.relay)
        return phone to opened(phone)
    }

    private suspend fun Tandem.says(thread: ThreadId, text: String): EntryId {
        val said = perform(Intent.Post(thread, "message", mapOf("text" to text), null))
        return assertIs<Answer.Said>(said).v1
    }

    private data class Together(val teacher: Tandem, val parent: Tandem, val thread: ThreadId, val phone: Phone)

    /** A teacher and a parent in one thread. */
    private suspend fun together(): Together {
        val (phone, teacher) = person("Ms Rivera", Role.TEACHER)
        val (_, parent) = person("Ana", Role.GUARDIAN)
        val (thread, link) = teacher.founds("Maya")
        assertIs<Answer.Joining>(parent.perform(Intent.Join(link)))
        for (person in listOf(teacher, parent, teacher, parent)) person.syncOnce(DEADLINE)
        val inbox = parent.inboxRows().until { it.isNotEmpty() }
        assertEquals(listOf("Maya"), inbox.map { it.title })
        return Together(teacher, parent, thread, phone)
    }

    @Test fun `what is said offline goes its way and each state of it is true`() =
        runBlocking {
            val (teacher, parent, thread) = together()
            val entry = teacher.says(thread, "We are at the lake.")
            var rows = teacher.sees(thread) { it.delivery(entry) != null }
            assertEquals(Delivery.OnThisPhone, rows.delivery(entry))
            assertTrue(teacher.syncOnce(DEADLINE).sent > 0u)
            rows = teacher.sees(thread) { it.delivery(entry) is Delivery.OnRelay }
            assertEquals("We are at the lake.", rows.find { it.entry == entry }?.fields?.get("text"))
            parent.syncOnce(DEADLINE)
            parent.sees(thread) { rows -> rows.any { it.entry == entry && !it.mine } }
            teacher.syncOnce(DEADLINE)
            teacher.sees(thread) { it.delivery(entry) is Delivery.OnTheirPhone }
            parent.perform(Intent.MarkSeen(thread, null))
            parent.syncOnce(DEADLINE)
            teacher.syncOnce(DEADLINE)
            val seen = teacher.sees(thread) { it.delivery(entry) is Delivery.Seen }.delivery(entry)
            assertEquals(1, assertIs<Delivery.Seen>(seen).by.size)
        }

    @Test fun `a change arrives by itself while both are online and a flapping path loses nothing`() =
        runBlocking {
            val (teacher, parent, thread) = together()
            teacher.setOnline(true)
            parent.setOnline(true)
            val said = mutableListOf<EntryId>()
            for (n in 1..6) {
                val online = n % 2 == 0
                parent.networkChanged(NetworkPath(online, expensive = true, constrained = false))
                said += teacher.says(thread, "number $n")
                if (online) parent.sees(thread) { rows -> rows.any { it.entry == said.last() } }
            }
            val rows = parent.sees(thread) { rows -> said.all { entry -> rows.any { it.entry == entry } } }
            assertEquals(said, rows.map { it.entry }.filter { it in said }, "in the order in which they were said")
        }

    @Test fun `what is cancelled stops in Rust and loses nothing`() =
        runBlocking {
            val (teacher, parent, thread) = together()
            school.relayStops()
            val entry = teacher.says(thread, "into the air")
            until { liveCalls() == 0u }
            val sync = teacher.startSync(60_000u)
            val waits = async(Dispatchers.Default) { runCatching { sync.wait() } }
            until { liveCalls() > 0u }
            sync.cancel()
            assertIs<TandemException.Cancelled>(waits.await().exceptionOrNull())
            until { liveCalls() == 0u }
            val job = launch(Dispatchers.Default) { teacher.syncOnce(60_000u) }
            until { liveCalls() > 0u }
            job.cancelAndJoin()
            until { liveCalls() == 0u }
            sync.close()
            school.relayStarts()
            teacher.syncOnce(DEADLINE)
            parent.wake("whatever a push says".toByteArray(), DEADLINE)
            parent.sees(thread) { rows -> rows.any { it.entry == entry } }
            Unit
        }

    @Test fun `a suspended home is closed and comes back with all of it`() =
        runBlocking {
            val (teacher, _, thread, phone) = together()
            val entry = teacher.says(thread, "before the phone slept")
            val feed = teacher.thread(thread)
            assertIs<ThreadDiff.Reset>(withTimeout(PATIENCE) { feed.next() })
            teacher.suspend()
            assertFailsWith<TandemException.Locked> { teacher.says(thread, "asleep") }
            // The store is closed: another process could open it now.
            val other = phone.open()
            other.closeHome()
            other.close()
            teacher.resume()
            withTimeout(PATIENCE) {
                while (true) {
                    val diff = assertNotNull(feed.next())
                    if (diff is ThreadDiff.Reset && diff.rows.any { it.entry == entry }) break
                }
            }
            feed.stop()
            assertEquals(null, feed.next(), "a feed that was stopped ends")
            feed.close()
        }

    @Test fun `a vault that refuses or throws is told in words and nothing is lost`() =
        runBlocking {
            val (teacher, _, thread, phone) = together()
            teacher.says(thread, "kept")
            teacher.closeHome()
            phone.vault.locked = true
            val locked = assertFailsWith<TandemException> { phone.open().whole() }
            assertEquals("vault_locked", assertIs<TandemException.Locked>(locked).code)
            phone.vault.locked = false
            phone.vault.throws = { error("the keystore was reset by nobody knows whom") }
            val failed = assertIs<TandemException.Damaged>(assertFailsWith<TandemException> { phone.open().whole() })
            assertEquals("vault_failed", failed.code)
            phone.vault.throws = null
            val again = opened(phone)
            again.sees(thread) { rows -> rows.any { it.fields["text"] == "kept" } }
            Unit
        }

    @Test fun `wrong input is an exception that says what to do`() =
        runBlocking {
            val (teacher, _, thread) = together()
            assertEquals("bad_link", assertFailsWith<TandemException.BadInput> { readLink("tandem://join/half") }.code)
            val missing =
                assertFailsWith<TandemException.BadInput> {
                    teacher.perform(Intent.Post(thread, "concern", emptyMap(), null))
                }
            assertEquals("missing_field", missing.code)
            assertNotNull(missing.`field`)
            val long =
                assertFailsWith<TandemException.BadInput> { teacher.says(thread, "x".repeat(1 shl 20)) }
            assertEquals("too_long", long.code)
            val nobody = "a".repeat(32)
            assertFailsWith<TandemException.NotAllowed> { teacher.says(nobody, "to nobody") }
            assertFailsWith<Exception> { teacher.thread("no id at all") }
            assertFailsWith<TandemException.BadInput> {
                school
                    .phone(
                        "Ms Rivera",
                    ).make("x", Role.TEACHER, school.relay)
            }
            Unit
        }

    @Test fun `a fault of ours is an exception and everything goes on`() =
        runBlocking {
            val (teacher, _, thread) = together()
            assertFailsWith<Exception> { panics() }
            assertFailsWith<Exception> { panicsInside() }
            assertFailsWith<Exception> { panicsLater() }
            teacher.says(thread, "still here")
            teacher.sees(thread) { rows -> rows.any { it.fields["text"] == "still here" } }
            until { liveCalls() == 0u }
        }

    @Test fun `a thousand calls at once are all answered`() =
        runBlocking {
            val (teacher, _, thread) = together()
            until { liveCalls() == 0u }
            (1..1000)
                .map { n ->
                    async(Dispatchers.Default) {
                        if (n % 10 == 0) teacher.says(thread, "$n") else teacher.ask(Query.Inbox)
                    }
                }.awaitAll()
            val rows = teacher.sees(thread) { rows -> rows.count { it.kind == "message" } >= 100 }
            assertEquals(100, rows.count { it.kind == "message" })
            until { liveCalls() == 0u }
        }

    @Test fun `ten thousand feeds leave nothing behind`() =
        runBlocking {
            val (teacher, _, thread) = together()
            until { liveCalls() == 0u }
            val before = liveFeeds()
            for (n in 1..10_000) {
                val feed = teacher.thread(thread)
                if (n % 100 == 0) assertIs<ThreadDiff.Reset>(feed.next())
                feed.stop()
                feed.close()
            }
            until { liveCalls() == 0u }
            // Of those of earlier tests some may have gone as well.
            until { liveFeeds() <= before }
            teacher.says(thread, "still here")
            teacher.sees(thread) { rows -> rows.any { it.fields["text"] == "still here" } }
            Unit
        }
}
