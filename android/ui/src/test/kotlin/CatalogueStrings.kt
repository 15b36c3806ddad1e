package tandem.ui

import tandem.ui.words.Strings
import java.io.File

/** The words of a language, read from the catalogue. A key that is none fails the test. */
class CatalogueStrings(val language: String) : Strings {
    private val always = mutableMapOf<String, String>()
    private val plurals = mutableMapOf<String, Map<String, String>>()

    /** Every key that was asked for. */
    val asked = mutableSetOf<String>()

    init {
        var section = ""
        for (line in File(System.getProperty("tandem.catalogue"), "$language.toml").readLines()) {
            SECTION.matchEntire(line)?.let { section = it.groupValues[1] }
            val (name, words) = LINE.matchEntire(line)?.destructured ?: continue
            if (words.startsWith("{")) {
                plurals["$section.$name"] = FORM.findAll(words).associate { it.groupValues[1] to plain(it.groupValues[2]) }
            } else {
                always["$section.$name"] = plain(words.removeSurrounding("\""))
            }
        }
    }

    val keys get() = always.keys + plurals.keys

    override fun template(
        key: String,
        count: Long?,
    ): String {
        asked += key
        always[key]?.let { return it }
        val forms = plurals[key] ?: error("no words for $key in $language")
        return forms.getValue(if (count == 1L) "one" else "other")
    }

    private fun plain(words: String) = words.replace("\\\"", "\"").replace("\\n", "\n").replace("\\\\", "\\")

    private companion object {
        val SECTION = Regex("\\[(\\w+)]")
        val LINE = Regex("(\\w+) = (.*)")
        val FORM = Regex("(\\w+) = \"((?:[^\"\\\\]|\\\\.)*)\"")
    }
}
