package tandem.ui.theme

import androidx.compose.foundation.isSystemInDarkTheme
import androidx.compose.foundation.shape.RoundedCornerShape
import androidx.compose.material3.ColorScheme
import androidx.compose.material3.LocalContentColor
import androidx.compose.material3.LocalTextStyle
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Shapes
import androidx.compose.material3.Typography
import androidx.compose.material3.darkColorScheme
import androidx.compose.material3.lightColorScheme
import androidx.compose.runtime.Composable
import androidx.compose.runtime.CompositionLocalProvider
import androidx.compose.runtime.ReadOnlyComposable
import androidx.compose.runtime.staticCompositionLocalOf
import androidx.compose.ui.unit.dp
import tandem.ui.words.LocalSay
import tandem.ui.words.Say

private val LocalColours = staticCompositionLocalOf { Day }

/** Whether things may move, as the phone's owner asks for; a platform says otherwise. */
val LocalMotion = staticCompositionLocalOf { true }

/** The colours of now. */
val colours: Colours
    @Composable @ReadOnlyComposable
    get() = LocalColours.current

/** Everything that is shown is inside this: colours, type, and how things are said. */
@Composable
fun TandemTheme(
    say: Say,
    dark: Boolean = isSystemInDarkTheme(),
    motion: Boolean = true,
    content: @Composable () -> Unit,
) {
    val colours = if (dark) Night else Day
    MaterialTheme(colorScheme = colours.scheme(dark), typography = typography, shapes = shapes) {
        CompositionLocalProvider(
            LocalColours provides colours,
            LocalSay provides say,
            LocalMotion provides motion,
            LocalContentColor provides colours.ink,
            LocalTextStyle provides Type.body,
            content = content,
        )
    }
}

private val shapes =
    Shapes(
        extraSmall = RoundedCornerShape(8.dp),
        small = RoundedCornerShape(12.dp),
        medium = RoundedCornerShape(16.dp),
        large = RoundedCornerShape(20.dp),
        extraLarge = RoundedCornerShape(24.dp),
    )

private val typography =
    Typography(
        headlineSmall = Type.title,
        titleLarge = Type.title,
        titleMedium = Type.row,
        bodyLarge = Type.body,
        bodyMedium = Type.body,
        bodySmall = Type.state,
        labelLarge = Type.button,
        labelMedium = Type.label,
        labelSmall = Type.state,
    )

/** Material's own parts in these colours. */
private fun Colours.scheme(dark: Boolean): ColorScheme {
    val base = if (dark) darkColorScheme() else lightColorScheme()
    return base.copy(
        primary = accentInk,
        onPrimary = onAccent,
        primaryContainer = soft,
        onPrimaryContainer = onSoft,
        secondary = accentInk,
        onSecondary = onAccent,
        secondaryContainer = soft,
        onSecondaryContainer = onSoft,
        tertiary = amber,
        background = ground,
        onBackground = ink,
        surface = ground,
        onSurface = ink,
        surfaceVariant = raised,
        onSurfaceVariant = quiet,
        surfaceTint = accent,
        surfaceContainerLowest = ground,
        surfaceContainerLow = raised,
        surfaceContainer = raised,
        surfaceContainerHigh = raised,
        surfaceContainerHighest = raised,
        outline = edge,
        outlineVariant = line,
        error = red,
        onError = onRed,
    )
}
