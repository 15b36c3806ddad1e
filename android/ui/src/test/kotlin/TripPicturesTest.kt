package tandem.ui

import androidx.compose.runtime.Composable
import kotlinx.coroutines.runBlocking
import org.junit.After
import org.junit.Test
import tandem.Person
import tandem.Scene
import tandem.bindings.founders
import tandem.bindings.linkWords
import tandem.bindings.readLink
import tandem.engine.Answer
import tandem.engine.Delivery
import tandem.engine.EntryId
import tandem.engine.Intent
import tandem.engine.Query
import tandem.engine.Role
import tandem.engine.ThreadId
import tandem.founds
import tandem.invites
import tandem.models.AboutModel
import tandem.models.ComposeModel
import tandem.models.InboxModel
import tandem.models.JoinModel
import tandem.models.MembersModel
import tandem.models.ThreadModel
import tandem.models.WaitingModel
import tandem.screens.ComposeAction
import tandem.screens.InboxItem
import tandem.screens.MembersAction
import tandem.screens.MembersSheet
import tandem.screens.ThreadAction
import tandem.screens.ThreadItem
import tandem.screens.ThreadState
import tandem.screens.WelcomeState
import tandem.screens.orNull
import tandem.ui.about.AboutScreen
import tandem.ui.compose.ComposeScreen
import tandem.ui.inbox.InboxScreen
import tandem.ui.join.JoinScreen
import tandem.ui.members.MembersScreen
import tandem.ui.parts.Outside
import tandem.ui.thread.ThreadScreen
import tandem.ui.waiting.WaitingScreen
import tandem.ui.welcome.WelcomeScreen
import tandem.ui.words.Clock
import tandem.ui.words.Say
import tandem.until
import java.io.File
import java.time.Instant
import java.time.LocalDate
import java.time.LocalTime
import java.time.ZoneOffset
import java.util.Locale
import kotlin.test.assertEquals
import kotlin.test.assertIs
import kotlin.test.assertTrue

/**
 * A school trip as its people see it: the screens as they are, upon the models as they are, with what the
 * real library says on real phones around a real relay. Only the wall clock is set: it is five past two.
 */
class TripPicturesTest {
    private val scene = Scene()
    private val folder = File(System.getProperty("tandem.pictures"))
    private val outside = Outside()
    private val zone: ZoneOffset = fivePastTwo()
    private val taken = mutableListOf<File>()

    @After fun end() = scene.close()

    private fun picture(name: String, look: Look = Look(), content: @Composable () -> Unit) {
        val say = Say(languages.getValue(look.language), Clock(Instant::now, zone, Locale.forLanguageTag(look.language)))
        val file = File(folder, "${(taken.size + 1).toString().padStart(2, '0')}-$name.png")
        drawn(look.copy(scale = SHARP), say) { content() }.writeSmall(file)
        taken += file
    }

    private suspend fun Person.says(
        thread: ThreadId,
        kind: String,
        answers: EntryId? = null,
        vararg fields: Pair<String, String>,
    ): EntryId =
        assertIs<Answer.Said>(tandem.perform(Intent.Post(thread, kind, mapOf(*fields), answers))).v1

    private suspend fun Person.joins(link: String) = assertIs<Answer.Joining>(tandem.perform(Intent.Join(link)))

    private fun Person.threadModel(thread: ThreadId) = ThreadModel(store, drafts, thread, scope, zone)

    private fun ThreadState.stands(entry: EntryId): Delivery? =
        items.orNull.orEmpty().filterIsInstance<ThreadItem.Entry>().find { it.key == entry }?.row?.delivery

    @Test fun `the trip as its people see it`() {
        folder.deleteRecursively()
        runBlocking { trip() }
        assertTrue(taken.size >= 12, "${taken.size} pictures")
        for (file in taken) assertTrue(file.length() in 10_000..LARGEST, "${file.name} has ${file.length()} bytes")
        println("${taken.size} pictures of the trip, ${taken.sumOf { it.length() } / 1024} KiB")
    }

    private suspend fun trip() {
        val rivera = scene.person("Ms Rivera", Role.TEACHER)
        val ana = scene.person("Ana Torres", Role.GUARDIAN)
        val sam = scene.person("Sam Okoye", Role.SPECIALIST)
        val (maya, anas) = rivera.tandem.founds("Maya")
        val (leo, _) = rivera.tandem.founds("Leo")
        anasBegin(anas)
        rivera.invites(maya)
        ana.joins(anas)
        sam.joins(rivera.tandem.invites(maya, Role.SPECIALIST))
        val waits = JoinModel(ana.store, null, ana.scope).state.until { it.joins.orNull?.size == 1 }
        picture("join-waits", Look("es")) { JoinScreen(waits, {}, outside) }
        val all = listOf(ana, sam, rivera, ana, sam, rivera, ana, sam, rivera)
        for (person in all) person.sync()

        val concern = ana.tells(maya)
        for (person in all) person.sync()
        rivera.answers(maya, concern)
        for (person in all) person.sync()

        val lake = atTheLake(rivera, maya, leo)
        rivera.verifies(maya)

        scene.school.relayStarts()
        for (person in listOf(rivera, ana, sam, rivera)) person.sync()
        home(ana, maya, lake)
        for (person in listOf(ana, rivera)) person.sync()
        val back = rivera.threadModel(maya)
        back.state.until { it.stands(lake) is Delivery.Seen }
        back.act(ThreadAction.Explain(lake))
        val seen = back.state.until { it.explained == lake }
        picture("thread-seen", Look(dark = true)) { ThreadScreen(seen, {}, outside) }
        val about = AboutModel(rivera.store, rivera.scope).state.until { it.device.orNull != null && it.name != null }
        picture("about") { AboutScreen(about, {}, outside) }
    }

    /** Ana has a link and begins. */
    private fun anasBegin(link: String) {
        val begun = WelcomeState("Ana Torres", founders(), Role.GUARDIAN, link, linkWords(readLink(link)), ready = true)
        picture("welcome", Look("es")) { WelcomeScreen(begun, {}, outside) }
    }

    private suspend fun Person.invites(thread: ThreadId) {
        val model = MembersModel(store, thread, scope)
        model.state.until { it.invitable.isNotEmpty() }
        model.act(MembersAction.Invite)
        model.act(MembersAction.InviteAs(Role.GUARDIAN))
        model.act(MembersAction.Go)
        val made = model.state.until { (it.sheet as? MembersSheet.Invite)?.link != null }
        picture("invite") { MembersScreen(made, {}, outside) }
    }

    /** Ana writes a concern. */
    private suspend fun Person.tells(thread: ThreadId): EntryId {
        val what = "Las mañanas son difíciles desde el cambio de hora. Llora en la puerta y dice que le duele la tripa."
        val help = "Que alguien conocido la espere esta semana en la entrada."
        val model = ComposeModel(store, drafts, thread, null, scope)
        model.state.until { it.forms.isNotEmpty() && it.to.orNull != null && it.readers.size == 3 && it.around.names.size >= 2 }
        model.act(ComposeAction.Kind("concern"))
        model.act(ComposeAction.Field("what", what))
        val half = model.state.until { it.form?.kind == "concern" && it.fields["what"] == what && it.ready }
        picture("concern", Look("es")) { ComposeScreen(half, {}, outside) }
        model.act(ComposeAction.Field("way_forward", help))
        model.state.until { it.ready }
        model.act(ComposeAction.Send)
        model.state.until { it.next != null }
        val rows = tandem.ask(Query.Thread(thread)) as Answer.Thread
        return rows.v2.first { it.kind == "concern" }.entry
    }

    private suspend fun Person.answers(thread: ThreadId, concern: EntryId) {
        says(thread, "message", concern, "text" to "Thank you for telling us. I will be at the gate tomorrow.")
        val due = LocalDate.now(zone).plusDays(3).toString()
        says(thread, "step", null, "text" to "Meet Maya at the gate", "owner" to "school", "due" to due)
        sync()
        val now =
            threadModel(thread).state.until { state ->
                (state.items.orNull?.count { it is ThreadItem.Entry } ?: 0) == 3 &&
                    state.around.names.size == 3
            }
        picture("thread") { ThreadScreen(now, {}, outside) }
        val members =
            MembersModel(store, thread, scope).state.until { state ->
                state.members.orNull?.size == 3 && state.top.orNull != null && state.around.names.size == 3
            }
        picture("members") { MembersScreen(members, {}, outside) }
    }

    /** No signal: what is written is kept, and says so. */
    private suspend fun atTheLake(rivera: Person, maya: ThreadId, leo: ThreadId): EntryId {
        scene.school.relayStops()
        val lake = rivera.says(maya, "message", null, "text" to "We are at the lake until four. Maya ate well and has her jacket.")
        rivera.says(leo, "message", null, "text" to "Leo has found a newt and wants to tell you himself.")
        rivera.store.lookNow()
        val thread =
            rivera.threadModel(maya).state.until {
                it.stands(lake) == Delivery.OnThisPhone && it.top.orNull?.offline == true &&
                    it.around.names.size >= 2
            }
        picture("thread-offline") { ThreadScreen(thread, {}, outside) }
        val inbox =
            InboxModel(rivera.store, rivera.drafts, rivera.scope).state.until { state ->
                state.line.any { "no_signal" in it.key } &&
                    state.rows.orNull?.size == 2 && state.around.names.size >= 2
            }
        picture("inbox-offline") { InboxScreen(inbox, {}, outside) }
        picture("inbox-offline-night", Look(dark = true)) { InboxScreen(inbox, {}, outside) }
        val waiting =
            WaitingModel(rivera.store, rivera.scope).state.until { state ->
                (state.items.orNull?.size ?: 0) >= 2 &&
                    state.line.any { "no_signal" in it.key }
            }
        picture("waiting-offline") { WaitingScreen(waiting, {}, outside) }
        return lake
    }

    private val InboxItem.offline get() = words.fresh.any { "no_signal" in it.key }

    private suspend fun Person.verifies(thread: ThreadId) {
        val model = MembersModel(store, thread, scope)
        val ana = model.state.until { it.members.orNull?.size == 3 }.members.orNull.orEmpty().first { it.row.author.name.startsWith("Ana") }
        model.act(MembersAction.Compare(ana.row.author.person))
        val comparing = model.state.until { (it.sheet as? MembersSheet.Compare)?.ours?.orNull != null }
        picture("compare-codes", Look(dark = true)) { MembersScreen(comparing, {}, outside) }
    }

    /** Ana at the bus stop. */
    private suspend fun home(ana: Person, maya: ThreadId, lake: EntryId) {
        val inbox =
            InboxModel(ana.store, ana.drafts, ana.scope).state.until { state ->
                state.rows.orNull.orEmpty().any { it.row.unseen > 0u } && state.around.names.size >= 2
            }
        picture("inbox-parent", Look("es")) { InboxScreen(inbox, {}, outside) }
        picture("inbox-parent-large", Look("es", text = 2f)) { InboxScreen(inbox, {}, outside) }
        val model = ana.threadModel(maya)
        val thread =
            model.state.until { state ->
                state.items.orNull.orEmpty().any { it.key == lake } && state.top.orNull != null &&
                    state.around.names.size >= 2
            }
        picture("thread-parent", Look("es")) { ThreadScreen(thread, {}, outside) }
        picture("thread-parent-night", Look("es", dark = true)) { ThreadScreen(thread, {}, outside) }
        model.act(ThreadAction.OnScreen(thread.items.orNull.orEmpty().filterIsInstance<ThreadItem.Entry>().map { it.key }.toSet()))
        InboxModel(ana.store, ana.drafts, ana.scope).state.until { state -> state.rows.orNull?.all { it.row.unseen == 0u } == true }
        assertEquals(1, inbox.rows.orNull?.size)
    }

    private companion object {
        const val SHARP = 2f

        /** Pictures are read in a browser, over a slow line, too. */
        const val LARGEST = 120_000L

        /** Where it is five past two just now. */
        fun fivePastTwo(): ZoneOffset {
            val ahead = LocalTime.of(14, 5).toSecondOfDay() - LocalTime.now(ZoneOffset.UTC).toSecondOfDay()
            val half = 12 * 3600
            return ZoneOffset.ofTotalSeconds(Math.floorMod(ahead + half, 2 * half) - half)
        }
    }
}
