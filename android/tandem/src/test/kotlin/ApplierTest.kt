package tandem

import org.junit.jupiter.api.Test
import tandem.bindings.ThreadDiff
import tandem.engine.Author
import tandem.engine.Role
import tandem.engine.ThreadRow
import kotlin.test.assertEquals

/** What a list does with changes that fit, and with those that don't. */
class ApplierTest {
    private fun row(text: String) =
        ThreadRow(
            entry = text,
            kind = "message",
            author = Author("p", "Ana", Role.GUARDIAN),
            mine = false,
            at = 0u,
            answers = null,
            quoted = null,
            fields = mapOf("text" to text),
            delivery = null,
            remarks = emptyList(),
        )

    private val two = listOf(row("a"), row("b"))

    @Test fun `rows come, change and go where the change says`() {
        assertEquals(listOf("x", "a", "b"), two.after(ThreadDiff.Insert(0u, row("x"))).map { it.entry })
        assertEquals(listOf("a", "b", "x"), two.after(ThreadDiff.Insert(2u, row("x"))).map { it.entry })
        assertEquals(listOf("a", "x"), two.after(ThreadDiff.Update(1u, row("x"))).map { it.entry })
        assertEquals(listOf("b"), two.after(ThreadDiff.Remove(0u)).map { it.entry })
    }

    @Test fun `a change of a row that is not here changes nothing and the next list puts it right`() {
        val nowhere = listOf(2u, 3u, UInt.MAX_VALUE)
        for (at in nowhere) {
            assertEquals(two, two.after(ThreadDiff.Update(at, row("x"))))
            assertEquals(two, two.after(ThreadDiff.Remove(at)))
            if (at > 2u) assertEquals(two, two.after(ThreadDiff.Insert(at, row("x"))))
        }
        assertEquals(listOf("x"), two.after(ThreadDiff.Reset(listOf(row("x")))).map { it.entry })
    }
}
