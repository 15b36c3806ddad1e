package tandem.app

import android.content.ContentProvider
import android.content.ContentValues
import android.database.Cursor
import android.graphics.Bitmap
import android.net.Uri
import android.os.ParcelFileDescriptor
import com.google.zxing.BarcodeFormat
import com.google.zxing.qrcode.QRCodeWriter
import org.junit.Rule
import org.junit.Test
import org.junit.rules.TemporaryFolder
import org.junit.runner.RunWith
import org.robolectric.Robolectric
import org.robolectric.RobolectricTestRunner
import org.robolectric.RuntimeEnvironment
import java.io.File
import java.io.FileNotFoundException
import kotlin.test.assertEquals
import kotlin.test.assertNull
import kotlin.test.assertTrue

/** A picture that a person has chosen is another app's: it may be anything. */
@RunWith(RobolectricTestRunner::class)
class PicturesTest {
    @get:Rule val folder = TemporaryFolder()

    private val other = Robolectric.buildContentProvider(Other::class.java).create("tandem.test.other").get()

    /** Another app with one picture. */
    class Other : ContentProvider() {
        lateinit var gives: () -> File

        override fun openFile(uri: Uri, mode: String): ParcelFileDescriptor =
            ParcelFileDescriptor.open(gives(), ParcelFileDescriptor.MODE_READ_ONLY)

        override fun onCreate() = true

        override fun getType(uri: Uri) = "image/png"

        override fun query(uri: Uri, columns: Array<String>?, which: String?, of: Array<String>?, order: String?): Cursor? = null

        override fun insert(uri: Uri, values: ContentValues?): Uri? = null

        override fun delete(uri: Uri, which: String?, of: Array<String>?) = 0

        override fun update(uri: Uri, values: ContentValues?, which: String?, of: Array<String>?) = 0
    }

    private fun code(gives: () -> File): String? {
        other.gives = gives
        return codeIn(Uri.parse("content://tandem.test.other/picture"), RuntimeEnvironment.getApplication().contentResolver)
    }

    private fun file(bytes: ByteArray) = folder.newFile().apply { writeBytes(bytes) }

    private fun drawn(text: String, side: Int): File {
        val code = QRCodeWriter().encode(text, BarcodeFormat.QR_CODE, side, side)
        val bitmap = Bitmap.createBitmap(side, side, Bitmap.Config.ARGB_8888)
        bitmap.setPixels(IntArray(side * side) { if (code[it % side, it / side]) BLACK else WHITE }, 0, side, 0, 0, side, side)
        return folder.newFile().apply { outputStream().use { bitmap.compress(Bitmap.CompressFormat.PNG, 100, it) } }
    }

    @Test fun `a picture has the code that is in it, and one that can't be read has none and ends nothing`() {
        assertEquals("hello", code { drawn("hello", 400) })
        assertEquals("hello", code { drawn("hello", 2 * SIDE) })
        assertNull(code { file(ByteArray(0)) })
        assertNull(code { file("no picture at all".toByteArray()) })
        val half = drawn("hello", 400).readBytes().let { it.copyOf(it.size / 2) }
        assertNull(code { file(half) })
        assertNull(code { throw FileNotFoundException("taken away") })
        assertNull(code { throw SecurityException("not yours") })
        assertNull(code { error("the other app's own mistake") })
        assertNull(code { throw OutOfMemoryError("no room") })
        val nobodys = Uri.parse("content://nobody/picture")
        assertNull(codeIn(nobodys, RuntimeEnvironment.getApplication().contentResolver))
        assertNull(codeIn(Uri.parse("no uri"), RuntimeEnvironment.getApplication().contentResolver))
    }

    @Test fun `however large a picture is, little of it is read`() {
        for (side in listOf(1, 640, SIDE, 2 * SIDE - 1, 2 * SIDE, 12_000, 60_000, Int.MAX_VALUE)) {
            val read = side / smaller(side, 1)
            assertEquals(read, side / smaller(1, side))
            assertTrue(read < 2 * SIDE && read >= minOf(side, SIDE), "$side pixels become $read")
        }
    }

    private companion object {
        const val BLACK = -0x1000000
        const val WHITE = -1
    }
}
