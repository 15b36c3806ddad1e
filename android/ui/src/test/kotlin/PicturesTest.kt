package tandem.ui

import org.jetbrains.skia.Bitmap
import org.jetbrains.skia.Image
import org.junit.Test
import tandem.ui.gallery.gallery
import tandem.ui.parts.Outside
import java.io.File
import kotlin.test.assertTrue

/** Every state of every screen, by day and night, in both languages, in usual and in large type. */
class PicturesTest {
    /** Set while somebody looks at one screen: what its states begin with, and how sharp. */
    private val only = System.getProperty("tandem.only").orEmpty()
    private val scale = System.getProperty("tandem.scale")?.toFloatOrNull() ?: 1f

    @Test fun `every state is drawn, none is blank, nothing is cut, and all can be found and reached`() {
        val dir = File(System.getProperty("tandem.png"))
        val wrong = mutableListOf<String>()
        val states = gallery.filter { only.isEmpty() || "$it".startsWith(only) }
        for (shown in states) {
            for (look in looks) {
                val audit = Audit("$shown $look", shown.screen)
                val image = drawn(look.copy(scale = scale), see = audit::look) { shown.show(Outside()) }
                image.write(File(dir, "${shown.screen}/${shown.state.replace(' ', '_')}-$look.png"))
                if (image.colours() < FEW) wrong += "$shown $look: blank"
                wrong += audit.wrong
            }
        }
        println("${states.size * looks.size} pictures of ${states.size} states")
        assertTrue(wrong.isEmpty(), "${wrong.size} wrong:\n" + wrong.joinToString("\n"))
    }

    private fun Image.colours(): Int {
        val bitmap = Bitmap.makeFromImage(this)
        val seen = HashSet<Int>()
        for (y in 0 until height step 3) for (x in 0 until width step 3) seen += bitmap.getColor(x, y)
        return seen.size
    }

    private companion object {
        /** A screen with words on it has more shades than this. */
        const val FEW = 8
    }
}
