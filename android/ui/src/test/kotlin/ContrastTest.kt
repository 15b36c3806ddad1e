package tandem.ui

import androidx.compose.ui.graphics.Color
import androidx.compose.ui.graphics.luminance
import org.junit.Test
import tandem.ui.theme.Colours
import tandem.ui.theme.Day
import tandem.ui.theme.Night
import kotlin.test.assertTrue

/** Everything that is put on something else can be read there. */
class ContrastTest {
    @Test fun `text stands at seven to one and marks at four and a half by day and by night`() {
        for ((half, colours) in mapOf("day" to Day, "night" to Night)) {
            val low = colours.texts().filter { it.ratio < 7f } + colours.marks().filter { it.ratio < 4.5f }
            assertTrue(low.isEmpty(), "$half: $low")
        }
    }

    private class Pair(val name: String, one: Color, other: Color) {
        val ratio = (maxOf(one.luminance(), other.luminance()) + 0.05f) / (minOf(one.luminance(), other.luminance()) + 0.05f)

        override fun toString() = "$name $ratio"
    }

    private fun Colours.grounds() = mapOf("ground" to ground, "raised" to raised, "soft" to soft, "amber" to amberSoft)

    private fun Colours.texts(): List<Pair> {
        val inks = mapOf("ink" to ink, "quiet" to quiet, "accent" to accentInk, "on amber" to onAmber, "red" to red, "on soft" to onSoft)
        val on = grounds().flatMap { (ground, under) -> inks.map { (ink, over) -> Pair("$ink on $ground", over, under) } }
        return on + Pair("on accent", onAccent, accentInk) + Pair("on red", onRed, red)
    }

    private fun Colours.marks(): List<Pair> {
        val marks = mapOf("accent" to accent, "edge" to edge, "amber" to amber)
        return grounds().flatMap { (ground, under) -> marks.map { (mark, over) -> Pair("$mark on $ground", over, under) } }
    }
}
