package tandem.platform

import android.media.Image
import android.media.ImageReader
import android.view.Surface
import com.google.zxing.BarcodeFormat
import com.google.zxing.qrcode.QRCodeWriter
import kotlinx.coroutines.channels.Channel
import org.robolectric.annotation.Implementation
import org.robolectric.annotation.Implements
import org.robolectric.shadows.ShadowImageReader
import java.nio.ByteBuffer

/** Where a camera of the tests puts its frames: Robolectric's images hold nothing. */
@Implements(ImageReader::class)
class Eye : ShadowImageReader() {
    @Implementation
    public override fun nativeGetSurface(): Surface = super.nativeGetSurface().also { opened.trySend(it) }

    companion object {
        val opened = Surfaces()
    }

    /** Those of the readers that were made. */
    class Surfaces {
        private val made = Channel<Surface>(Channel.UNLIMITED)
        private val known = mutableSetOf<Surface>()

        @Synchronized fun trySend(surface: Surface) {
            if (known.add(surface)) made.trySend(surface)
        }

        suspend fun receive() = made.receive()

        fun clear() {
            while (made.tryReceive().isSuccess) Unit
        }
    }
}

/** A frame that a camera of the tests sees. */
@Implements(className = "android.media.ImageReader\$SurfaceImage")
class Frame : ShadowImageReader.ShadowSurfaceImage() {
    @Implementation
    fun getPlanes(): Array<Image.Plane> = arrayOf(plane)

    /** What is bright in it. */
    class Seen(private val isDark: (x: Int, y: Int) -> Boolean) : Image.Plane() {
        override fun getRowStride() = ROW

        override fun getPixelStride() = 1

        override fun getBuffer(): ByteBuffer {
            val last = (HEIGHT - 1) * ROW + WIDTH
            return ByteBuffer.wrap(ByteArray(last) { if (isDark(it % ROW, it / ROW)) 0 else BRIGHT })
        }

        fun on(eye: Surface) {
            plane = this
            eye.unlockCanvasAndPost(eye.lockCanvas(null))
        }
    }

    companion object {
        private const val WIDTH = 640
        private const val HEIGHT = 480

        /** As many cameras have it, a row is longer in memory than it is wide. */
        private const val ROW = 704
        private const val BRIGHT: Byte = -1

        @Volatile private var plane: Image.Plane = blank()

        fun blank() = Seen { _, _ -> false }

        fun of(text: String): Seen {
            val code = QRCodeWriter().encode(text, BarcodeFormat.QR_CODE, HEIGHT, HEIGHT)
            return Seen { x, y -> x < HEIGHT && code[x, y] }
        }
    }
}
