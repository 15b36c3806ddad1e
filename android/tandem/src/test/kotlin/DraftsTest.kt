package tandem

import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.Job
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.job
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.AfterEach
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir
import java.io.IOException
import java.nio.file.Path
import kotlin.io.path.createFile
import kotlin.io.path.deleteExisting
import kotlin.io.path.listDirectoryEntries
import kotlin.io.path.readBytes
import kotlin.io.path.writeBytes
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertNull

class DraftsTest {
    @TempDir lateinit var folder: Path

    private val scope = CoroutineScope(Dispatchers.Default + Job())

    @AfterEach fun end() = runBlocking { scope.coroutineContext.job.cancelAndJoin() }

    private val draft =
        Draft("concern", mapOf("what" to "Mornings\nare \u0000 hard \uD83D\uDE00", "context" to ""), "entry", 3)

    @Test fun `a draft reads back as it was`() {
        val files = FolderDrafts(folder.resolve("not there yet"))
        assertNull(files.read("maya"))
        files.write("maya", draft)
        files.write("leo", Draft("message", emptyMap()))
        assertEquals(draft, files.read("maya"))
        assertEquals(Draft("message", emptyMap()), files.read("leo"))
        assertEquals(setOf("maya", "leo"), files.threads())
        files.delete("maya")
        files.delete("maya")
        assertEquals(setOf("leo"), files.threads())
    }

    @Test fun `a file that is cut off or spoilt anywhere is no draft and no crash`() {
        val files = FolderDrafts(folder)
        files.write("maya", draft)
        val file = folder.listDirectoryEntries().single()
        val whole = file.readBytes()
        for (length in whole.indices) {
            file.writeBytes(whole.copyOf(length))
            assertNull(files.read("maya"), "cut off after $length")
        }
        for (at in whole.indices) {
            file.writeBytes(whole.copyOf().also { it[at] = (it[at].toInt() xor 0xFF).toByte() })
            files.read("maya")
        }
    }

    @Test fun `a name that is no id leaves the folder alone`() {
        val files = FolderDrafts(folder.resolve("drafts"))
        assertFailsWith<IOException> { files.write("../maya", draft) }
        assertNull(files.read("../maya"))
        assertEquals(emptyList(), folder.listDirectoryEntries("*.draft"))
    }

    @Test fun `of what is typed the newest is kept and known at once`() =
        runBlocking {
            val drafts = Drafts(FolderDrafts(folder), scope)
            for (n in 1..500) drafts.keep("maya", Draft("message", mapOf("text" to "$n")))
            assertEquals("500", drafts.read("maya")?.fields?.get("text"))
            drafts.settled()
            assertEquals("500", FolderDrafts(folder).read("maya")?.fields?.get("text"))
            assertEquals(setOf("maya"), drafts.threads.value)
            drafts.keep("maya", null)
            assertNull(drafts.read("maya"))
            drafts.settled()
            assertEquals(emptySet(), FolderDrafts(folder).threads())
        }

    @Test fun `what was typed last is written also when the app is told to end`() =
        runBlocking {
            val life = Job(scope.coroutineContext.job)
            val drafts = Drafts(FolderDrafts(folder), CoroutineScope(scope.coroutineContext + life))
            drafts.settled()
            drafts.threads.until { true }
            drafts.keep("maya", draft)
            drafts.settled()
            drafts.keep("maya", draft.copy(kind = "message"))
            life.cancelAndJoin()
            assertEquals("message", FolderDrafts(folder).read("maya")?.kind)
        }

    @Test fun `a disk that takes nothing is told and what was typed is still here`() =
        runBlocking {
            val file = folder.resolve("file").createFile()
            val drafts = Drafts(FolderDrafts(file), scope)
            drafts.keep("maya", draft)
            drafts.settled()
            drafts.failed.until { it }
            assertEquals(draft, drafts.read("maya"))
            file.deleteExisting()
            drafts.keep("leo", draft)
            drafts.settled()
            assertEquals(setOf("maya", "leo"), FolderDrafts(file).threads())
        }
}
