package tandem.models

import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.AfterEach
import org.junit.jupiter.api.Test
import tandem.Home
import tandem.MemoryVault
import tandem.Outcome
import tandem.Scene
import tandem.engine.Answer
import tandem.engine.JoinState
import tandem.engine.Query
import tandem.engine.Role
import tandem.founds
import tandem.screens.JoinAction
import tandem.screens.Place
import tandem.screens.Problem.Kind
import tandem.screens.WelcomeAction
import tandem.screens.orNull
import tandem.until
import kotlin.test.assertEquals
import kotlin.test.assertFalse
import kotlin.test.assertIs
import kotlin.test.assertNotNull
import kotlin.test.assertNull
import kotlin.test.assertTrue

class WelcomeModelTest {
    private val scene = Scene()
    private val vault = MemoryVault()
    private val home = Home(scene.school.folder.resolve("new").toString(), vault, scene.scope)

    @AfterEach fun end() {
        runBlocking { home.close() }
        scene.close()
    }

    private fun welcome(link: String? = null) = WelcomeModel(home, link, scene.scope)

    @Test fun `a name and a link make a home at the link's relay and the link is followed`() =
        runBlocking {
            val teacher = scene.person("Ms Rivera", Role.TEACHER)
            val (thread, link) = teacher.tandem.founds("Maya")
            val model = welcome(link)
            assertEquals(Role.GUARDIAN, model.state.value.role, "the likeliest first")
            assertTrue(model.state.value.asks.isNotEmpty())
            assertFalse(model.state.value.ready, "nobody has a name yet")
            model.act(WelcomeAction.Name(" Ana "))
            assertTrue(model.state.value.ready)
            model.act(WelcomeAction.Begin)
            model.act(WelcomeAction.Begin)
            assertEquals(Place.Join(), model.state.until { it.next != null }.next, "it was followed")
            val store = assertIs<Outcome.Done<tandem.TandemStore>>(home.open()).value
            val joins = JoinModel(store, null, scene.scope)
            val waits = joins.state.until { it.joins.orNull?.isNotEmpty() == true }.joins.orNull.orEmpty().single()
            assertEquals(JoinState.Joining, waits.row.state)
            assertTrue(waits.words.sentences.isNotEmpty())
            teacher.sync()
            joins.act(JoinAction.TryNow)
            joins.state.until { !it.busy }
            teacher.sync()
            joins.act(JoinAction.TryNow)
            store.inbox.until { rows -> rows.orNull.orEmpty().any { it.thread == thread && it.title == "Maya" } }
            joins.act(JoinAction.Open(thread))
            assertEquals(Place.Thread(thread), joins.state.value.next)
        }

    @Test fun `a tapped link that was followed is not asked for again`() =
        runBlocking {
            val teacher = scene.person("Ms Rivera", Role.TEACHER)
            val (_, link) = teacher.tandem.founds("Maya")
            val parent = scene.person("Ana", Role.GUARDIAN)
            val model = JoinModel(parent.store, link, parent.scope)
            assertTrue(model.state.value.ready)
            model.act(JoinAction.Follow)
            val followed = model.state.until { it.next != null && !it.busy }
            assertEquals(Place.Join(), followed.next, "whoever comes back finds no link there")
            assertEquals("", followed.link)
        }

    @Test fun `what is no link is told at the link and an image without a code too`() {
        val model = welcome()
        model.act(WelcomeAction.Name("Ana"))
        for (text in listOf("hello", "https://example.org", "tandem://join/half", "x".repeat(1 shl 20))) {
            model.act(WelcomeAction.Link(text))
            assertEquals("link", model.state.value.problem?.field)
            assertEquals("bad_link", model.state.value.problem?.code)
            assertFalse(model.state.value.ready)
        }
        model.act(WelcomeAction.Begin)
        assertFalse(model.state.value.busy)
        model.act(WelcomeAction.Link(""))
        assertNull(model.state.value.problem, "nothing was entered yet")
        model.act(WelcomeAction.Scanned(null))
        assertNotNull(model.state.value.problem)
        model.act(WelcomeAction.Scanned(" ${scene.school.relay}\n"))
        assertNull(model.state.value.problem)
        assertTrue(model.state.value.ready)
    }

    @Test fun `a vault that does not open is told and the next try goes on`() =
        runBlocking {
            val model = welcome(scene.school.relay)
            model.act(WelcomeAction.Name("Ana"))
            vault.locked = true
            model.act(WelcomeAction.Begin)
            val locked = model.state.until { it.problem != null && !it.busy }
            assertEquals(Kind.LOCKED, locked.problem?.kind)
            assertEquals("Ana", locked.name)
            vault.locked = false
            vault.throws = { error("the keystore was reset by nobody knows whom") }
            model.act(WelcomeAction.Begin)
            model.state.until { it.problem?.kind == Kind.DAMAGED && !it.busy }
            vault.throws = null
            model.act(WelcomeAction.Begin)
            assertEquals(Place.Inbox, model.state.until { it.next != null }.next)
        }

    @Test fun `this phone can be offered instead`() =
        runBlocking {
            val model = welcome(scene.school.relay)
            model.act(WelcomeAction.Name("Ana"))
            model.act(WelcomeAction.OfferThisPhone)
            assertEquals(Place.Join(), model.state.until { it.next != null }.next)
            val store = assertIs<Outcome.Done<tandem.TandemStore>>(home.open()).value
            val offers = assertIs<Answer.Offers>(store.ask(Query.Offers).orNull)
            assertTrue(there(offers.v1).link.startsWith("tandem://device/"))
        }

    private fun <T> there(value: T?): T = assertNotNull(value)
}
