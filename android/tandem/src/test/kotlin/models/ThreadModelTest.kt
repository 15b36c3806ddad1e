package tandem.models

import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.AfterEach
import org.junit.jupiter.api.Test
import tandem.Scene
import tandem.delivery
import tandem.engine.Answer
import tandem.engine.Delivery
import tandem.engine.Intent
import tandem.engine.StepState
import tandem.screens.Loaded
import tandem.screens.Problem.Kind
import tandem.screens.ThreadAction
import tandem.screens.ThreadItem
import tandem.screens.ThreadState
import tandem.screens.orNull
import tandem.sees
import tandem.there
import tandem.together
import tandem.until
import java.time.Instant
import java.time.ZoneId
import kotlin.test.assertEquals
import kotlin.test.assertIs
import kotlin.test.assertNull
import kotlin.test.assertTrue
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.TestTimeSource

class ThreadModelTest {
    private val scene = Scene()

    @AfterEach fun end() = scene.close()

    private val ThreadState.entries get() = items.orNull.orEmpty().filterIsInstance<ThreadItem.Entry>()

    @Test fun `what was said stands under its day in the phone's zone and with what it answers`() =
        runBlocking {
            val two = scene.together()
            val zone = ZoneId.of("Pacific/Kiritimati")
            val model = ThreadModel(two.teacher.store, two.teacher.drafts, two.thread, two.teacher.scope, zone)
            val entry = two.teacher.said(two.thread, "We are at the lake.")
            two.sync()
            val answer = Intent.Post(two.thread, "message", mapOf("text" to "So are we."), entry)
            two.parent.tandem.perform(answer)
            two.sync()
            val state = model.state.until { it.entries.size == 2 && it.entries.last().answers?.said != null }
            assertEquals(entry, state.entries.last().answers?.entry)
            assertEquals("Ms Rivera", state.entries.last().answers?.said?.author?.name)
            assertEquals("We are at the lake.", state.entries.last().answers?.said?.line)
            val items = there(state.items.orNull)
            val first = assertIs<ThreadItem.Day>(items.first())
            val row = items.filterIsInstance<ThreadItem.Event>().firstOrNull()?.row ?: state.entries.first().row
            assertEquals(Instant.ofEpochMilli(row.at.toLong()).atZone(zone).toLocalDate(), first.day)
            assertEquals(items.size, items.map { it.key }.toSet().size, "each line has a key of its own")
            assertEquals("Ana", state.around.names[state.entries.last().row.author.person])
            assertEquals("Maya", state.top.orNull?.row?.title)
        }

    @Test fun `a long thread shows its newest lines and earlier ones as they are asked for`() =
        runBlocking {
            val two = scene.together()
            val said = (1..120).map { two.teacher.said(two.thread, "number $it") }
            val model = ThreadModel(two.teacher.store, two.teacher.drafts, two.thread, two.teacher.scope)
            val newest = model.state.until { it.items is Loaded.Here }
            assertEquals(said.takeLast(50), newest.entries.map { it.key })
            assertTrue(newest.earlier)
            model.act(ThreadAction.Earlier)
            val more = model.state.until { it.entries.size > 50 }
            assertEquals(said.takeLast(100), more.entries.map { it.key })
            // What answers the first quotes it, though it is not shown.
            val answer = Intent.Post(two.thread, "message", mapOf("text" to "That."), said.first())
            two.teacher.tandem.perform(answer)
            val answered = model.state.until { it.entries.size == 101 }
            assertEquals("number 1", answered.entries.last().answers?.said?.line)
            assertEquals(said[20], answered.entries.first().key, "and takes none away")
            model.act(ThreadAction.Earlier)
            val all = model.state.until { !it.earlier }
            assertEquals(said, all.entries.dropLast(1).map { it.key })
        }

    @Test fun `only what was on the screen is marked as seen`() =
        runBlocking {
            val two = scene.together()
            val said = (1..3).map { two.teacher.said(two.thread, "number $it") }
            two.sync()
            two.parent.tandem.sees(two.thread) { rows -> said.all { entry -> rows.any { it.entry == entry } } }
            val model = ThreadModel(two.parent.store, two.parent.drafts, two.thread, two.parent.scope)
            model.state.until { it.entries.size == 3 && it.top.orNull?.row?.unseen == 3u }
            model.act(ThreadAction.OnScreen(setOf(said[2])))
            model.act(ThreadAction.OnScreen(setOf(said[1], said[2])))
            model.state.until { it.top.orNull?.row?.unseen == 1u }
            two.parent.sync()
            two.teacher.sync()
            val told = two.teacher.tandem.sees(two.thread) { rows -> rows.delivery(said[2]) is Delivery.Seen }
            assertIs<Delivery.Seen>(told.delivery(said[1]))
            assertIs<Delivery.OnTheirPhone>(told.delivery(said[0]), "nobody saw it")
            model.act(ThreadAction.OnScreen(said.toSet()))
            model.state.until { it.top.orNull?.row?.unseen == 0u }
            two.parent.sync()
            two.teacher.sync()
            two.teacher.tandem.sees(two.thread) { rows -> said.all { rows.delivery(it) is Delivery.Seen } }
            Unit
        }

    @Test fun `what was passed over is not seen, and whoever comes back to it starts anew`() =
        runBlocking {
            val two = scene.together()
            val (passed, stays) = listOf("one", "two").map { two.teacher.said(two.thread, it) }
            two.sync()
            val (still, clock) = 500.milliseconds to TestTimeSource()
            val parent = two.parent
            val model = ThreadModel(parent.store, parent.drafts, two.thread, parent.scope, still = still, time = clock)
            model.state.until { it.entries.size == 2 && it.top.orNull?.row?.unseen == 2u }
            model.act(ThreadAction.OnScreen(setOf(passed, stays)))
            clock += 300.milliseconds
            model.act(ThreadAction.OnScreen(setOf(stays)))
            clock += 200.milliseconds
            model.state.until { it.top.orNull?.row?.unseen != 2u }
            // Back for a moment: with the one before, it would be long enough.
            model.act(ThreadAction.OnScreen(setOf(passed, stays)))
            clock += 300.milliseconds
            model.act(ThreadAction.OnScreen(emptySet()))
            clock += 200.milliseconds
            val last = two.teacher.said(two.thread, "three")
            two.sync()
            model.state.until { it.entries.size == 3 && it.top.orNull?.row?.unseen == 2u }
            model.act(ThreadAction.OnScreen(setOf(last)))
            clock += still
            model.state.until { it.top.orNull?.row?.unseen == 1u }
            two.sync()
            val told = two.teacher.tandem.sees(two.thread) { rows -> rows.delivery(last) is Delivery.Seen }
            assertIs<Delivery.Seen>(told.delivery(stays))
            assertIs<Delivery.OnTheirPhone>(told.delivery(passed), "nobody saw it")
            model.act(ThreadAction.OnScreen(setOf(passed)))
            clock += still
            model.state.until { it.top.orNull?.row?.unseen == 0u }
            Unit
        }

    @Test fun `a touched mark explains itself and is put away by the next touch`() =
        runBlocking {
            val two = scene.together()
            val entry = two.teacher.said(two.thread, "hello")
            val model = ThreadModel(two.teacher.store, two.teacher.drafts, two.thread, two.teacher.scope)
            val row = model.state.until { it.entries.isNotEmpty() }.entries.single()
            assertEquals(entry, row.row.entry)
            assertEquals(Delivery.OnThisPhone, row.row.delivery)
            model.act(ThreadAction.Explain(entry))
            assertEquals(entry, model.state.value.explained)
            model.act(ThreadAction.Explain(entry))
            assertNull(model.state.value.explained)
        }

    @Test fun `a step is moved by whoever owns it and a move that is not allowed is told`() =
        runBlocking {
            val two = scene.together()
            val fields = mapOf("text" to "A quiet corner", "owner" to "school")
            val said = two.teacher.tandem.perform(Intent.Post(two.thread, "step", fields, null))
            val step = assertIs<Answer.Said>(said).v1
            two.sync()
            val model = ThreadModel(two.teacher.store, two.teacher.drafts, two.thread, two.teacher.scope)
            model.state.until { it.entries.isNotEmpty() }
            model.act(ThreadAction.Move(step, StepState.DOING))
            model.state.until { state -> state.entries.single().row.fields["state"] == "doing" && state.moving == null }
            assertNull(model.state.value.problem)
            val other = ThreadModel(two.parent.store, two.parent.drafts, two.thread, two.parent.scope)
            other.state.until { it.entries.isNotEmpty() }
            other.act(ThreadAction.Move(step, StepState.DONE))
            assertEquals(Kind.NOT_ALLOWED, other.state.until { it.problem != null }.problem?.kind)
            other.act(ThreadAction.Read)
            assertNull(other.state.value.problem)
        }

    @Test fun `a thread that is not here and an id that is none are no crash`() =
        runBlocking {
            val two = scene.together()
            val none = ThreadModel(two.teacher.store, two.teacher.drafts, "no id at all", two.teacher.scope)
            assertIs<Loaded.Missing>(none.state.until { it.items !is Loaded.Reading }.items)
            none.act(ThreadAction.Move("no id", StepState.DONE))
            assertEquals(Kind.UNEXPECTED, none.state.until { it.problem != null }.problem?.kind)
        }
}
