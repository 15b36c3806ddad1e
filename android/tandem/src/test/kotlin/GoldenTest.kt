package tandem

import tandem.bindings.InboxDiff
import tandem.bindings.ThreadDiff
import tandem.bindings.readRecording
import tandem.engine.InboxRow
import tandem.engine.ThreadRow
import java.nio.file.Path
import kotlin.io.path.readText
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertTrue

/** What the engine told a phone's screens, recorded, comes to the same rows here. */
class GoldenTest {
    private val folder = checkNotNull(System.getProperty("tandem.golden")) { "cargo xtask kotlin says where" }
    private val recording = readRecording(Path.of(folder, "view_diffs.json").readText())

    @Test fun `a recorded thread comes to the same rows after each change`() {
        var rows = emptyList<ThreadRow>()
        for ((n, step) in recording.thread.withIndex()) {
            rows = rows.after(step.diff)
            assertEquals(step.rows, rows, "after change $n")
        }
        assertTrue(recording.thread.any { it.diff is ThreadDiff.Reset }, "nothing was recorded")
    }

    @Test fun `a recorded inbox comes to the same rows after each change`() {
        var rows = emptyList<InboxRow>()
        for ((n, step) in recording.inbox.withIndex()) {
            rows = rows.after(step.diff)
            assertEquals(step.rows, rows, "after change $n")
        }
        assertTrue(recording.inbox.any { it.diff is InboxDiff.Remove }, "nothing was recorded")
    }
}
