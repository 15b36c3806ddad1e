package tandem.platform

import android.media.Image
import com.google.zxing.BarcodeFormat
import com.google.zxing.BinaryBitmap
import com.google.zxing.DecodeHintType
import com.google.zxing.LuminanceSource
import com.google.zxing.MultiFormatReader
import com.google.zxing.PlanarYUVLuminanceSource
import com.google.zxing.RGBLuminanceSource
import com.google.zxing.ReaderException
import com.google.zxing.common.HybridBinarizer

/** What a QR code in an image says; null when there is none. Pixels as `0xAARRGGBB`, row by row. */
fun codeIn(pixels: IntArray, width: Int, height: Int): String? =
    if (width <= 0 || height <= 0 || pixels.size < width * height) null else codeIn(RGBLuminanceSource(width, height, pixels))

/** What a QR code in a camera's frame says; null when there is none. */
fun codeIn(frame: Grey): String? = with(frame) { codeIn(PlanarYUVLuminanceSource(bytes, row, height, 0, 0, width, height, false)) }

private fun codeIn(source: LuminanceSource): String? {
    val hints = mapOf(DecodeHintType.POSSIBLE_FORMATS to listOf(BarcodeFormat.QR_CODE), DecodeHintType.TRY_HARDER to true)
    return try {
        MultiFormatReader().decode(BinaryBitmap(HybridBinarizer(source)), hints).text
    } catch (_: ReaderException) {
        null
    }
}

/** How bright each pixel of a frame is. A row may be longer in memory than it is wide. */
class Grey(image: Image) {
    val width = image.width
    val height = image.height
    val row = image.planes[0].rowStride

    // The last row may end where its last pixel does.
    val bytes = ByteArray(row * height).also { all -> image.planes[0].buffer.run { get(all, 0, minOf(remaining(), all.size)) } }
}
