package tandem

import app.cash.turbine.test
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeout
import org.junit.jupiter.api.AfterEach
import org.junit.jupiter.api.Test
import tandem.bindings.liveCalls
import tandem.engine.Answer
import tandem.engine.EntryId
import tandem.engine.Intent
import tandem.engine.Query
import tandem.engine.Role
import tandem.screens.Loaded
import tandem.screens.Problem.Kind
import tandem.screens.orNull
import kotlin.test.assertEquals
import kotlin.test.assertFalse
import kotlin.test.assertIs
import kotlin.test.assertTrue
import kotlin.time.Duration.Companion.milliseconds

/** One store for an open home, on the real library. */
class StoreTest {
    private val scene = Scene()

    @AfterEach fun end() = scene.close()

    @Test fun `rows are read, then here, and change with what is said`() =
        runBlocking {
            val (teacher, thread) = teacherWithThread()
            val looked = teacher.store.thread(thread)
            lateinit var said: EntryId
            looked.test(PATIENCE.milliseconds) {
                assertFalse(awaitItem() is Loaded.Missing)
                said = teacher.said(thread, "hello")
                var now = awaitItem()
                while (now.orNull.orEmpty().none { it.entry == said }) now = awaitItem()
                cancelAndIgnoreRemainingEvents()
            }
            val later = withTimeout(PATIENCE.milliseconds) { looked.first { it is Loaded.Here } }
            assertTrue(later.orNull.orEmpty().any { it.entry == said }, "who looks later reads it, too")
        }

    @Test fun `who looks shares one feed and nothing is left when nobody does`() =
        runBlocking {
            val (teacher, thread) = teacherWithThread()
            val before = atRest(teacher)
            teacher.store.thread(thread).test(PATIENCE.milliseconds) {
                while (awaitItem() !is Loaded.Here) continue
                until { liveCalls() == before + 1u }
                teacher.store.thread(thread).test(PATIENCE.milliseconds) {
                    assertIs<Loaded.Here<*>>(awaitItem())
                    assertEquals(before + 1u, liveCalls(), "the second looks at what the first one reads")
                    cancelAndIgnoreRemainingEvents()
                }
                cancelAndIgnoreRemainingEvents()
            }
            until { liveCalls() == before }
            teacher.store.close()
            until { liveCalls() == 0u }
        }

    @Test fun `ten thousand looks leave nothing behind`() =
        runBlocking {
            val (teacher, thread) = teacherWithThread()
            val before = atRest(teacher)
            repeat(10_000) { n ->
                val looked = teacher.store.thread(thread)
                if (n % 100 == 0) looked.first { it is Loaded.Here } else looked.first()
            }
            until { liveCalls() == before }
        }

    @Test fun `a thousand calls at once are all answered`() =
        runBlocking {
            val (teacher, thread) = teacherWithThread()
            val answers =
                (1..1000)
                    .map { n ->
                        async(Dispatchers.Default) {
                            if (n % 10 ==
                                0
                            ) {
                                teacher.said(thread, "$n")
                            } else {
                                assertIs<Loaded.Here<*>>(teacher.store.ask(Query.Inbox))
                            }
                        }
                    }.awaitAll()
            assertEquals(1000, answers.size)
            val rows =
                teacher.store.thread(thread).until {
                    (it.orNull?.count { row -> row.kind == "message" } ?: 0) >=
                        100
                }
            assertEquals(100, rows.orNull?.count { it.kind == "message" })
        }

    @Test fun `a question is asked again when something changed`() =
        runBlocking {
            val (teacher, thread) = teacherWithThread()
            teacher.store.asked(Query.Waiting).test(PATIENCE.milliseconds) {
                assertEquals(Loaded.Reading, awaitItem())
                val entry = teacher.said(thread, "waits")
                var waiting = emptyList<String?>()
                while (entry !in
                    waiting
                ) {
                    waiting = (awaitItem().orNull as? Answer.Waiting)?.v1.orEmpty().map { it.entry }
                }
                teacher.sync()
                while (entry in
                    waiting
                ) {
                    waiting = (awaitItem().orNull as? Answer.Waiting)?.v1.orEmpty().map { it.entry }
                }
                cancelAndIgnoreRemainingEvents()
            }
        }

    @Test fun `asleep a screen keeps what it shows and awake it is fresh again`() =
        runBlocking {
            val (teacher, thread) = teacherWithThread()
            val store = teacher.store
            store.asked(Query.Waiting).test(PATIENCE.milliseconds) {
                while (awaitItem() !is Loaded.Here) continue
                assertIs<Outcome.Done<*>>(store.suspended())
                val asleep = assertIs<Outcome.Not>(store.perform(Intent.MarkSeen(thread, null)))
                assertEquals(Kind.LOCKED, asleep.why.kind)
                assertIs<Outcome.Done<*>>(store.resumed())
                val entry = teacher.said(thread, "awake")
                while (true) {
                    val now = assertIs<Loaded.Here<Answer>>(awaitItem(), "nothing of the sleep is shown")
                    if (assertIs<Answer.Waiting>(now.value).v1.any { it.entry == entry }) break
                }
                cancelAndIgnoreRemainingEvents()
            }
        }

    @Test fun `what goes wrong is told by its kind and in words`() =
        runBlocking {
            val (teacher, thread) = teacherWithThread()
            val store = teacher.store
            val post = { fields: Map<String, String> -> Intent.Post(thread, "concern", fields, null) }
            val missing = assertIs<Outcome.Not>(store.perform(post(emptyMap()))).why
            assertEquals(Kind.BAD_INPUT, missing.kind)
            assertEquals("missing_field", missing.code)
            assertTrue(missing.said.key.isNotEmpty() && missing.field != null)
            assertEquals(Kind.BAD_INPUT, assertIs<Outcome.Not>(store.perform(post(mapOf("no such" to "x")))).why.kind)
            val nobody = Intent.MarkSeen("a".repeat(32), null)
            assertEquals(Kind.NOT_ALLOWED, assertIs<Outcome.Not>(store.perform(nobody)).why.kind)
            val noId = Intent.MarkSeen("no id at all", null)
            assertEquals(Kind.UNEXPECTED, assertIs<Outcome.Not>(store.perform(noId)).why.kind)
            val bad = store.thread("no id at all").until { it !is Loaded.Reading }
            assertEquals(Kind.UNEXPECTED, assertIs<Loaded.Missing>(bad).why.kind)
            scene.school.relayStops()
            assertEquals(Kind.UNREACHABLE, assertIs<Outcome.Not>(store.lookNow()).why.kind)
        }

    @Test fun `a push that says garbage is looked after like any other`() =
        runBlocking {
            val two = scene.together()
            val entry = two.teacher.said(two.thread, "for whoever wakes")
            two.teacher.sync()
            for (payload in listOf(ByteArray(0), ByteArray(1 shl 20) { it.toByte() }, "{\"aps\":".toByteArray())) {
                assertIs<Outcome.Done<*>>(two.parent.store.wake(payload, DEADLINE))
            }
            two.parent.store.thread(two.thread).until { rows -> rows.orNull.orEmpty().any { it.entry == entry } }
            Unit
        }

    private suspend fun teacherWithThread(): Pair<Person, String> {
        val teacher = scene.person("Ms Rivera", Role.TEACHER)
        return teacher to teacher.tandem.founds("Maya").first
    }

    /** How many calls go on when nobody looks: the store's own feeds wait. */
    private suspend fun atRest(person: Person): UInt {
        person.store.inbox.until { it is Loaded.Here }
        until { liveCalls() == STANDING }
        return STANDING
    }

    private companion object {
        /** The inbox, the connection, and whether anything changed. */
        const val STANDING = 3u
    }
}
