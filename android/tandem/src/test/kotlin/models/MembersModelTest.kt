package tandem.models

import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.AfterEach
import org.junit.jupiter.api.Test
import tandem.Person
import tandem.Scene
import tandem.engine.Answer
import tandem.engine.InviteState
import tandem.engine.Query
import tandem.engine.Role
import tandem.engine.ThreadId
import tandem.inboxRows
import tandem.screens.Deed
import tandem.screens.Loaded
import tandem.screens.MembersAction
import tandem.screens.MembersSheet
import tandem.screens.MembersState
import tandem.screens.Place
import tandem.screens.orNull
import tandem.there
import tandem.together
import tandem.until
import kotlin.test.assertEquals
import kotlin.test.assertIs
import kotlin.test.assertNotNull
import kotlin.test.assertNull
import kotlin.test.assertTrue

class MembersModelTest {
    private val scene = Scene()

    @AfterEach fun end() = scene.close()

    private fun Person.members(thread: ThreadId) = MembersModel(store, thread, scope)

    private fun MembersState.named(name: String) = members.orNull.orEmpty().find { it.row.author.name == name }?.row

    private suspend fun MembersModel.know(name: String) = there(state.until { it.named(name) != null }.named(name))

    @Test fun `codes are compared and only the right one verifies`() =
        runBlocking {
            val two = scene.together()
            val model = two.teacher.members(two.thread)
            val ana = model.know("Ana")
            assertTrue(!ana.verified)
            model.act(MembersAction.Compare(ana.author.person))
            val sheet = model.state.until { (it.sheet as? MembersSheet.Compare)?.ours is Loaded.Here }.sheet
            val ours = there(assertIs<MembersSheet.Compare>(sheet).ours.orNull)
            model.act(MembersAction.Typed("12345"))
            model.act(MembersAction.Go)
            assertEquals("bad_code", model.state.until { it.sheet?.problem != null }.sheet?.problem?.code)
            model.act(MembersAction.Typed(ours.replace(Regex("[0-8]"), "9")))
            assertNull(model.state.value.sheet?.problem)
            model.act(MembersAction.Go)
            assertEquals("wrong_code", model.state.until { it.sheet?.problem != null }.sheet?.problem?.code)
            val teacher = there(two.parent.members(two.thread).know("Ms Rivera")).author.person
            val theirs = two.parent.store.ask(Query.Code(two.thread, teacher)).orNull
            model.act(MembersAction.Typed(assertIs<Answer.Code>(theirs).v1))
            model.act(MembersAction.Go)
            model.state.until { (it.sheet as? MembersSheet.Compare)?.verified == true }
            model.state.until { it.named("Ana")?.verified == true }
            Unit
        }

    @Test fun `a link lets somebody in and is taken back only when that was meant`() =
        runBlocking {
            val two = scene.together()
            val model = two.teacher.members(two.thread)
            model.state.until { it.invitable.isNotEmpty() }
            model.act(MembersAction.Invite)
            model.act(MembersAction.InviteAs(Role.GUARDIAN))
            model.act(MembersAction.InPerson(false))
            model.act(MembersAction.Go)
            model.act(MembersAction.Go)
            val link = model.state.until { (it.sheet as? MembersSheet.Invite)?.link != null }.sheet
            assertTrue(there((link as MembersSheet.Invite).link).startsWith("tandem://join/"))
            model.act(MembersAction.PutAway)
            val open = model.state.until { it.invites.count { one -> one.row.state == InviteState.OPEN } == 1 }
            val invite = open.invites.first()
            assertTrue(invite.words.open, "open ones come first")
            assertEquals(Role.GUARDIAN, invite.row.role)
            model.act(MembersAction.TakeBack(invite.row.invite))
            assertIs<Deed.TakeBack>(assertIs<MembersSheet.Sure>(model.state.value.sheet).of)
            model.act(MembersAction.Go)
            model.state.until { it.sheet == null && it.invites.none { one -> one.row.state == InviteState.OPEN } }
            Unit
        }

    @Test fun `leaving is asked first and leads back to the inbox`() =
        runBlocking {
            val two = scene.together()
            val model = two.parent.members(two.thread)
            model.know("Ana")
            model.act(MembersAction.Leave)
            assertIs<Deed.Leave>(assertIs<MembersSheet.Sure>(model.state.value.sheet).of)
            model.act(MembersAction.PutAway)
            assertNull(model.state.value.sheet)
            model.act(MembersAction.Leave)
            model.act(MembersAction.Go)
            assertEquals(Place.Inbox, model.state.until { it.next != null }.next)
            model.act(MembersAction.Went)
            assertNull(model.state.value.next)
        }

    @Test fun `somebody is taken out by whoever may and a no is told in the sheet`() =
        runBlocking {
            val two = scene.together(parentFounds = true)
            val teacher = two.teacher.members(two.thread)
            val ana = teacher.know("Ana")
            assertTrue(!ana.removable)
            teacher.act(MembersAction.Remove(ana.author.person))
            teacher.act(MembersAction.Go)
            val told = teacher.state.until { it.sheet?.problem != null }.sheet
            assertEquals("not_allowed", told?.problem?.code)
            val model = two.parent.members(two.thread)
            val rivera = model.know("Ms Rivera")
            assertTrue(rivera.removable)
            model.act(MembersAction.Remove(rivera.author.person))
            model.act(MembersAction.Go)
            model.state.until { it.sheet == null && it.problem == null }
            two.parent.sync()
            model.state.until { it.members is Loaded.Here && it.named("Ms Rivera") == null }
            two.teacher.store.lookNow()
            two.teacher.tandem.inboxRows().until { rows -> rows.single().role == null }
            Unit
        }

    @Test fun `another phone of mine is let in by what it shows and by nothing else`() =
        runBlocking {
            val two = scene.together()
            val offered = scene.person("Ana's new phone", Role.GUARDIAN)
            val join = JoinModel(offered.store, null, offered.scope)
            join.act(tandem.screens.JoinAction.OfferThisPhone)
            val link = there(join.state.until { it.offer != null }.offer).row.link
            val model = two.parent.members(two.thread)
            model.act(MembersAction.AddPhone)
            for (bad in listOf("hello", scene.school.relay)) {
                model.act(MembersAction.Link(bad))
                val sheet = assertIs<MembersSheet.LetIn>(model.state.value.sheet)
                assertTrue(!sheet.ready)
                assertEquals("bad_link", sheet.problem?.code)
            }
            model.act(MembersAction.Scanned(null))
            assertNotNull(model.state.value.sheet?.problem)
            model.act(MembersAction.Scanned(link))
            assertTrue(assertIs<MembersSheet.LetIn>(model.state.value.sheet).ready)
            model.act(MembersAction.Go)
            model.state.until { it.sheet == null && it.uptakes.isNotEmpty() }
            repeat(2) { for (person in listOf(offered, two.parent, two.teacher)) person.sync() }
            offered.sync()
            offered.tandem.inboxRows().until { rows -> rows.any { it.title == "Maya" } }
            model.state.until { state -> state.named("Ana")?.devices?.size == 2 }
            Unit
        }
}
