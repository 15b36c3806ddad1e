package tandem.app

import tandem.ui.words.Strings

/** Keeps the templates of what is said. */
class Heard(private val strings: Strings) : Strings {
    val templates = mutableSetOf<String>()

    override fun template(key: String, count: Long?): String = strings.template(key, count).also { templates += it }
}
