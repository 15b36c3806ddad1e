package tandem.app

import android.content.ContentResolver
import android.graphics.Bitmap
import android.graphics.BitmapFactory
import android.net.Uri
import tandem.platform.codeIn
import java.io.IOException

/** What a QR code in a picture says that a person has chosen; null when there is none, or the picture can't be read. */
internal fun codeIn(picture: Uri, of: ContentResolver): String? =
    try {
        read(picture, of)?.let(::codeIn)
    } catch (_: IOException) {
        null
    } catch (_: RuntimeException) {
        // Another app gives the picture, and whatever it throws comes here.
        null
    } catch (_: OutOfMemoryError) {
        null
    }

private fun codeIn(bitmap: Bitmap): String? {
    val pixels = IntArray(bitmap.width * bitmap.height)
    bitmap.getPixels(pixels, 0, bitmap.width, 0, 0, bitmap.width, bitmap.height)
    return codeIn(pixels, bitmap.width, bitmap.height)
}

/** Read twice: for how large it is, and then no larger than it has to be. */
private fun read(picture: Uri, of: ContentResolver): Bitmap? {
    val how = BitmapFactory.Options().apply { inJustDecodeBounds = true }
    of.openInputStream(picture)?.use { BitmapFactory.decodeStream(it, null, how) }
    how.inJustDecodeBounds = false
    how.inSampleSize = smaller(how.outWidth, how.outHeight)
    return of.openInputStream(picture)?.use { BitmapFactory.decodeStream(it, null, how) }
}

/** By how much a picture is made smaller: its longer side then has [SIDE] pixels or more, and less than twice as many. */
internal fun smaller(width: Int, height: Int): Int = Integer.highestOneBit(maxOf(1, maxOf(width, height) / SIDE))

/** A code is read at this many pixels; more only take time. */
internal const val SIDE = 1600
