package tandem.ui

import androidx.compose.runtime.Composable
import androidx.compose.ui.ImageComposeScene
import androidx.compose.ui.semantics.SemanticsOwner
import androidx.compose.ui.unit.Density
import org.jetbrains.skia.EncodedImageFormat
import org.jetbrains.skia.Image
import tandem.ui.gallery.Cast
import tandem.ui.theme.TandemTheme
import tandem.ui.words.Say
import java.io.File

/** A phone of a usual size, in dp. */
const val WIDTH = 360
const val HEIGHT = 780

val english = XmlStrings("en")
val spanish = XmlStrings("es")
val languages = mapOf("en" to english, "es" to spanish)

fun voiceOf(language: String = "en") = Say(languages.getValue(language), Cast.clock(language), Cast.names)

/** How a screen is looked at. */
data class Look(val language: String = "en", val dark: Boolean = false, val text: Float = 1f, val scale: Float = 1f) {
    override fun toString() = "$language-${if (dark) "dark" else "light"}-$text"
}

/** Every way of looking that the gallery goes through. */
val looks =
    listOf("en", "es").flatMap { language ->
        listOf(false, true).flatMap { dark -> listOf(1f, 2f).map { Look(language, dark, it) } }
    }

/** Draws a screen without a display; `see` may look at what a screen reader would find. */
fun drawn(
    look: Look,
    voice: Say = voiceOf(look.language),
    see: (Collection<SemanticsOwner>) -> Unit = {},
    content: @Composable () -> Unit,
): Image {
    val density = Density(look.scale, look.text)
    val scene =
        ImageComposeScene((WIDTH * look.scale).toInt(), (HEIGHT * look.scale).toInt(), density) {
            TandemTheme(voice, look.dark, motion = false, content = content)
        }
    return try {
        scene.render(0)
        scene.render(100_000_000)
        scene.render(500_000_000).also { see(scene.semanticsOwners) }
    } finally {
        scene.close()
    }
}

fun Image.write(file: File) {
    file.parentFile.mkdirs()
    file.writeBytes(checkNotNull(encodeToData(EncodedImageFormat.PNG)).bytes)
}
