package tandem.platform

import android.content.Intent
import com.google.zxing.BarcodeFormat
import com.google.zxing.BinaryBitmap
import com.google.zxing.DecodeHintType
import com.google.zxing.MultiFormatReader
import com.google.zxing.RGBLuminanceSource
import com.google.zxing.ReaderException
import com.google.zxing.common.HybridBinarizer
import tandem.engine.ThreadId

/** A link that was tapped, or text that another app shares; what it says is looked at by the engine. */
fun linkOf(intent: Intent): String? =
    when (intent.action) {
        Intent.ACTION_VIEW -> intent.dataString
        Intent.ACTION_SEND -> intent.getStringExtra(Intent.EXTRA_TEXT)
        else -> null
    }?.take(MOST)

/** The thread that a notification is of. */
fun threadOf(intent: Intent): ThreadId? = intent.getStringExtra(THREAD)

/** Has an intent open a thread. */
fun Intent.opening(thread: ThreadId): Intent = putExtra(THREAD, thread)

/** What a QR code in an image says; null when there is none. Pixels as `0xAARRGGBB`, row by row. */
fun codeIn(pixels: IntArray, width: Int, height: Int): String? {
    if (width <= 0 || height <= 0 || pixels.size < width * height) return null
    val image = BinaryBitmap(HybridBinarizer(RGBLuminanceSource(width, height, pixels)))
    val hints = mapOf(DecodeHintType.POSSIBLE_FORMATS to listOf(BarcodeFormat.QR_CODE), DecodeHintType.TRY_HARDER to true)
    return try {
        MultiFormatReader().decode(image, hints).text
    } catch (_: ReaderException) {
        null
    }
}

private const val THREAD = "thread"

/** More than any link has: what is longer is none, however long it is. */
private const val MOST = 4096
