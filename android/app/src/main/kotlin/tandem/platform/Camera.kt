package tandem.platform

import android.annotation.SuppressLint
import android.content.Context
import android.graphics.ImageFormat
import android.hardware.camera2.CameraAccessException
import android.hardware.camera2.CameraCharacteristics
import android.hardware.camera2.CameraManager
import android.media.ImageReader
import android.os.Handler
import android.os.HandlerThread
import android.util.Size
import android.view.Surface
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.channels.awaitClose
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.buffer
import kotlinx.coroutines.flow.callbackFlow
import kotlinx.coroutines.flow.conflate
import kotlinx.coroutines.flow.distinctUntilChanged
import kotlinx.coroutines.flow.flowOn
import kotlinx.coroutines.flow.mapNotNull

/** There is no camera, or it can't be had just now. */
class NoCamera : Exception()

/** The phone's camera that looks away from whoever holds it, and how large its frames are. */
class Camera private constructor(private val manager: CameraManager, internal val id: String, val size: Size) {
    /**
     * What codes it sees, each once until it sees another. It is open while somebody collects this, and shows what it
     * sees on a surface of its size. Fails with [NoCamera] when it can't be had, or is taken away.
     */
    fun codes(shown: Surface): Flow<String> =
        frames(shown).conflate().mapNotNull(::codeIn).distinctUntilChanged().flowOn(Dispatchers.Default).buffer(0)

    // Whoever calls has asked for the permission; one that is taken back meanwhile is no camera, too.
    @SuppressLint("MissingPermission")
    private fun frames(shown: Surface): Flow<Grey> =
        callbackFlow {
            val thread = HandlerThread("camera").apply { start() }
            val handler = Handler(thread.looper)
            val reader = ImageReader.newInstance(size.width, size.height, ImageFormat.YUV_420_888, IMAGES)
            reader.setOnImageAvailableListener({ from -> from.acquireLatestImage()?.use { trySend(Grey(it)) } }, handler)
            val held =
                Held(listOf(shown, reader.surface), handler, lost = { close(NoCamera()) }) {
                    reader.close()
                    thread.quitSafely()
                }
            try {
                manager.openCamera(id, held, handler)
            } catch (_: SecurityException) {
                held.never()
            } catch (_: CameraAccessException) {
                held.never()
            } catch (_: IllegalArgumentException) {
                held.never()
            }
            awaitClose { handler.post(held::letGo) }
        }

    companion object {
        /** The one that looks away from whoever holds the phone, or any; null when it has none. */
        fun of(context: Context): Camera? {
            val manager = context.getSystemService(CameraManager::class.java) ?: return null
            return try {
                val all = manager.cameraIdList.associateWith(manager::getCameraCharacteristics).entries
                val (id, camera) = all.find { it.value.looksAway } ?: all.firstOrNull() ?: return null
                val can = camera.get(CameraCharacteristics.SCALER_STREAM_CONFIGURATION_MAP)
                Camera(manager, id, fitting(can?.getOutputSizes(ImageFormat.YUV_420_888).orEmpty().toList()))
            } catch (_: CameraAccessException) {
                null
            }
        }

        private val CameraCharacteristics.looksAway
            get() = get(CameraCharacteristics.LENS_FACING) == CameraCharacteristics.LENS_FACING_BACK

        /** As large as codes need, and of a screen's shape if there is one of it: more only takes time. */
        internal fun fitting(sizes: List<Size>): Size {
            val small = sizes.filter { it.width <= LARGEST.width && it.height <= LARGEST.height }
            val shaped = small.filter { it.width * LARGEST.height == it.height * LARGEST.width }
            return shaped.ifEmpty { small }.maxByOrNull { it.area } ?: sizes.minByOrNull { it.area } ?: USUAL
        }

        private val Size.area get() = width * height

        private val LARGEST = Size(1280, 960)

        /** What every camera can do. */
        private val USUAL = Size(640, 480)

        /** One that is looked at while the next one comes. */
        private const val IMAGES = 2
    }
}
