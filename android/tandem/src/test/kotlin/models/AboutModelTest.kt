package tandem.models

import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.AfterEach
import org.junit.jupiter.api.Test
import tandem.Scene
import tandem.screens.AboutAction
import tandem.screens.orNull
import tandem.there
import tandem.together
import tandem.until
import kotlin.test.assertEquals
import kotlin.test.assertFalse
import kotlin.test.assertNull
import kotlin.test.assertTrue

class AboutModelTest {
    private val scene = Scene()

    @AfterEach fun end() = scene.close()

    @Test fun `this phone is shown and its diagnostics tell nobody what was said or who said it`() =
        runBlocking {
            val two = scene.together()
            two.teacher.said(two.thread, "A secret of the lake")
            val model = AboutModel(two.teacher.store, two.teacher.scope)
            val state = model.state.until { it.device.orNull != null && it.name != null }
            assertEquals("Ms Rivera", state.name)
            model.act(AboutAction.ShowDiagnostics)
            val text = there(model.state.until { it.diagnostics != null }.diagnostics)
            for (word in listOf("Rivera", "Ana", "Maya", "secret", "lake", two.thread)) assertFalse(word in text, text)
            assertTrue("threads=1" in text && "device=${state.device.orNull?.key}" in text, text)
            model.act(AboutAction.HideDiagnostics)
            assertNull(model.state.value.diagnostics)
        }

    @Test fun `a term is set, taken back and told when it is none`() =
        runBlocking {
            val two = scene.together()
            val model = AboutModel(two.teacher.store, two.teacher.scope)
            model.state.until { it.retention != null }
            model.act(AboutAction.SetTerm)
            assertEquals("", model.state.value.term)
            for (bad in listOf("soon", "0", "99999999999", "99999", "-1")) {
                model.act(AboutAction.Term(bad))
                model.act(AboutAction.KeepTerm)
                val told = model.state.until { it.problem != null && !it.busy }
                assertEquals("bad_term", told.problem?.code, bad)
                assertEquals(bad, told.term)
            }
            model.act(AboutAction.Term(" 90 "))
            model.act(AboutAction.KeepTerm)
            assertEquals(90u, model.state.until { it.days != null && it.term == null }.days)
            model.act(AboutAction.SetTerm)
            assertEquals("90", model.state.value.term)
            model.act(AboutAction.Term(""))
            model.act(AboutAction.KeepTerm)
            model.state.until { it.days == null && it.term == null }
            Unit
        }

    @Test fun `new keys are made when that was meant`() =
        runBlocking {
            val two = scene.together()
            val model = AboutModel(two.teacher.store, two.teacher.scope)
            val before = there(model.state.until { it.device.orNull != null }.device.orNull)
            model.act(AboutAction.NewKeys)
            assertTrue(model.state.value.asksForNewKeys)
            model.act(AboutAction.NewKeysNot)
            assertFalse(model.state.value.asksForNewKeys)
            model.act(AboutAction.NewKeys)
            model.act(AboutAction.NewKeysReally)
            model.state.until { !it.asksForNewKeys && !it.busy }
            two.sync()
            two.sync()
            model.state.until { it.device.orNull?.relayKey != before.relayKey }
            Unit
        }
}
