package tandem.app

import android.content.Context
import android.graphics.Matrix
import android.graphics.RectF
import android.graphics.SurfaceTexture
import android.util.Size
import android.view.Surface
import android.view.TextureView
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.runtime.Composable
import androidx.compose.runtime.LaunchedEffect
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.remember
import androidx.compose.runtime.setValue
import androidx.compose.ui.Modifier
import androidx.compose.ui.platform.LocalContext
import androidx.compose.ui.viewinterop.AndroidView
import androidx.lifecycle.Lifecycle
import androidx.lifecycle.compose.LocalLifecycleOwner
import androidx.lifecycle.repeatOnLifecycle
import tandem.platform.Camera
import tandem.platform.NoCamera
import tandem.screens.ScanAction

/** What the camera sees. It is open while this is shown and the app is in front, and not a moment longer. */
@Composable
internal fun Viewfinder(act: (ScanAction) -> Unit) {
    val context = LocalContext.current
    val lifecycle = LocalLifecycleOwner.current.lifecycle
    val camera = remember { Camera.of(context) }
    var texture by remember { mutableStateOf<SurfaceTexture?>(null) }
    if (camera == null) {
        LaunchedEffect(Unit) { act(ScanAction.NoCamera) }
        return
    }
    AndroidView({ Finder(it, camera.size) { came -> texture = came } }, Modifier.fillMaxSize())
    LaunchedEffect(texture) {
        val shown = Surface(texture ?: return@LaunchedEffect)
        try {
            lifecycle.repeatOnLifecycle(Lifecycle.State.RESUMED) { camera.codes(shown).collect { act(ScanAction.Saw(it)) } }
        } catch (_: NoCamera) {
            act(ScanAction.NoCamera)
        } finally {
            shown.release()
        }
    }
}

/** A view that a camera draws into, in frames of this size. */
private class Finder(context: Context, private val frames: Size, private val comes: (SurfaceTexture?) -> Unit) :
    TextureView(context), TextureView.SurfaceTextureListener {
    init {
        surfaceTextureListener = this
    }

    override fun onSurfaceTextureAvailable(surface: SurfaceTexture, width: Int, height: Int) {
        surface.setDefaultBufferSize(frames.width, frames.height)
        place(width, height)
        comes(surface)
    }

    override fun onSurfaceTextureSizeChanged(surface: SurfaceTexture, width: Int, height: Int) = place(width, height)

    override fun onSurfaceTextureDestroyed(surface: SurfaceTexture): Boolean {
        comes(null)
        return true
    }

    override fun onSurfaceTextureUpdated(surface: SurfaceTexture) = Unit

    private fun place(width: Int, height: Int) {
        setTransform(upright(width, height, frames, display?.rotation ?: Surface.ROTATION_0))
    }
}

/**
 * How a frame is turned and stretched so that it fills a view upright and undistorted. What a camera draws stands upright
 * when the phone does, and is squeezed into the view, whatever its shape.
 */
internal fun upright(width: Int, height: Int, frames: Size, rotation: Int): Matrix {
    val view = RectF(0f, 0f, width.toFloat(), height.toFloat())
    val (x, y) = view.centerX() to view.centerY()
    val isTurned = rotation == Surface.ROTATION_90 || rotation == Surface.ROTATION_270
    // As it lies in a phone that stands, a frame is higher than wide.
    val frame = RectF(0f, 0f, frames.height.toFloat(), frames.width.toFloat())
    frame.offset(x - frame.centerX(), y - frame.centerY())
    val sides = if (isTurned) frame.height() to frame.width() else frame.width() to frame.height()
    val scale = maxOf(width / sides.first, height / sides.second)
    return Matrix().apply {
        setRectToRect(view, frame, Matrix.ScaleToFit.FILL)
        postScale(scale, scale, x, y)
        postRotate(-QUARTER * rotation, x, y)
    }
}

private const val QUARTER = 90f
