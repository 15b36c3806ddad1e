package tandem.ui.marks

import androidx.compose.ui.graphics.Color
import androidx.compose.ui.graphics.SolidColor
import androidx.compose.ui.graphics.StrokeCap
import androidx.compose.ui.graphics.StrokeJoin
import androidx.compose.ui.graphics.vector.ImageVector
import androidx.compose.ui.graphics.vector.addPathNodes
import androidx.compose.ui.unit.dp

/** A drawing of 24 by 24 in lines of one width; `turns`: it looks the other way where text runs from the right. */
internal fun drawn(
    name: String,
    vararg paths: String,
    turns: Boolean = false,
): ImageVector =
    ImageVector
        .Builder(name, 24.dp, 24.dp, 24f, 24f, autoMirror = turns)
        .apply {
            for (path in paths) {
                addPath(
                    addPathNodes(path),
                    stroke = SolidColor(Color.Black),
                    strokeLineWidth = 1.8f,
                    strokeLineCap = StrokeCap.Round,
                    strokeLineJoin = StrokeJoin.Round,
                )
            }
        }.build()
