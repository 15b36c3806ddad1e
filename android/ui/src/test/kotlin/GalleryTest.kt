package tandem.ui

import org.junit.Test
import tandem.ui.gallery.Shown
import tandem.ui.gallery.gallery
import tandem.ui.parts.Outside
import java.io.File
import kotlin.test.assertEquals
import kotlin.test.assertTrue

/** Both phones have the same states, and each shows what it is there for. */
class GalleryTest {
    private val listed =
        File(System.getProperty("tandem.golden"), "gallery.txt")
            .readLines()
            .filterNot { it.isEmpty() || it.startsWith("#") }
            .associate { it.substringBefore(':') to it.substringAfter(':', "") }

    @Test fun `every state that both phones show is here once, and no other`() {
        // Where a camera looks for a code is no screen of ours on iOS.
        val shared = gallery.map { "$it" }.filterNot { it.startsWith("scan ") }
        assertEquals(listed.keys.sorted(), shared.sorted())
    }

    @Test fun `every state shows the words that it is there for`() {
        val wrong =
            gallery.flatMap { shown ->
                val missing = wanted(listed["$shown"].orEmpty()).lacking(shown.told(HEIGHT))
                // What is further down comes when somebody scrolls.
                val nowhere = if (missing.isEmpty()) missing else missing.lacking(shown.told(VERY_LONG))
                nowhere.map { "$shown: $it is not shown" }
            }
        assertTrue(wrong.isEmpty(), "${wrong.size} wrong:\n" + wrong.joinToString("\n"))
    }

    private fun Shown.told(height: Int): List<String> {
        val told = mutableListOf<String>()
        drawn(Look(), height = height, see = { owners -> owners.flatMapTo(told) { it.told() } }) { show(Outside()) }
        return told
    }

    /** Keys of the catalogue, and in quotes what people wrote. */
    private fun wanted(list: String): List<String> = Regex("\"[^\"]*\"|[^ ]+").findAll(list).map { it.value }.toList()

    private fun List<String>.lacking(told: List<String>) = filterNot { what -> told.any { what.isSaid(it) } }

    private fun String.isSaid(text: String): Boolean =
        if (startsWith('"')) {
            removeSurrounding("\"") in text
        } else {
            // One, and many of them.
            listOf(1L, 2L).any { english.template(this, it).isIn(text) }
        }

    private companion object {
        /** In dp: as much as five hundred rows need. */
        const val VERY_LONG = 100_000
    }
}
