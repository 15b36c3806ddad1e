package tandem.app

import android.Manifest
import android.content.Intent
import android.net.Uri
import android.os.Build
import androidx.compose.ui.semantics.SemanticsProperties
import androidx.compose.ui.semantics.getOrNull
import androidx.compose.ui.test.ComposeTimeoutException
import androidx.compose.ui.test.SemanticsMatcher
import androidx.compose.ui.test.hasSetTextAction
import androidx.compose.ui.test.hasText
import androidx.compose.ui.test.junit4.v2.createEmptyComposeRule
import androidx.compose.ui.test.onNodeWithContentDescription
import androidx.compose.ui.test.onNodeWithText
import androidx.compose.ui.test.onRoot
import androidx.compose.ui.test.performClick
import androidx.compose.ui.test.performScrollTo
import androidx.compose.ui.test.performTextInput
import androidx.compose.ui.test.printToString
import androidx.test.core.app.ActivityScenario
import kotlinx.coroutines.runBlocking
import org.junit.After
import org.junit.Before
import org.junit.Rule
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import org.robolectric.RuntimeEnvironment
import org.robolectric.Shadows.shadowOf
import org.robolectric.annotation.Config
import tandem.Scene
import tandem.engine.Role
import tandem.founds
import tandem.platform.FakeKeystore
import kotlin.test.assertEquals
import kotlin.test.assertNull

/** The app as it is started: its activity, its words and screens, the real library and a real relay. */
@RunWith(RobolectricTestRunner::class)
@Config(application = TandemApp::class, qualifiers = "en-rUS-w360dp-h780dp-mdpi")
class MainActivityTest {
    @get:Rule val rule = createEmptyComposeRule()

    private val scene = Scene()
    private val app get() = RuntimeEnvironment.getApplication() as TandemApp
    private lateinit var scenario: ActivityScenario<MainActivity>

    @Before fun begin() = FakeKeystore.install()

    @After fun end() {
        scenario.close()
        scene.close()
    }

    private fun starts(intent: Intent = Intent(Intent.ACTION_MAIN)) {
        scenario = ActivityScenario.launch(intent.setClass(app, MainActivity::class.java))
    }

    private fun comes(what: SemanticsMatcher) =
        try {
            rule.waitUntil(PATIENCE) { rule.onAllNodes(what).fetchSemanticsNodes().isNotEmpty() }
        } catch (late: ComposeTimeoutException) {
            throw AssertionError("${what.description} did not come; what is there:\n" + rule.onRoot().printToString(), late)
        }

    private fun comes(text: String) = comes(hasText(text, substring = true))

    private fun field(label: String) =
        hasSetTextAction() and
            SemanticsMatcher("is called $label") { node ->
                node.config.getOrNull(SemanticsProperties.ContentDescription).orEmpty().any { label in it }
            }

    private fun types(label: String, text: String) {
        comes(field(label))
        rule.onNode(field(label)).performScrollTo().performTextInput(text)
    }

    private fun taps(text: String) {
        comes(text)
        rule.onNodeWithText(text).performClick()
    }

    @Test fun `a parent begins with a link, is let in, and what they write reaches the relay`() {
        val teacher = runBlocking { scene.person("Ms Rivera", Role.TEACHER) }
        val (_, link) = runBlocking { teacher.tandem.founds("Maya") }
        teacher.store.setOnline(true)
        starts(Intent(Intent.ACTION_VIEW, Uri.parse(link)))
        types("Your name", "Ana Torres")
        taps("Begin")
        comes("Use a link")
        rule.onNodeWithContentDescription("Back").performClick()
        taps("Maya")
        taps("Write")
        types("Text", WORDS)
        taps("Send")
        comes(WORDS)
        comes("Sent.")
    }

    @Test fun `a link that was tapped waits in the first screen`() {
        starts(Intent(Intent.ACTION_VIEW, Uri.parse(scene.school.relay)))
        comes(field("Or paste the link") and hasText(scene.school.relay, substring = true))
    }

    @Test fun `whether notes may be shown is asked once there is a home, and not of who has answered`() {
        starts(Intent(Intent.ACTION_VIEW, Uri.parse(scene.school.relay)))
        types("Your name", "Ana Torres")
        assertNull(asked(), "there is nothing to tell of yet")
        taps("Begin")
        comes("Threads")
        rule.waitUntil(PATIENCE) { asked() != null }
        assertEquals(Manifest.permission.POST_NOTIFICATIONS, asked())
        assertEquals(Manifest.permission.POST_NOTIFICATIONS, askedAnew(), "nobody has answered")
        saidNo(true)
        assertNull(askedAnew())
        saidNo(false)
        assertNull(before(Build.VERSION_CODES.TIRAMISU) { askedAnew() }, "there is no such question")
        shadowOf(app).grantPermissions(Manifest.permission.POST_NOTIFICATIONS)
        assertNull(askedAnew())
    }

    /** What the system was told to ask. */
    private fun asked(): String? {
        var asked: String? = null
        scenario.onActivity { asked = shadowOf(it).lastRequestedPermission?.requestedPermissions?.single() }
        return asked
    }

    private fun askedAnew(): String? {
        scenario.recreate()
        comes("Threads")
        return asked()
    }

    private fun saidNo(no: Boolean) =
        shadowOf(app.packageManager).setShouldShowRequestPermissionRationale(Manifest.permission.POST_NOTIFICATIONS, no)

    private companion object {
        const val PATIENCE = 60_000L
        const val WORDS = "Mornings are hard since the time change."
    }
}
