package tandem.ui

import androidx.compose.runtime.Composable
import androidx.compose.ui.ImageComposeScene
import androidx.compose.ui.unit.Density
import org.jetbrains.skia.EncodedImageFormat
import org.jetbrains.skia.Image
import tandem.ui.gallery.Cast
import tandem.ui.theme.TandemTheme
import tandem.ui.words.Say
import tandem.ui.words.Strings
import java.io.File

/** A phone of a usual size, in dp. */
const val WIDTH = 360
const val HEIGHT = 780

val english = CatalogueStrings("en")
val spanish = CatalogueStrings("es")
val languages = mapOf("en" to english, "es" to spanish)

fun say(language: String = "en") = Say(languages.getValue(language), Cast.clock(language), Cast.names)

/** Draws a screen without a display. */
fun drawn(
    say: Say,
    dark: Boolean = false,
    text: Float = 1f,
    scale: Float = 1f,
    content: @Composable () -> Unit,
): Image {
    val scene =
        ImageComposeScene((WIDTH * scale).toInt(), (HEIGHT * scale).toInt(), Density(scale, text)) {
            TandemTheme(say, dark, motion = false, content = content)
        }
    return try {
        scene.render(0)
        scene.render(500_000_000)
    } finally {
        scene.close()
    }
}

fun Image.write(file: File) {
    file.parentFile.mkdirs()
    file.writeBytes(checkNotNull(encodeToData(EncodedImageFormat.PNG)).bytes)
}
