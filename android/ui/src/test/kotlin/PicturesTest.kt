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
    private val only = System.getProperty("tandem.only").orEmpty()
    private val scale = System.getProperty("tandem.scale")?.toFloatOrNull() ?: 1f

    @Test fun `every state is drawn and none is blank`() {
        val dir = File(System.getProperty("tandem.png"))
        val blank = mutableListOf<String>()
        var drawn = 0
        for (shown in gallery.filter { only.isEmpty() || "$it".startsWith(only) }) {
            for (language in languages.keys) {
                for (dark in listOf(false, true)) {
                    for (text in listOf(1f, 2f)) {
                        val image = drawn(say(language), dark, text, scale) { shown.show(Outside()) }
                        val name = "${shown.screen}/${shown.state.replace(' ', '_')}-$language-${if (dark) "dark" else "light"}-$text.png"
                        image.write(File(dir, name))
                        if (image.colours() < 8) blank += name
                        drawn += 1
                    }
                }
            }
        }
        println("$drawn pictures of ${gallery.size} states")
        assertTrue(blank.isEmpty(), "blank: $blank")
    }

    private fun Image.colours(): Int {
        val bitmap = Bitmap.makeFromImage(this)
        val seen = HashSet<Int>()
        for (y in 0 until height step 3) for (x in 0 until width step 3) seen += bitmap.getColor(x, y)
        return seen.size
    }
}
