package tandem.ui.parts

import androidx.compose.foundation.Canvas
import androidx.compose.foundation.background
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.aspectRatio
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.widthIn
import androidx.compose.foundation.shape.RoundedCornerShape
import androidx.compose.foundation.text.selection.SelectionContainer
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.remember
import androidx.compose.ui.Modifier
import androidx.compose.ui.draw.clip
import androidx.compose.ui.geometry.Offset
import androidx.compose.ui.geometry.Size
import androidx.compose.ui.graphics.Color
import androidx.compose.ui.semantics.Role
import androidx.compose.ui.semantics.contentDescription
import androidx.compose.ui.semantics.role
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.unit.dp
import com.google.zxing.BarcodeFormat
import com.google.zxing.EncodeHintType
import com.google.zxing.WriterException
import com.google.zxing.common.BitMatrix
import com.google.zxing.qrcode.QRCodeWriter
import com.google.zxing.qrcode.decoder.ErrorCorrectionLevel
import tandem.ui.marks.Icons
import tandem.ui.theme.Type
import tandem.ui.theme.colours
import tandem.ui.words.LocalSay

/** A link as a picture for another phone's camera and as text for every other way. */
@Composable
fun LinkCard(
    link: String,
    outside: Outside,
) {
    val say = LocalSay.current
    Column(Modifier.fillMaxWidth(), verticalArrangement = Arrangement.spacedBy(12.dp)) {
        QrCode(link, say("common.qr"))
        SelectionContainer {
            Text(
                link,
                style = Type.code.merge(Type.state.copy(fontFamily = Type.code.fontFamily)),
                color = colours.quiet,
            )
        }
        Buttons {
            Do(say("common.share"), { outside.share(link) }, icon = Icons.Share)
            Do(say("common.copy_link"), { outside.copy(link) }, icon = Icons.Copy)
        }
    }
}

/** Dark on light by night, too: cameras ask for it. */
@Composable
private fun QrCode(
    text: String,
    name: String,
) {
    val matrix = remember(text) { qr(text) } ?: return
    Canvas(
        Modifier
            .widthIn(max = 260.dp)
            .fillMaxWidth()
            .aspectRatio(1f)
            .clip(RoundedCornerShape(16.dp))
            .background(Color.White)
            .padding(16.dp)
            .semantics {
                contentDescription = name
                role = Role.Image
            },
    ) {
        val cell = size.width / matrix.width
        for (y in 0 until matrix.height) {
            for (x in 0 until matrix.width) {
                // A little over the edge, or hairlines show between cells.
                if (matrix[x, y]) drawRect(Color.Black, Offset(x * cell, y * cell), Size(cell + 0.5f, cell + 0.5f))
            }
        }
    }
}

private fun qr(text: String): BitMatrix? {
    val hints = mapOf(EncodeHintType.MARGIN to 0, EncodeHintType.ERROR_CORRECTION to ErrorCorrectionLevel.M)
    return try {
        QRCodeWriter().encode(text, BarcodeFormat.QR_CODE, 1, 1, hints)
    } catch (_: WriterException) {
        // Too long for a picture: the text below is there.
        null
    }
}
