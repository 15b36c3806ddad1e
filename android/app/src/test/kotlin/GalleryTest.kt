package tandem.app

import android.graphics.Bitmap
import android.graphics.Canvas
import android.graphics.Color
import android.os.Looper
import android.view.View
import androidx.activity.ComponentActivity
import androidx.activity.compose.setContent
import androidx.compose.runtime.getValue
import androidx.compose.runtime.key
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.setValue
import androidx.compose.ui.platform.ViewRootForTest
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.Robolectric
import org.robolectric.RobolectricTestRunner
import org.robolectric.Shadows.shadowOf
import org.robolectric.annotation.Config
import org.robolectric.shadows.ShadowChoreographer
import tandem.ui.Audit
import tandem.ui.gallery.Cast
import tandem.ui.gallery.gallery
import tandem.ui.isIn
import tandem.ui.parts.Outside
import tandem.ui.theme.TandemTheme
import tandem.ui.told
import tandem.ui.words.Say
import java.io.File
import java.time.Duration
import kotlin.test.assertTrue

/** Every state of every screen as Android's own Compose draws it, with Android's own resources and fonts. */
@RunWith(RobolectricTestRunner::class)
class GalleryTest {
    @Test
    @Config(qualifiers = "en-rUS-w360dp-h780dp-notnight-mdpi")
    fun `every state is drawn by day in English, and all that it says is found`() = look("en-day")

    @Test
    @Config(qualifiers = "es-rES-w360dp-h780dp-night-mdpi", fontScale = 2f)
    fun `every state is drawn by night in Spanish in large type, and all that it says is found`() = look("es-night-2.0")

    private fun look(name: String) {
        val folder = File(System.getProperty("tandem.png"))
        // What turns while something goes on never comes to rest: frames come with the clock, and not before.
        ShadowChoreographer.setPaused(true)
        ShadowChoreographer.setFrameDelay(FRAME)
        val activity = Robolectric.buildActivity(ComponentActivity::class.java).setup().get()
        val heard = Heard(AndroidStrings(activity.resources))
        val say = Say(heard, Cast.clock(activity.resources.configuration.locales[0].language), Cast.names)
        var shown by mutableStateOf(gallery.first())
        val roots = mutableListOf<ViewRootForTest>()
        ViewRootForTest.onViewCreatedCallback = { roots += it }
        activity.setContent { TandemTheme(say, motion = false) { key(shown) { shown.show(Outside()) } } }
        val wrong = mutableListOf<String>()
        for (next in gallery) {
            heard.templates.clear()
            shown = next
            shadowOf(Looper.getMainLooper()).idleFor(SETTLED)
            roots.removeAll { !it.view.isAttachedToWindow }
            val owners = roots.map { it.semanticsOwner }
            val picture = drawn(activity.window.decorView, roots)
            picture.write(File(folder, "${next.screen}/${next.state.replace(' ', '_')}-$name.png"))
            if (picture.colours() < FEW) wrong += "$next: blank"
            val told = owners.flatMap { it.told() }
            if (heard.templates.isEmpty()) wrong += "$next: says nothing"
            wrong += heard.templates.filterNot { template -> told.any { template.isIn(it) } }.map { "$next: '$it' is not found" }
            wrong += Audit("$next", next.screen, hyphenates = true).apply { look(owners) }.wrong
        }
        println("${gallery.size} pictures of ${gallery.size} states by Android's Compose, $name")
        assertTrue(wrong.isEmpty(), "${wrong.size} wrong:\n" + wrong.joinToString("\n"))
    }

    /** What is seen: the screen, and over it what lies on it. */
    private fun drawn(screen: View, roots: List<ViewRootForTest>): Bitmap {
        val picture = Bitmap.createBitmap(screen.width, screen.height, Bitmap.Config.ARGB_8888)
        val canvas = Canvas(picture)
        for (layer in roots.map { it.view.rootView }.distinct()) {
            if (layer != screen) {
                canvas.drawColor(SHADE)
                canvas.translate((screen.width - layer.width) / 2f, (screen.height - layer.height) / 2f)
            }
            layer.draw(canvas)
        }
        return picture
    }

    private fun Bitmap.write(file: File) {
        file.parentFile?.mkdirs()
        file.outputStream().use { compress(Bitmap.CompressFormat.PNG, 100, it) }
    }

    private fun Bitmap.colours(): Int {
        val seen = HashSet<Int>()
        for (y in 0 until height step 3) for (x in 0 until width step 3) seen += getPixel(x, y)
        return seen.size
    }

    private companion object {
        /** A screen with words on it has more shades than this. */
        const val FEW = 8

        /** What comes has come. */
        val SETTLED: Duration = Duration.ofMillis(500)

        val FRAME: Duration = Duration.ofMillis(50)

        val SHADE = Color.argb(96, 0, 0, 0)
    }
}
