package tandem.platform

import android.hardware.camera2.CameraAccessException
import android.hardware.camera2.CameraCaptureSession
import android.hardware.camera2.CameraDevice
import android.hardware.camera2.CaptureRequest
import android.os.Handler
import android.view.Surface

/**
 * A camera from when it is asked for until it is let go of, which may be before it is given. Everything here runs on
 * the handler's thread.
 */
internal class Held(
    private val surfaces: List<Surface>,
    private val handler: Handler,
    /** It is not given, or it was taken away. */
    private val lost: () -> Unit,
    /** Nothing comes from it any more. */
    private val ended: () -> Unit,
) : CameraDevice.StateCallback() {
    private var device: CameraDevice? = null
    private var isAnswered = false
    private var isLetGo = false

    /** It was not even asked for. */
    fun never() {
        handler.post {
            isAnswered = true
            lost()
        }
    }

    /** Nobody looks any more. A camera that was asked for and not given yet is closed when it comes. */
    fun letGo() {
        if (isLetGo) return
        isLetGo = true
        device?.close()
        if (isAnswered) ended()
    }

    override fun onOpened(camera: CameraDevice) {
        isAnswered = true
        device = camera
        if (isLetGo) {
            camera.close()
            ended()
        } else {
            trying { look(camera) }
        }
    }

    override fun onDisconnected(camera: CameraDevice) = gone(camera)

    override fun onError(camera: CameraDevice, error: Int) = gone(camera)

    private fun gone(camera: CameraDevice) {
        val isFirst = !isAnswered
        isAnswered = true
        camera.close()
        if (isLetGo && isFirst) ended() else lost()
    }

    private fun look(camera: CameraDevice) {
        val request = camera.createCaptureRequest(CameraDevice.TEMPLATE_PREVIEW)
        request.set(CaptureRequest.CONTROL_AF_MODE, CaptureRequest.CONTROL_AF_MODE_CONTINUOUS_PICTURE)
        surfaces.forEach(request::addTarget)
        val configured =
            object : CameraCaptureSession.StateCallback() {
                override fun onConfigured(session: CameraCaptureSession) {
                    if (!isLetGo) trying { session.setRepeatingRequest(request.build(), null, handler) }
                }

                override fun onConfigureFailed(session: CameraCaptureSession) = lost()
            }
        // The way that takes an executor is newer than the oldest phone.
        @Suppress("DEPRECATION")
        camera.createCaptureSession(surfaces, configured, handler)
    }

    /** A camera that was taken away meanwhile says so in one of these ways. */
    private fun trying(work: () -> Unit) =
        try {
            work()
        } catch (_: CameraAccessException) {
            lost()
        } catch (_: IllegalStateException) {
            lost()
        } catch (_: IllegalArgumentException) {
            lost()
        }
}
