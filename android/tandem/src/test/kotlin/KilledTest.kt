package tandem

import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.AfterEach
import org.junit.jupiter.api.Test
import tandem.bindings.KeyVault
import tandem.bindings.Tandem
import tandem.bindings.createHome
import tandem.bindings.readLink
import tandem.bindings.relayOf
import tandem.engine.Answer
import tandem.engine.Delivery
import tandem.engine.EntryId
import tandem.engine.Intent
import tandem.engine.Profile
import tandem.engine.Role
import tandem.engine.TandemLink
import tandem.engine.ThreadId
import java.io.File
import java.nio.file.Path
import java.util.concurrent.TimeUnit
import kotlin.concurrent.thread
import kotlin.test.assertEquals
import kotlin.test.assertIs
import kotlin.test.assertNotNull

/** An app that the system kills without a word: a process of its own, and SIGKILL. */
class KilledTest {
    private val scene = Scene()
    private val folder: Path = scene.school.folder.resolve("Ana")

    @AfterEach fun end() = scene.close()

    @Test fun `killed between suspend and close, it has lost nothing and holds no lock`() = killed(once = SUSPENDED)

    @Test fun `killed as soon as its words were taken, it has lost nothing and holds no lock`() = killed(once = SAID)

    private fun killed(once: String) =
        runBlocking {
            val teacher = scene.person("Ms Rivera", Role.TEACHER)
            val (thread, link) = teacher.tandem.founds("Maya")
            val app = App(folder, link)
            app.waitsFor(ASKED)
            teacher.sync()
            app.goesOn()
            val entry: EntryId = app.waitsFor(SAID)
            if (once == SUSPENDED) {
                app.goesOn()
                app.waitsFor(SUSPENDED)
            }
            app.kill()
            val ana = Tandem.open("$folder", FileVault(folder))
            try {
                assertEquals(WORDS, ana.sees(thread) { it.isNotEmpty() }.find { it.entry == entry }?.fields?.get("text"))
                ana.syncOnce(DEADLINE)
                ana.sees(thread) { it.delivery(entry) is Delivery.OnRelay }
                teacher.sync()
                teacher.tandem.sees(thread) { rows -> rows.any { it.entry == entry } }
                Unit
            } finally {
                ana.closeHome()
                ana.close()
            }
        }

    /** The app as a process of its own, which says on its output how far it is and waits there to be told to go on. */
    private class App(folder: Path, link: String) {
        private val process: Process =
            ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Djna.library.path=${System.getProperty("jna.library.path")}",
                "-cp",
                System.getProperty("java.class.path"),
                "tandem.KilledTestKt",
                "$folder",
                link,
            ).redirectError(ProcessBuilder.Redirect.INHERIT).start()
        private val output = process.inputReader()

        init {
            // Whoever hangs says nothing more, and the test fails.
            thread(isDaemon = true) { if (!process.waitFor(PATIENCE, TimeUnit.MILLISECONDS)) process.destroyForcibly() }
        }

        fun waitsFor(what: String): String {
            val line = assertNotNull(output.readLine(), "it ended before it had $what")
            assertEquals(what, line.substringBefore(' '))
            return line.substringAfter(' ')
        }

        fun goesOn() =
            process.outputWriter().run {
                newLine()
                flush()
            }

        fun kill() {
            assertEquals(KILLED, process.destroyForcibly().waitFor())
        }
    }

    private companion object {
        /** How a process ends that was killed by SIGKILL: 128 and 9. */
        const val KILLED = 137
    }
}

private const val ASKED = "asked"
private const val SAID = "said"
private const val SUSPENDED = "suspended"
private const val WORDS = "We are at the lake until four."

/** What survives an app: its home's key beside the home. */
private class FileVault(home: Path) : KeyVault {
    private val file = File("$home key")

    override fun load(): ByteArray? = if (file.exists()) file.readBytes() else null

    override fun create(key: ByteArray) = replace(key)

    override fun replace(key: ByteArray) = file.writeBytes(key)

    override fun delete() {
        file.delete()
    }
}

/** The app: makes a home, joins, writes and suspends, and then is still there. */
fun main(words: Array<String>) {
    val (folder, link) = words
    val vault = FileVault(Path.of(folder))
    runBlocking {
        val join = assertIs<TandemLink.Join>(readLink(link))
        createHome(folder, Profile("Ana", Role.GUARDIAN, relayOf(join)), vault)
        val tandem = Tandem.open(folder, vault)
        tandem.perform(Intent.Join(join.v1))
        tandem.syncOnce(DEADLINE)
        says(ASKED)
        tandem.syncOnce(DEADLINE)
        val thread: ThreadId = tandem.inboxRows().until { it.isNotEmpty() }.single().thread
        val said = tandem.perform(Intent.Post(thread, "message", mapOf("text" to WORDS), null))
        says("$SAID ${assertIs<Answer.Said>(said).v1}")
        tandem.suspend()
        says(SUSPENDED)
    }
}

/** Says how far it is, and waits. */
private fun says(what: String) {
    println(what)
    readlnOrNull()
}
