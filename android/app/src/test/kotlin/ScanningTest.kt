package tandem.app

import android.Manifest
import android.content.pm.PackageManager
import android.graphics.RectF
import android.util.Size
import android.view.Surface
import androidx.activity.ComponentActivity
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.setValue
import androidx.compose.ui.test.junit4.v2.createAndroidComposeRule
import androidx.compose.ui.test.onNodeWithContentDescription
import androidx.compose.ui.test.onNodeWithText
import androidx.compose.ui.test.performClick
import androidx.lifecycle.Lifecycle
import org.junit.Rule
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import org.robolectric.RuntimeEnvironment
import org.robolectric.Shadows.shadowOf
import org.robolectric.annotation.Config
import tandem.ui.gallery.Cast
import tandem.ui.theme.TandemTheme
import tandem.ui.words.Say
import kotlin.test.assertEquals
import kotlin.test.assertFalse
import kotlin.test.assertTrue

/** Looking for a code: what is asked, and what a person can do who says no or has no camera. */
@RunWith(RobolectricTestRunner::class)
@Config(qualifiers = "en-rUS-w360dp-h780dp-mdpi")
class ScanningTest {
    @get:Rule(order = 0)
    val declared = Declared()

    @get:Rule(order = 1)
    val rule = createAndroidComposeRule<ComponentActivity>()

    private val phone get() = RuntimeEnvironment.getApplication()
    private var isOpen by mutableStateOf(true)
    private val did = mutableListOf<String?>()

    private fun scans() {
        val say = Say(AndroidStrings(phone.resources), Cast.clock("en"))
        rule.setContent {
            TandemTheme(say, motion = false) {
                if (isOpen) Scanning({ did += it }, { isOpen = false }, { did += "picture" }, { did += it.action })
            }
        }
    }

    /** What the system's own question was answered with. */
    private fun answers(how: Int) {
        val asked = shadowOf(rule.activity).lastRequestedPermission
        assertEquals(listOf(Manifest.permission.CAMERA), asked.requestedPermissions.toList())
        rule.runOnUiThread { rule.activity.onRequestPermissionsResult(asked.requestCode, asked.requestedPermissions, intArrayOf(how)) }
    }

    @Test fun `the camera is asked for, and who says no is told of the other ways`() {
        scans()
        rule.onNodeWithText("One moment.").assertExists()
        answers(PackageManager.PERMISSION_DENIED)
        rule.onNodeWithText("Tandem may not use the camera.", substring = true).assertExists()
        rule.onNodeWithText("Choose a picture of a code").performClick()
        rule.onNodeWithText("Open the settings").performClick()
        assertEquals(listOf<String?>("picture", "android.settings.APPLICATION_DETAILS_SETTINGS"), did)
        rule.onNodeWithContentDescription("Back").performClick()
        assertFalse(isOpen)
    }

    @Test fun `who allows it in the phone's settings comes back to a camera`() {
        scans()
        answers(PackageManager.PERMISSION_DENIED)
        rule.activityRule.scenario.moveToState(Lifecycle.State.STARTED)
        shadowOf(phone).grantPermissions(Manifest.permission.CAMERA)
        rule.activityRule.scenario.moveToState(Lifecycle.State.RESUMED)
        rule.onNodeWithText("The camera can't be used just now.", substring = true).assertExists("this phone has none")
    }

    @Test fun `nothing is asked of who has allowed it, and a phone without a camera says so`() {
        shadowOf(phone).grantPermissions(Manifest.permission.CAMERA)
        scans()
        rule.onNodeWithText("The camera can't be used just now.", substring = true).assertExists()
        rule.onNodeWithText("Choose a picture of a code").assertExists()
    }

    @Test fun `what the camera sees fills its place upright, however the phone is held`() {
        val frames = Size(1280, 960)
        assertTrue(upright(300, 400, frames, Surface.ROTATION_0).isIdentity, "standing, the shapes are the same")
        for (rotation in listOf(Surface.ROTATION_0, Surface.ROTATION_90, Surface.ROTATION_180, Surface.ROTATION_270)) {
            for ((width, height) in listOf(300 to 400, 400 to 300, 300 to 300)) {
                val view = RectF(0f, 0f, width.toFloat(), height.toFloat())
                val drawn = RectF(view).also { upright(width, height, frames, rotation).mapRect(it) }
                drawn.inset(-1f, -1f)
                assertTrue(drawn.contains(view), "$drawn does not fill $view, turned by $rotation")
                val sides = listOf(drawn.width() - 2, drawn.height() - 2).let { if (rotation % 2 == 0) it else it.reversed() }
                assertEquals(3f / 4f, sides[0] / sides[1], 0.01f, "turned by $rotation")
            }
        }
    }
}
