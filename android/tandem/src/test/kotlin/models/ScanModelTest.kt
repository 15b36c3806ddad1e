package tandem.models

import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Job
import org.junit.jupiter.api.Test
import tandem.screens.ScanAction
import tandem.screens.ScanState
import tandem.screens.Sight
import kotlin.test.assertEquals
import kotlin.test.assertFalse
import kotlin.test.assertTrue

class ScanModelTest {
    private val model = ScanModel(CoroutineScope(Job()))
    private val link = "tandem://relay/127.0.0.1:1/" + "a".repeat(52)

    private fun after(vararg actions: ScanAction): ScanState {
        actions.forEach(model::act)
        return model.state.value
    }

    @Test fun `the camera looks when it may, and what stands in its way is said`() {
        assertEquals(Sight.ASKING, model.state.value.sight)
        assertEquals(Sight.REFUSED, after(ScanAction.Asked(false)).sight)
        assertEquals(Sight.LOOKING, after(ScanAction.Asked(true)).sight)
        assertEquals(Sight.NO_CAMERA, after(ScanAction.NoCamera).sight)
    }

    @Test fun `a code that is no link is said to be none, and the camera looks on`() {
        val state = after(ScanAction.Asked(true), ScanAction.Saw("https://example.org"))
        assertTrue(state.foreign)
        assertEquals(Sight.LOOKING, state.sight)
        assertEquals(null, state.found)
    }

    @Test fun `the first link is found, and what is seen after it changes nothing`() {
        val state = after(ScanAction.Asked(true), ScanAction.Saw("half"), ScanAction.Saw(link), ScanAction.Saw("half"))
        assertEquals(link, state.found)
        assertFalse(state.foreign)
    }
}
