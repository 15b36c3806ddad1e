package tandem.ui

import androidx.compose.runtime.Composable
import androidx.compose.ui.ImageComposeScene
import androidx.compose.ui.semantics.SemanticsOwner
import androidx.compose.ui.unit.Density
import org.jetbrains.skia.Bitmap
import org.jetbrains.skia.EncodedImageFormat
import org.jetbrains.skia.Image
import tandem.ui.gallery.Cast
import tandem.ui.theme.TandemTheme
import tandem.ui.words.Say
import java.awt.image.BufferedImage
import java.awt.image.DataBuffer
import java.awt.image.IndexColorModel
import java.io.File
import javax.imageio.ImageIO

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
    height: Int = HEIGHT,
    see: (Collection<SemanticsOwner>) -> Unit = {},
    content: @Composable () -> Unit,
): Image {
    val density = Density(look.scale, look.text)
    val scene =
        ImageComposeScene((WIDTH * look.scale).toInt(), (height * look.scale).toInt(), density) {
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

/** The same in the 256 shades that it has most of, which is a third as many bytes and looks alike. */
fun Image.writeSmall(file: File) {
    val bitmap = Bitmap.makeFromImage(this)
    val pixels = IntArray(width * height) { bitmap.getColor(it % width, it / width) }
    val many = pixels.toList().groupingBy { it }.eachCount()
    val shades = many.entries.sortedByDescending { it.value }.take(SHADES).map { it.key }
    val nearest = many.keys.associateWith { colour -> shades.indices.minBy { apart(colour, shades[it]) } }
    val model = IndexColorModel(8, shades.size, shades.toIntArray(), 0, false, -1, DataBuffer.TYPE_BYTE)
    val small = BufferedImage(width, height, BufferedImage.TYPE_BYTE_INDEXED, model)
    for ((at, colour) in pixels.withIndex()) {
        small.raster.setSample(at % width, at / width, 0, nearest.getValue(colour))
    }
    file.parentFile.mkdirs()
    ImageIO.write(small, "png", file)
}

private const val SHADES = 256

private fun apart(one: Int, other: Int): Int =
    listOf(0, 8, 16).sumOf { bits ->
        val step = (one shr bits and 0xff) - (other shr bits and 0xff)
        step * step
    }
