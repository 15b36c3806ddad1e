package tandem.ui.parts

import androidx.compose.runtime.Composable
import androidx.compose.ui.platform.LocalDensity
import androidx.compose.ui.unit.Dp
import androidx.compose.ui.unit.sp

/** Where type is larger than this there is no room for two things side by side. */
private const val LARGE = 1.3f

/** Drawings beside words grow with them, up to here. */
private const val MOST = 1.6f

/** Whether type is so large that things stand under each other. */
val largeType: Boolean
    @Composable get() = LocalDensity.current.fontScale > LARGE

/** The side of a drawing that stands beside words. */
@Composable
fun beside(side: Int): Dp =
    with(LocalDensity.current) {
        val grown = side.sp.toDp()
        minOf(grown, grown / fontScale * MOST)
    }
