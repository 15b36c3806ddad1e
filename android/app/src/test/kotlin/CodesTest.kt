package tandem.platform

import com.google.zxing.BarcodeFormat
import com.google.zxing.qrcode.QRCodeWriter
import org.junit.Test
import kotlin.random.Random
import kotlin.test.assertEquals
import kotlin.test.assertNull

class CodesTest {
    private val side = 400

    private fun drawn(text: String): IntArray {
        val code = QRCodeWriter().encode(text, BarcodeFormat.QR_CODE, side, side)
        return IntArray(side * side) { if (code[it % side, it / side]) BLACK else WHITE }
    }

    @Test fun `a code in an image is read`() {
        val link = "tandem://join/127.0.0.1:7443/" + "a".repeat(52) + "/" + "b".repeat(32) + "/guardian/" + "c".repeat(26)
        assertEquals(link, codeIn(drawn(link), side, side))
        assertEquals("hello", codeIn(drawn("hello"), side, side))
    }

    @Test fun `an image that is no code has none`() {
        val random = Random(1)
        assertNull(codeIn(IntArray(side * side) { random.nextInt() }, side, side))
        assertNull(codeIn(IntArray(side * side), side, side))
        assertNull(codeIn(IntArray(0), 0, 0))
        assertNull(codeIn(IntArray(10), side, side))
        assertNull(codeIn(IntArray(1), 1, 1))
        val half = drawn("hello").also { it.fill(WHITE, 0, it.size / 2) }
        assertNull(codeIn(half, side, side))
    }

    private companion object {
        const val BLACK = -0x1000000
        const val WHITE = -1
    }
}
