package tandem.app

import android.content.ContentResolver
import android.graphics.Bitmap
import android.graphics.ImageDecoder
import android.net.Uri
import android.os.Build
import android.provider.MediaStore
import androidx.annotation.RequiresApi
import tandem.platform.codeIn
import java.io.IOException

/** What a QR code in a picture says that a person has chosen; null when there is none. */
internal fun codeIn(picture: Uri, of: ContentResolver): String? =
    try {
        val bitmap = if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.P) decoded(picture, of) else read(picture, of)
        val pixels = IntArray(bitmap.width * bitmap.height)
        bitmap.getPixels(pixels, 0, bitmap.width, 0, 0, bitmap.width, bitmap.height)
        codeIn(pixels, bitmap.width, bitmap.height)
    } catch (_: IOException) {
        null
    }

@RequiresApi(Build.VERSION_CODES.P)
private fun decoded(picture: Uri, of: ContentResolver): Bitmap = ImageDecoder.decodeBitmap(ImageDecoder.createSource(of, picture), Small)

/** Decoded no larger than it has to be. */
@RequiresApi(Build.VERSION_CODES.P)
private object Small : ImageDecoder.OnHeaderDecodedListener {
    override fun onHeaderDecoded(decoder: ImageDecoder, info: ImageDecoder.ImageInfo, source: ImageDecoder.Source) {
        // Its pixels are asked for, which a bitmap of the hardware's does not give.
        decoder.isMutableRequired = true
        decoder.setTargetSampleSize(maxOf(1, maxOf(info.size.width, info.size.height) / SIDE))
    }
}

@Suppress("DEPRECATION")
private fun read(picture: Uri, of: ContentResolver): Bitmap = MediaStore.Images.Media.getBitmap(of, picture)

/** A code is read at this many pixels; more only take time. */
private const val SIDE = 1600
