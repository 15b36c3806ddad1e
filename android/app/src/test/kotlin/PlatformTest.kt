package tandem.platform

import android.app.Activity
import android.app.NotificationManager
import android.app.job.JobInfo
import android.app.job.JobParameters
import android.app.job.JobScheduler
import android.content.Context
import android.content.Intent
import android.net.ConnectivityManager
import android.net.NetworkCapabilities
import android.net.Uri
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeout
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.Robolectric
import org.robolectric.RobolectricTestRunner
import org.robolectric.RuntimeEnvironment
import org.robolectric.Shadows.shadowOf
import org.robolectric.annotation.Config
import org.robolectric.shadows.ShadowNetworkCapabilities
import org.robolectric.util.ReflectionHelpers
import tandem.bindings.NetworkPath
import tandem.words.Note
import tandem.words.Phrase
import kotlin.test.assertEquals
import kotlin.test.assertFalse
import kotlin.test.assertNotNull
import kotlin.test.assertNull
import kotlin.test.assertTrue

@RunWith(RobolectricTestRunner::class)
class PlatformTest {
    private val context: Context = RuntimeEnvironment.getApplication()

    private fun notes(name: String = "New") =
        PhoneNotes(context, android.R.drawable.stat_notify_chat, { name }, { "said: ${it.key}" }) {
            Intent(context, Activity::class.java).opening(it)
        }

    private val manager get() = assertNotNull(context.getSystemService(NotificationManager::class.java))

    @Test fun `a note stands once for each thread, opens it and goes when it was read`() {
        val notes = notes()
        notes.show(Note("maya", Phrase("note.one", emptyList()), 1u))
        notes.show(Note("maya", Phrase("note.more", emptyList()), 2u))
        notes.show(Note("leo", Phrase("note.one", emptyList()), 1u))
        assertEquals(2, shadowOf(manager).size())
        val shown = assertNotNull(shadowOf(manager).getNotification("maya", PhoneNotes.ID))
        assertEquals("said: note.more", shown.extras.getString("android.text"))
        assertEquals(PhoneNotes.CHANNEL, shown.channelId)
        assertEquals("maya", threadOf(shadowOf(shown.contentIntent).savedIntent))
        notes.withdraw("maya")
        notes.withdraw("nobody's")
        assertEquals(1, shadowOf(manager).size())
        assertEquals("New", manager.getNotificationChannel(PhoneNotes.CHANNEL).name)
        notes("Nuevo").show(Note("maya", Phrase("note.one", emptyList()), 1u))
        assertEquals("Nuevo", manager.getNotificationChannel(PhoneNotes.CHANNEL).name)
        assertFalse(manager.getNotificationChannel(PhoneNotes.CHANNEL).canShowBadge(), "nothing counts as a badge")
    }

    @Test fun `the way to the network is told as it changes`() =
        runBlocking {
            val manager = assertNotNull(context.getSystemService(ConnectivityManager::class.java))
            val paths = Channel<NetworkPath>(Channel.UNLIMITED)
            val watches =
                launch(Dispatchers.Default, CoroutineStart.UNDISPATCHED) { networkPaths(context).collect { paths.send(it) } }
            val callbacks = { shadowOf(manager).networkCallbacks.toList() }
            withTimeout(PATIENCE) { while (callbacks().isEmpty()) kotlinx.coroutines.delay(1) }
            val network = assertNotNull(manager.activeNetwork)
            val can = ShadowNetworkCapabilities.newInstance()
            shadowOf(can).addCapability(NetworkCapabilities.NET_CAPABILITY_INTERNET)
            shadowOf(can).removeCapability(NetworkCapabilities.NET_CAPABILITY_NOT_METERED)
            callbacks().forEach { it.onCapabilitiesChanged(network, can) }
            val metered = withTimeout(PATIENCE) { paths.receive() }
            assertTrue(metered.online && metered.expensive)
            callbacks().forEach { it.onLost(network) }
            assertFalse(withTimeout(PATIENCE) { paths.receive() }.online)
            watches.cancel()
            watches.join()
            assertTrue(callbacks().isEmpty(), "nobody is told any more")
        }

    @Test fun `the background is asked for with a network, now and then, and after the phone was started anew`() {
        assertTrue(SyncJob.plan(context))
        assertTrue(SyncJob.soon(context))
        val jobs = assertNotNull(context.getSystemService(JobScheduler::class.java)).allPendingJobs
        val planned = jobs.single { it.isPeriodic }
        assertTrue(planned.isPersisted)
        assertEquals(15 * 60_000L, planned.intervalMillis)
        assertEquals(SyncJob::class.java.name, planned.service.className)
        assertTrue(jobs.all { it.requiredNetwork != null || it.networkType != JobInfo.NETWORK_TYPE_NONE })
        assertEquals(2, jobs.size)
        assertTrue(SyncJob.plan(context))
        assertEquals(2, assertNotNull(context.getSystemService(JobScheduler::class.java)).allPendingJobs.size)
    }

    /** An app that looks until it is told to stop. */
    class Looking : android.app.Application(), Looks {
        val begun = CompletableDeferred<Unit>()
        val stopped = CompletableDeferred<Unit>()

        override suspend fun look(): Boolean =
            try {
                begun.complete(Unit)
                awaitCancellation()
            } finally {
                stopped.complete(Unit)
            }
    }

    @Test
    @Config(application = Looking::class)
    fun `when the system wants its time back the sync is given up`() =
        runBlocking {
            val app = RuntimeEnvironment.getApplication() as Looking
            val job = Robolectric.buildService(SyncJob::class.java).create().get()
            val params = ReflectionHelpers.newInstance(JobParameters::class.java)
            assertTrue(job.onStartJob(params))
            withTimeout(PATIENCE) { app.begun.await() }
            assertTrue(job.onStopJob(params), "it is tried again")
            withTimeout(PATIENCE) { app.stopped.await() }
        }

    @Test fun `a job without an app that looks ends at once`() {
        val job = Robolectric.buildService(SyncJob::class.java).create().get()
        assertFalse(job.onStartJob(ReflectionHelpers.newInstance(JobParameters::class.java)))
    }

    @Test fun `links come from taps and from other apps and from nothing else`() {
        val link = "tandem://join/somewhere"
        assertEquals(link, linkOf(Intent(Intent.ACTION_VIEW, Uri.parse(link))))
        assertEquals(link, linkOf(Intent(Intent.ACTION_SEND).putExtra(Intent.EXTRA_TEXT, link)))
        assertNull(linkOf(Intent(Intent.ACTION_SEND)))
        assertNull(linkOf(Intent(Intent.ACTION_MAIN)))
        assertTrue(assertNotNull(linkOf(Intent(Intent.ACTION_SEND).putExtra(Intent.EXTRA_TEXT, "x".repeat(1 shl 20)))).length < 10_000)
        assertNull(threadOf(Intent()))
    }

    private companion object {
        const val PATIENCE = 60_000L
    }
}
