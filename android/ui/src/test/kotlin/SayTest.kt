package tandem.ui

import org.junit.Test
import tandem.ui.gallery.Cast
import tandem.ui.words.Say
import tandem.words.ArgValue
import kotlin.test.assertEquals
import kotlin.test.assertFalse
import kotlin.test.assertTrue

/** Arguments are put in as docs/screens.md says, in every language. */
class SayTest {
    private val say = voiceOf("en")
    private val di = voiceOf("es")

    private fun text(text: String) = "text" to ArgValue.Text(text)

    private fun moment(minutes: Long) = "at" to ArgValue.Moment(Cast.ago(minutes))

    @Test fun `both languages have every key`() = assertEquals(english.keys, spanish.keys)

    @Test fun `a moment is a time, with its day when it is not today and its year when it is not this one`() {
        assertEquals("Everything as of 14:05.", say("fresh.all", moment(15)))
        assertEquals("Everything as of Mon 11 May, 13:20.", say("fresh.all", moment(1500)))
        assertEquals("Everything as of 12 May 2025, 14:20.", say("fresh.all", moment(365 * 24 * 60)))
        assertTrue("11 de may" in di("fresh.all", moment(1500)), di("fresh.all", moment(1500)))
    }

    @Test fun `a count chooses its form and is written as the phone writes numbers`() {
        fun waits(n: Long) = say("fresh.waits", "n" to ArgValue.Count(n.toULong()))
        assertEquals("1 thing waits here.", waits(1))
        assertEquals("3 things wait here.", waits(3))
        assertTrue("12,345" in waits(12_345))
    }

    @Test fun `people are a list of names as this phone knows them`() {
        fun to(vararg who: String) = say("compose.read_by", "who" to ArgValue.People(who.toList()))
        assertEquals("\u2068Ana Torres\u2069 can read this, and you.", to(Cast.ana.person))
        assertEquals("\u2068Ana Torres\u2069 and \u2068Sam Okoye\u2069 can read this, and you.", to(Cast.ana.person, Cast.sam.person))
        assertEquals(
            "\u2068Ana Torres\u2069, \u2068Sam Okoye\u2069 and \u2068Ms Rivera\u2069 can read this, and you.",
            to(Cast.ana.person, Cast.sam.person, Cast.rivera.person),
        )
        assertEquals("someone can read this, and you.", to(Cast.nameless.person))
    }

    @Test fun `what somebody wrote is no template, stays on its line and turns nothing`() {
        assertEquals("You: \u2068{text} {n}\u2069", say("inbox.mine", text("{text} {n}")))
        assertEquals("You: \u2068one two\u2069", say("inbox.mine", text("one\ntwo")))
        assertEquals("You: \u2068a\u2069", say("inbox.mine", text("\u202Ea\u2069\u0007")))
        assertFalse(Say.line("\u2067x").contains('\u2067'))
    }

    @Test fun `a day is a day, and what is none stays as it was written`() {
        assertEquals("Fri 15 May", say("day.on", "day" to ArgValue.Day("2026-05-15")))
        assertEquals("\u2068soon\u2069", say("day.on", "day" to ArgValue.Day("soon")))
    }
}
