package tandem.ui.theme

import androidx.compose.runtime.Immutable
import androidx.compose.ui.graphics.Color

/**
 * The colours of one half of the day. What is named ink is for text and stands at 7:1 on its ground at
 * least, the others are for marks and lines and stand at 4.5:1. No colour means anything alone.
 */
@Immutable
data class Colours(
    /** What everything lies on. */
    val ground: Color,
    /** What lies on it: what others say, fields, cards. */
    val raised: Color,
    /** Text. */
    val ink: Color,
    /** Text that may wait. */
    val quiet: Color,
    /** What parts one thing from the next; says nothing. */
    val line: Color,
    /** The edge of what can be filled in. */
    val edge: Color,
    /** The one accent. */
    val accent: Color,
    /** The accent as text, and as the ground of the one thing that a screen is for. */
    val accentInk: Color,
    /** Text on [accentInk]. */
    val onAccent: Color,
    /** The accent as a ground: own words, what is chosen. */
    val soft: Color,
    /** Text on [soft]. */
    val onSoft: Color,
    /** Needs you; nothing else is amber. */
    val amber: Color,
    /** The ground of what needs you. */
    val amberSoft: Color,
    /** Text on [amberSoft]. */
    val onAmber: Color,
    /** What can't be undone, as text and as a ground; nothing else is red. */
    val red: Color,
    /** Text on [red]. */
    val onRed: Color,
)

/** By day. */
val Day =
    Colours(
        ground = Color(0xFFFBFCFB),
        raised = Color(0xFFF0F4F2),
        ink = Color(0xFF17201E),
        quiet = Color(0xFF3C4845),
        line = Color(0xFFD8DFDC),
        edge = Color(0xFF5A6663),
        accent = Color(0xFF0B6E69),
        accentInk = Color(0xFF07524D),
        onAccent = Color(0xFFFFFFFF),
        soft = Color(0xFFDDEFEC),
        onSoft = Color(0xFF0B3633),
        amber = Color(0xFF8A5A00),
        amberSoft = Color(0xFFFCF0DA),
        onAmber = Color(0xFF5A3A00),
        red = Color(0xFF8F1D1D),
        onRed = Color(0xFFFFFFFF),
    )

/** By night. */
val Night =
    Colours(
        ground = Color(0xFF101413),
        raised = Color(0xFF1B211F),
        ink = Color(0xFFE7EDEB),
        quiet = Color(0xFFBBC6C3),
        line = Color(0xFF303936),
        edge = Color(0xFF8C9895),
        accent = Color(0xFF74D7CE),
        accentInk = Color(0xFF74D7CE),
        onAccent = Color(0xFF00302D),
        soft = Color(0xFF12332F),
        onSoft = Color(0xFFD5F3EF),
        amber = Color(0xFFF0BE62),
        amberSoft = Color(0xFF35290F),
        onAmber = Color(0xFFF8DCA6),
        red = Color(0xFFFFB4AB),
        onRed = Color(0xFF4A0B0B),
    )
