package tandem.models

import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.AfterEach
import org.junit.jupiter.api.Test
import tandem.Draft
import tandem.Drafts
import tandem.FolderDrafts
import tandem.Person
import tandem.Scene
import tandem.engine.Role
import tandem.engine.ThreadId
import tandem.founds
import tandem.screens.ComposeAction
import tandem.screens.Loaded
import tandem.screens.Place
import tandem.screens.Problem.Kind
import tandem.sees
import tandem.together
import tandem.until
import java.nio.file.Path
import kotlin.test.assertEquals
import kotlin.test.assertFalse
import kotlin.test.assertNull
import kotlin.test.assertTrue

class ComposeModelTest {
    private val scene = Scene()

    @AfterEach fun end() = scene.close()

    private suspend fun teacher(): Pair<Person, ThreadId> {
        val teacher = scene.person("Ms Rivera", Role.TEACHER)
        return teacher to teacher.tandem.founds("Maya").first
    }

    private fun Person.compose(thread: ThreadId, drafts: Drafts = this.drafts, answers: String? = null) =
        ComposeModel(store, drafts, thread, answers, scope)

    private fun Person.folder() = FolderDrafts(Path.of(phone.folder + " drafts"))

    private suspend fun Person.words(thread: ThreadId) =
        tandem.sees(thread) { true }.filter { it.kind == "message" }.map { it.fields["text"] }

    @Test fun `what is sent is said once however often it is tapped and the draft is gone`() =
        runBlocking {
            val (teacher, thread) = teacher()
            val model = teacher.compose(thread)
            model.act(ComposeAction.Field("text", "once"))
            model.state.until { it.ready }
            (1..20).map { async(Dispatchers.Default) { model.act(ComposeAction.Send) } }.awaitAll()
            model.state.until { it.next == Place.Thread(thread) && !it.sending }
            model.act(ComposeAction.Send)
            assertEquals(listOf<String?>("once"), teacher.words(thread))
            teacher.drafts.settled()
            assertNull(teacher.folder().read(thread))
            assertFalse(thread in teacher.drafts.threads.value)
        }

    @Test fun `words that were begun outlive the app`() =
        runBlocking {
            val two = scene.together()
            val teacher = two.teacher
            val entry = two.parent.said(two.thread, "Mornings are hard.")
            two.sync()
            teacher.tandem.sees(two.thread) { rows -> rows.any { it.entry == entry } }
            val model = teacher.compose(two.thread, answers = entry)
            model.act(ComposeAction.Field("text", "We begin sof"))
            model.act(ComposeAction.Field("text", "We begin softly. \u05e9\u05dc\u05d5\u05dd"))
            model.state.until { it.answers?.said?.line == "Mornings are hard." && it.ready }
            teacher.drafts.settled()
            // Another process: nothing of the first is left but its files.
            val again = teacher.compose(two.thread, Drafts(teacher.folder(), scene.scope))
            val state = again.state.until { it.ready }
            assertEquals("We begin softly. \u05e9\u05dc\u05d5\u05dd", state.fields["text"])
            assertEquals(entry, state.answers?.entry)
            again.act(ComposeAction.ThrowAway)
            assertTrue(again.state.value.asksToThrowAway)
            again.act(ComposeAction.Keep)
            assertEquals("We begin softly. \u05e9\u05dc\u05d5\u05dd", again.state.value.fields["text"])
            again.act(ComposeAction.ThrowAway)
            again.act(ComposeAction.ThrowAwayReally)
            assertEquals(Place.Thread(two.thread), again.state.value.next)
            assertTrue(again.state.value.fields.isEmpty())
        }

    @Test fun `an app that ended while it sent says nothing twice and loses nothing`() =
        runBlocking {
            val (teacher, thread) = teacher()
            teacher.said(thread, "yes")
            val sent = Draft("message", mapOf("text" to "yes"), sendingAfter = 0)
            teacher.folder().write(thread, sent)
            val said = teacher.compose(thread, Drafts(teacher.folder(), scene.scope))
            said.act(ComposeAction.Kind("message"))
            said.state.until { it.to != Loaded.Reading && it.form != null }
            until { teacher.folder().read(thread) == null }
            // The same words were said before; this time they had not been.
            teacher.folder().write(thread, sent.copy(sendingAfter = 1))
            val kept = teacher.compose(thread, Drafts(teacher.folder(), scene.scope))
            assertEquals("yes", kept.state.until { it.ready }.fields["text"])
        }

    @Test fun `a megabyte is told before it is sent and is kept`() =
        runBlocking {
            val (teacher, thread) = teacher()
            val model = teacher.compose(thread)
            model.act(ComposeAction.Field("text", "fits"))
            model.state.until { it.ready }
            model.act(ComposeAction.Field("text", "x".repeat(1 shl 20)))
            val state = model.state.until { it.wrong != null }
            assertFalse(state.ready)
            assertEquals("too_long", state.wrong?.code)
            model.act(ComposeAction.Send)
            assertFalse(model.state.value.sending)
            teacher.drafts.settled()
            assertEquals(1 shl 20, teacher.folder().read(thread)?.fields?.get("text")?.length)
            model.act(ComposeAction.Field("text", "fits"))
            model.state.until { it.ready && it.wrong == null }
            Unit
        }

    @Test fun `what is needed and not there is named and what was typed is kept when the form changes`() =
        runBlocking {
            val (teacher, thread) = teacher()
            val model = teacher.compose(thread)
            model.act(ComposeAction.Kind("concern"))
            val empty = model.state.until { it.form?.kind == "concern" }
            val needed = empty.form?.fields.orEmpty().filter { it.needed }.map { it.name }.toSet()
            assertTrue(needed.isNotEmpty())
            assertEquals(needed, empty.missing)
            assertFalse(empty.ready)
            for (name in needed) model.act(ComposeAction.Field(name, "words for $name"))
            assertTrue(model.state.until { it.missing.isEmpty() && it.ready }.ready)
            model.act(ComposeAction.Kind("message"))
            model.act(ComposeAction.Kind("concern"))
            assertEquals("words for ${needed.first()}", model.state.value.fields[needed.first()])
            model.act(ComposeAction.Send)
            model.state.until { it.next != null }
            teacher.tandem.sees(thread) { rows -> rows.any { it.kind == "concern" } }
            Unit
        }

    @Test fun `what could not be said is told and its words stay`() =
        runBlocking {
            val (teacher, thread) = teacher()
            val model = teacher.compose(thread)
            model.act(ComposeAction.Field("text", "stays"))
            model.state.until { it.ready }
            teacher.store.suspended()
            model.act(ComposeAction.Send)
            val state = model.state.until { it.problem != null }
            assertEquals(Kind.LOCKED, state.problem?.kind)
            assertEquals("stays", state.fields["text"])
            teacher.drafts.settled()
            assertEquals(Draft("message", mapOf("text" to "stays")), teacher.folder().read(thread))
            teacher.store.resumed()
            model.act(ComposeAction.Send)
            model.state.until { it.next != null }
            assertEquals(listOf<String?>("stays"), teacher.words(thread))
        }

    @Test fun `everybody who can read it is named`() =
        runBlocking {
            val two = scene.together()
            val model = two.teacher.compose(two.thread)
            val readers = model.state.until { it.readers.size == 2 }.readers
            assertEquals(setOf("Ms Rivera", "Ana"), readers.map { it.author.name }.toSet())
        }
}
