package tandem.platform

import android.content.Context
import android.graphics.SurfaceTexture
import android.hardware.camera2.CameraCharacteristics
import android.hardware.camera2.CameraDevice
import android.hardware.camera2.CameraManager
import android.util.Size
import android.view.Surface
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.Job
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeout
import org.junit.Before
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import org.robolectric.RuntimeEnvironment
import org.robolectric.Shadows.shadowOf
import org.robolectric.annotation.Config
import org.robolectric.shadows.ShadowCameraCharacteristics
import org.robolectric.shadows.ShadowCameraManager
import org.robolectric.util.ReflectionHelpers
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertNotNull
import kotlin.test.assertNull

@RunWith(RobolectricTestRunner::class)
@Config(shadows = [Eye::class, Frame::class])
class CameraTest {
    private val phone: Context = RuntimeEnvironment.getApplication()
    private val cameras = shadowOf(phone.getSystemService(CameraManager::class.java))
    private val shown = Surface(SurfaceTexture(0))
    private val link = "tandem://relay/127.0.0.1:7443/" + "a".repeat(52)

    @Before fun begin() = Eye.opened.clear()

    private fun has(id: String, looks: Int = CameraCharacteristics.LENS_FACING_BACK) {
        val camera = ShadowCameraCharacteristics.newCameraCharacteristics()
        shadowOf(camera).set(CameraCharacteristics.LENS_FACING, looks)
        cameras.addCamera(id, camera)
    }

    private fun camera() = assertNotNull(Camera.of(phone))

    /** Collects what the camera sees, and shows it frames. */
    private fun looking(work: suspend CoroutineScope.(seen: Channel<String>, collects: Job, eye: Surface) -> Unit) =
        runBlocking {
            val seen = Channel<String>(Channel.UNLIMITED)
            val camera = camera()
            val collects = launch(Dispatchers.Default) { camera.codes(shown).collect { seen.send(it) } }
            withTimeout(PATIENCE) { work(seen, collects, Eye.opened.receive()) }
            collects.cancelAndJoin()
        }

    private fun devices(): Set<CameraDevice> = ReflectionHelpers.getStaticField(ShadowCameraManager::class.java, "createdCameras")

    private fun CameraDevice.isOpen() = runCatching { createCaptureRequest(CameraDevice.TEMPLATE_PREVIEW) }.isSuccess

    @Test fun `a phone without a camera has none`() = assertNull(Camera.of(phone))

    @Test fun `the camera that looks away is taken, or any`() {
        has("front", CameraCharacteristics.LENS_FACING_FRONT)
        assertEquals("front", camera().id)
        has("back")
        assertEquals("back", camera().id)
    }

    @Test fun `frames are as large as codes need and of a screen's shape`() {
        val sizes = listOf(Size(4000, 3000), Size(1920, 1080), Size(1280, 720), Size(1280, 960), Size(640, 480))
        assertEquals(Size(1280, 960), Camera.fitting(sizes))
        assertEquals(Size(1280, 720), Camera.fitting(listOf(Size(1920, 1080), Size(1280, 720))))
        assertEquals(Size(1920, 1080), Camera.fitting(listOf(Size(4000, 3000), Size(1920, 1080))))
        assertEquals(Size(640, 480), Camera.fitting(emptyList()))
    }

    @Test fun `a code in a frame is seen once, and a frame without one says nothing`() {
        has("back")
        looking { seen, _, eye ->
            Frame.blank().on(eye)
            repeat(3) { Frame.of(link).on(eye) }
            assertEquals(link, seen.receive())
            Frame.of("https://example.org").on(eye)
            assertEquals("https://example.org", seen.receive())
        }
    }

    @Test fun `who looks no more has let go of the camera, and sees nothing any more`() {
        has("back")
        looking { seen, collects, eye ->
            Frame.of(link).on(eye)
            assertEquals(link, seen.receive())
            val device = devices().single()
            assertEquals(true, device.isOpen())
            collects.cancelAndJoin()
            while (device.isOpen()) delay(1)
            Frame.of("https://example.org").on(eye)
            assertNull(seen.tryReceive().getOrNull())
        }
    }

    @Test fun `a camera that another app takes is no camera`() {
        has("back")
        runBlocking {
            val failed = launch(Dispatchers.Default) { assertFailsWith<NoCamera> { camera().codes(shown).first() } }
            withTimeout(PATIENCE) {
                while (devices().isEmpty()) delay(1)
                cameras.triggerDisconnect()
                failed.join()
            }
        }
    }

    private companion object {
        const val PATIENCE = 60_000L
    }
}
