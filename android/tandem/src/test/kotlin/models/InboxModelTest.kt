package tandem.models

import app.cash.turbine.test
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.AfterEach
import org.junit.jupiter.api.Test
import tandem.PATIENCE
import tandem.Scene
import tandem.engine.Role
import tandem.founds
import tandem.screens.InboxAction
import tandem.screens.Loaded
import tandem.screens.Place
import tandem.screens.Problem.Kind
import tandem.screens.Write
import tandem.screens.orNull
import tandem.together
import tandem.until
import kotlin.test.assertEquals
import kotlin.test.assertIs
import kotlin.test.assertNull
import kotlin.test.assertTrue
import kotlin.time.Duration.Companion.milliseconds

class InboxModelTest {
    private val scene = Scene()

    @AfterEach fun end() = scene.close()

    @Test fun `an empty inbox is read, then empty, and a thread founded in it opens`() =
        runBlocking {
            val teacher = scene.person("Ms Rivera", Role.TEACHER)
            val model = InboxModel(teacher.store, teacher.drafts, teacher.scope)
            val empty = model.state.until { it.rows is Loaded.Here && it.canFound }
            assertEquals(emptyList(), empty.rows.orNull)
            assertNull(empty.write)
            model.act(InboxAction.FoundBegin)
            model.act(InboxAction.FoundTitle("x".repeat(10_000)))
            model.act(InboxAction.FoundSay)
            assertEquals("too_long", model.state.until { it.founding?.problem != null }.founding?.problem?.code)
            model.act(InboxAction.FoundTitle("Maya"))
            model.act(InboxAction.FoundSay)
            model.act(InboxAction.FoundSay)
            val place = assertIs<Place.Thread>(model.state.until { it.next != null }.next)
            val here = model.state.until { it.rows.orNull.orEmpty().size == 1 && it.write != null }
            assertEquals(Write.In(place.thread), here.write)
            assertEquals("Maya", here.rows.orNull?.single()?.row?.title)
            teacher.tandem.founds("Leo")
            assertEquals(2, assertIs<Write.Choose>(model.state.until { it.write is Write.Choose }.write).among.size)
        }

    @Test fun `without signal it says so and keeps what it shows`() =
        runBlocking {
            val two = scene.together()
            val model = InboxModel(two.parent.store, two.parent.drafts, two.parent.scope)
            model.state.until { it.rows.orNull.orEmpty().isNotEmpty() }
            val fresh = model.state.value.line
            scene.school.relayStops()
            two.parent.said(two.thread, "waits")
            model.state.test(PATIENCE.milliseconds) {
                model.act(InboxAction.LookNow)
                var state = awaitItem()
                while (state.problem == null) {
                    assertTrue(state.rows is Loaded.Here)
                    state = awaitItem()
                }
                assertEquals(Kind.UNREACHABLE, state.problem?.kind)
                assertEquals(false, state.looking)
                cancelAndIgnoreRemainingEvents()
            }
            val waits = model.state.until { it.rows.orNull.orEmpty().single().row.waiting > 0u && it.line != fresh }
            assertTrue(waits.rows is Loaded.Here)
            scene.school.relayStarts()
            model.act(InboxAction.LookNow)
            model.state.until { it.rows.orNull.orEmpty().single().row.waiting == 0u && it.problem == null }
            Unit
        }

    @Test fun `threads with words that were begun are known`() =
        runBlocking {
            val two = scene.together()
            val model = InboxModel(two.parent.store, two.parent.drafts, two.parent.scope)
            two.parent.drafts.keep(two.thread, tandem.Draft("message", mapOf("text" to "begun")))
            model.state.until { it.drafts == setOf(two.thread) }
            two.parent.drafts.keep(two.thread, null)
            model.state.until { it.drafts.isEmpty() }
            Unit
        }
}
