package tandem

import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeout
import org.junit.jupiter.api.AfterEach
import org.junit.jupiter.api.Test
import tandem.bindings.Notifications
import tandem.engine.Query
import tandem.engine.ThreadId
import tandem.screens.Loaded
import tandem.words.Note
import java.util.concurrent.CountDownLatch
import kotlin.test.assertEquals
import kotlin.test.assertIs

/** The platform is told of what is new, and may behave badly. */
class NotificationsTest {
    private val scene = Scene()

    @AfterEach fun end() = scene.close()

    private class Platform : Notifications {
        val shown = Channel<Note>(Channel.UNLIMITED)
        val withdrawn = Channel<ThreadId>(Channel.UNLIMITED)

        @Volatile var first: (Note) -> Unit = {}

        override fun show(note: Note) {
            shown.trySend(note)
            first(note)
        }

        override fun withdraw(thread: ThreadId) {
            withdrawn.trySend(thread)
        }
    }

    private suspend fun <T> Channel<T>.next(): T = withTimeout(PATIENCE) { receive() }

    @Test fun `what is new is told without what was said and is taken away when it was read`() =
        runBlocking {
            val two = scene.together()
            val platform = Platform()
            two.parent.store.notify(platform)
            two.parent.sync()
            two.teacher.said(two.thread, "A secret of the lake")
            two.sync()
            val note = platform.shown.next()
            assertEquals(two.thread, note.thread)
            assertEquals(1u, note.count)
            assertEquals(false, "secret" in note.toString())
            two.parent.store.perform(tandem.engine.Intent.MarkSeen(two.thread, null))
            assertEquals(two.thread, platform.withdrawn.next())
        }

    @Test fun `a platform that blocks or throws holds up nothing and is told what comes next`() =
        runBlocking {
            val two = scene.together()
            val platform = Platform()
            val go = CountDownLatch(1)
            platform.first = { go.await() }
            two.parent.store.notify(platform)
            two.parent.sync()
            two.teacher.said(two.thread, "one")
            two.sync()
            platform.shown.next()
            repeat(50) { assertIs<Loaded.Here<*>>(two.parent.store.ask(Query.Inbox)) }
            two.parent.said(two.thread, "still here")
            two.parent.sync()
            platform.first = { error("no channel of that name") }
            go.countDown()
            two.teacher.said(two.thread, "two")
            two.sync()
            assertEquals(2u, platform.shown.next().count)
            platform.first = {}
            two.teacher.said(two.thread, "three")
            two.sync()
            assertEquals(3u, platform.shown.next().count)
        }
}
