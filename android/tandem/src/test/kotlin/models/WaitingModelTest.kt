package tandem.models

import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.AfterEach
import org.junit.jupiter.api.Test
import tandem.Scene
import tandem.engine.Delivery
import tandem.engine.Intent
import tandem.engine.Waiting
import tandem.inboxRows
import tandem.screens.Loaded
import tandem.screens.Problem.Kind
import tandem.screens.WaitingAction
import tandem.screens.orNull
import tandem.together
import tandem.until
import kotlin.test.assertEquals
import kotlin.test.assertIs
import kotlin.test.assertTrue

class WaitingModelTest {
    private val scene = Scene()

    @AfterEach fun end() = scene.close()

    @Test fun `what waits is named and goes when it is tried with signal`() =
        runBlocking {
            val two = scene.together()
            val model = WaitingModel(two.teacher.store, two.teacher.scope)
            scene.school.relayStops()
            val entry = two.teacher.said(two.thread, "waits")
            val items = { model.state.value.items.orNull.orEmpty() }
            model.state.until { state ->
                state.items.orNull.orEmpty().any { it.row.entry == entry && it.title == "Maya" }
            }
            val item = items().single { it.row.entry == entry }
            assertEquals(Waiting.Entry, item.row.what)
            assertEquals(Delivery.OnThisPhone, item.row.delivery)
            assertTrue(item.words.stands.sentences.isNotEmpty())
            model.act(WaitingAction.TryNow)
            model.act(WaitingAction.TryNow)
            assertEquals(Kind.UNREACHABLE, model.state.until { it.problem != null && !it.trying }.problem?.kind)
            scene.school.relayStarts()
            model.act(WaitingAction.TryNow)
            model.state.until { it.problem == null && it.items.orNull?.none { one -> one.row.entry == entry } == true }
            Unit
        }

    @Test fun `what is stuck can be copied`() =
        runBlocking {
            val two = scene.together(parentFounds = true)
            val rows = two.parent.tandem.inboxRows().until { it.isNotEmpty() }
            val teacher = rows.single().people.single().person
            val entry = two.teacher.said(two.thread, "It was a long day.")
            two.parent.tandem.perform(Intent.Remove(two.thread, teacher, null))
            two.parent.sync()
            two.teacher.store.lookNow()
            val model = WaitingModel(two.teacher.store, two.teacher.scope)
            val stuck =
                model.state.until { state ->
                    state.items.orNull.orEmpty().any { it.row.entry == entry && it.row.delivery is Delivery.Stuck }
                }
            val item = stuck.items.orNull.orEmpty().single { it.row.entry == entry }
            assertTrue(item.words.stands.remedies.isNotEmpty())
            assertEquals("It was a long day.", item.text)
        }

    @Test fun `nothing waits in a quiet home and keys of lines are their own`() =
        runBlocking {
            val two = scene.together()
            two.sync()
            two.sync()
            val model = WaitingModel(two.teacher.store, two.teacher.scope)
            assertIs<Loaded.Here<*>>(model.state.until { it.items.orNull?.isEmpty() == true }.items)
            for (n in 1..30) two.teacher.said(two.thread, "$n")
            val items = model.state.until { (it.items.orNull?.size ?: 0) >= 30 }.items.orNull.orEmpty()
            assertEquals(items.size, items.map { it.key }.toSet().size)
        }
}
