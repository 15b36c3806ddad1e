package tandem.ui.marks

import androidx.compose.ui.graphics.vector.ImageVector
import tandem.words.Mark

private const val PHONE =
    "M8 3 h8 a1.5 1.5 0 0 1 1.5 1.5 v15 a1.5 1.5 0 0 1 -1.5 1.5 " +
        "h-8 a1.5 1.5 0 0 1 -1.5 -1.5 v-15 A1.5 1.5 0 0 1 8 3 Z"

private val draft = Icons.Write
private val clock = drawn("clock", "M12 20.5 a8.5 8.5 0 1 0 0 -17 a8.5 8.5 0 1 0 0 17", "M12 7.5 L12 12 L15 14")
private val phone = drawn("phone", PHONE, "M11 17.8 L13 17.8")
private val tick = drawn("tick", "M5 12.8 L9.8 17.5 L19 7")
private val tickInPhone = drawn("tick_in_phone", PHONE, "M9.3 12 L11.4 14.2 L14.8 9.8")
private val eye =
    drawn(
        "eye",
        "M2.5 12 c2.6 -4.4 5.8 -6.4 9.5 -6.4 s6.9 2 9.5 6.4 c-2.6 4.4 -5.8 6.4 -9.5 6.4 S5.1 16.4 2.5 12 Z",
        "M12 14.8 a2.8 2.8 0 1 0 0 -5.6 a2.8 2.8 0 1 0 0 5.6",
    )
private val ear =
    drawn(
        "ear",
        "M7 10 a5.2 5.2 0 0 1 10.4 0 c0 4 -4 4.4 -4 7.6 c0 2.2 -1.5 3.4 -3.2 3.4 c-1.6 0 -2.8 -1 -3 -2.6",
        "M9.8 10 a2.5 2.5 0 0 1 4.9 .2 c0 1.7 -2 1.9 -2.2 3.6",
    )
private val stopped = drawn("stopped", "M12 20.5 a8.5 8.5 0 1 0 0 -17 a8.5 8.5 0 1 0 0 17", "M8 12 L16 12")

/** The shorthand of how something stands; its words are beside it, or come when it is touched. */
val Mark.drawing: ImageVector
    get() =
        when (this) {
            Mark.DRAFT -> draft
            Mark.CLOCK -> clock
            Mark.PHONE -> phone
            Mark.TICK -> tick
            Mark.TICK_IN_PHONE -> tickInPhone
            Mark.EYE -> eye
            Mark.EAR -> ear
            Mark.STOPPED -> stopped
        }
