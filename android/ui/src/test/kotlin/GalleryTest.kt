package tandem.ui

import org.junit.Test
import tandem.ui.gallery.gallery
import java.io.File
import kotlin.test.assertEquals

/** Both phones have the same states. */
class GalleryTest {
    @Test fun `every state that both phones show is here once, and no other`() {
        val lines = File(System.getProperty("tandem.golden"), "gallery.txt").readLines()
        val listed = lines.filterNot { it.isEmpty() || it.startsWith("#") }.map { it.substringBefore(':') }
        // Where a camera looks for a code is no screen of ours on iOS.
        val shared = gallery.map { "$it" }.filterNot { it.startsWith("scan ") }
        assertEquals(listed.sorted(), shared.sorted())
    }
}
