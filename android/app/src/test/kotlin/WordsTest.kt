package tandem.app

import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import org.robolectric.RuntimeEnvironment
import org.robolectric.annotation.Config
import tandem.ui.XmlStrings
import kotlin.test.assertEquals

/** Android's resources say what the catalogue says, as every other shell does. */
@RunWith(RobolectricTestRunner::class)
class WordsTest {
    @Test
    @Config(qualifiers = "en-rUS")
    fun `every sentence is the catalogue's in English`() = same("en")

    @Test
    @Config(qualifiers = "es-rMX")
    fun `every sentence is the catalogue's in Spanish`() = same("es")

    @Test
    @Config(qualifiers = "fi-rFI")
    fun `a phone in another language says it in English`() = same("en")

    private fun same(language: String) {
        val phone = AndroidStrings(RuntimeEnvironment.getApplication().resources)
        val catalogue = XmlStrings(language)
        assertEquals(catalogue.keys, (WordIds.strings.keys + WordIds.plurals.keys).map { it.replace('.', '_') }.toSet())
        for (key in WordIds.strings.keys) assertEquals(catalogue.template(key, null), phone.template(key, null), key)
        for (key in WordIds.plurals.keys) {
            for (n in COUNTS) assertEquals(catalogue.template(key, n), phone.template(key, n), "$key of $n")
        }
    }

    private companion object {
        /** Among them such as have a form of their own in some language, and more than Android counts. */
        val COUNTS = listOf(0L, 1L, 2L, 3L, 11L, 21L, 100L, 1_000_000L, Long.MAX_VALUE)
    }
}
