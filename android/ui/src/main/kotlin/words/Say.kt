package tandem.ui.words

import androidx.compose.runtime.staticCompositionLocalOf
import tandem.engine.PersonId
import tandem.words.ArgValue
import tandem.words.Phrase
import tandem.words.PhraseArg
import java.text.NumberFormat

/** How things are said here. */
val LocalSay = staticCompositionLocalOf<Say> { error("TandemTheme says how things are said") }

/** Puts arguments into templates. Which phrase is said was decided before: this decides nothing. */
class Say(
    private val strings: Strings,
    val clock: Clock,
    private val names: Map<PersonId, String> = emptyMap(),
) {
    /** The same with the names that a screen knows. */
    fun knowing(names: Map<PersonId, String>) = Say(strings, clock, names)

    /** A phrase. */
    operator fun invoke(phrase: Phrase): String {
        val many = phrase.args.find { it.name == "n" }?.value as? ArgValue.Count
        val args = phrase.args.associate { it.name to it.value }
        // In one pass: what somebody wrote is no template.
        return PLACE.replace(strings.template(phrase.key, many?.count?.toLong())) { place ->
            args[place.groupValues[1]]?.let(::value) ?: place.value
        }
    }

    /** Phrases, one after another. */
    operator fun invoke(phrases: List<Phrase>): String = phrases.joinToString(" ") { invoke(it) }

    /** A screen's own words. */
    operator fun invoke(
        key: String,
        vararg args: Pair<String, ArgValue>,
    ): String = invoke(Phrase(key, args.map { (name, value) -> PhraseArg(name, value) }))

    /** A person's name as it stands in the text, or words in its place. */
    fun name(name: String): String = if (line(name).isEmpty()) invoke("someone.anyone") else isolated(name)

    /** `Ana`, `Ana and Sam`, `Ana, Sam and Ms Rivera`. */
    fun list(names: List<String>): String =
        when (names.size) {
            0 -> invoke("someone.anyone")
            1 -> names[0]
            else ->
                pair(
                    "list.and",
                    "last",
                    names.dropLast(1).reduce {
                        before,
                        next,
                        ->
                        pair("list.comma", "next", before, next)
                    },
                    names.last(),
                )
        }

    private fun pair(
        key: String,
        second: String,
        before: String,
        after: String,
    ): String {
        val put = mapOf("before" to before, second to after)
        return PLACE.replace(strings.template(key, null)) { put[it.groupValues[1]] ?: it.value }
    }

    private fun value(value: ArgValue): String =
        when (value) {
            is ArgValue.Text -> isolated(value.text)
            is ArgValue.Count -> NumberFormat.getIntegerInstance(clock.locale).format(value.count.toLong())
            is ArgValue.Moment -> clock.moment(value.at)
            is ArgValue.Day -> clock.day(value.iso)
            is ArgValue.Person -> name(names[value.person].orEmpty())
            is ArgValue.People -> list(value.people.map { name(names[it].orEmpty()) })
            is ArgValue.Word -> strings.template(value.key, null)
        }

    companion object {
        private val PLACE = Regex("[{]([a-z_]+)[}]")

        /** Somebody's words inside ours: on one line, and neither side's direction turns the other's. */
        fun isolated(text: String): String = "\u2068${line(text)}\u2069"

        /** On one line, without what is not to be seen. */
        fun line(text: String): String =
            text.map { if (it.isWhitespace()) ' ' else it }.filterNot { it.isISOControl() || it in TURNS }.joinToString("").trim()

        /** What turns the direction of text and could be left open in somebody's words. */
        private val TURNS = ('\u202A'..'\u202E') + ('\u2066'..'\u2069')
    }
}
