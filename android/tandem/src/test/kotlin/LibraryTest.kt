package tandem

import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Job
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir
import tandem.bindings.errorWords
import tandem.engine.Profile
import tandem.engine.Role
import tandem.screens.Problem
import tandem.screens.Problem.Kind
import java.nio.file.Path
import java.util.concurrent.TimeUnit
import kotlin.concurrent.thread
import kotlin.io.path.copyTo
import kotlin.test.assertEquals
import kotlin.test.assertIs

/** An app whose library is not its own: a process of its own, for a library is looked for once. */
class LibraryTest {
    @TempDir private lateinit var folder: Path

    @Test fun `an app without its library says that it did not work and goes on`() = goesOn()

    @Test fun `an app with another library says that it did not work and goes on`() {
        Path.of(System.getProperty("java.home"), "lib", "libzip.so").copyTo(folder.resolve("libtandem_bindings.so"))
        goesOn()
    }

    @Test fun `what is no exception of ours is told in words of the catalogue`() =
        runBlocking {
            val outcome = trying { throw UnsatisfiedLinkError("no such function") }
            assertEquals(Problem(Kind.UNEXPECTED, errorWords("other", null), "other"), assertIs<Outcome.Not>(outcome).why)
            assertEquals(outcome, trying { error("our own mistake") })
        }

    private fun goesOn() {
        val process =
            ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Djna.library.path=$folder",
                "-cp",
                System.getProperty("java.class.path"),
                "tandem.LibraryTestKt",
                "${folder.resolve("home")}",
            ).redirectError(ProcessBuilder.Redirect.INHERIT)
                // Cargo has its programs look where it builds, and there the library is.
                .apply { environment().remove("LD_LIBRARY_PATH") }
                .start()
        // Whoever hangs says nothing more, and the test fails.
        thread(isDaemon = true) { if (!process.waitFor(PATIENCE, TimeUnit.MILLISECONDS)) process.destroyForcibly() }
        val told = process.inputReader().readLines()
        assertEquals(List(3) { "UNEXPECTED error.other" }, told)
        assertEquals(0, process.waitFor())
    }
}

/** The app: opens its home, opens it again, and makes one. */
fun main(words: Array<String>) =
    runBlocking {
        val home = Home(words.single(), MemoryVault(), CoroutineScope(Job()))
        val profile = Profile("Ana", Role.GUARDIAN, "")
        for (outcome in listOf(home.open(), home.open(), home.make(profile))) {
            val why = (outcome as Outcome.Not).why
            println("${why.kind} ${why.said.key}")
        }
    }
