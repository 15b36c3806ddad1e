package tandem

import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.flow.onEach
import kotlinx.coroutines.job
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeout
import kotlinx.coroutines.withTimeoutOrNull
import tandem.bindings.Tandem
import tandem.bindings.readLink
import tandem.engine.Answer
import tandem.engine.EntryId
import tandem.engine.Intent
import tandem.engine.InviteLink
import tandem.engine.Role
import tandem.engine.TandemLink
import tandem.engine.ThreadId
import tandem.engine.ThreadRow
import java.nio.file.Path
import kotlin.test.assertIs
import kotlin.test.assertNotNull
import kotlin.test.fail

/** Longer than anything takes. Nothing waits for it: what is waited for comes, or the test fails. */
const val PATIENCE = 60_000L

/** A sync's deadline. */
const val DEADLINE = 20_000u

/** A person's open phone, as screens see it. */
class Person(val phone: Phone, val tandem: Tandem, scene: CoroutineScope) {
    /** What ends with a screen. */
    val scope = CoroutineScope(scene.coroutineContext + SupervisorJob(scene.coroutineContext[kotlinx.coroutines.Job]))
    val store = TandemStore(tandem, scene)
    val drafts = Drafts(FolderDrafts(Path.of(phone.folder + " drafts")), scene)

    suspend fun sync() = assertIs<Outcome.Done<*>>(store.lookNow())

    suspend fun said(thread: ThreadId, text: String): EntryId {
        val intent = Intent.Post(thread, "message", mapOf("text" to text), null)
        return assertIs<Answer.Said>(assertIs<Outcome.Done<Answer>>(store.perform(intent)).value).v1
    }
}

/** A school with its people, each on an own phone. */
class Scene : AutoCloseable {
    val school = School()
    val scope = CoroutineScope(SupervisorJob() + Dispatchers.Default)
    private val people = mutableListOf<Person>()

    suspend fun person(name: String, role: Role): Person {
        val phone = school.phone(name)
        phone.make(name, role, school.relay)
        return Person(phone, phone.open(), scope).also { people += it }
    }

    override fun close() {
        runBlocking {
            scope.coroutineContext.job.cancelAndJoin()
            for (person in people) {
                person.store.closeHome()
            }
        }
        school.close()
    }
}

/** A teacher and a parent in one thread. */
class Two(val teacher: Person, val parent: Person, val thread: ThreadId) {
    suspend fun sync() = listOf(teacher, parent, teacher, parent, teacher).forEach { it.sync() }
}

/** Both know each other's names. Whoever founded the thread may take the other out of it. */
suspend fun Scene.together(parentFounds: Boolean = false): Two {
    val teacher = person("Ms Rivera", Role.TEACHER)
    val parent = person("Ana", Role.GUARDIAN)
    val (founder, other) = if (parentFounds) parent to teacher else teacher to parent
    val (thread, link) = founder.tandem.founds("Maya", if (parentFounds) Role.TEACHER else Role.GUARDIAN)
    assertIs<Answer.Joining>(other.tandem.perform(Intent.Join(link)))
    val two = Two(teacher, parent, thread)
    two.sync()
    two.sync()
    for (person in listOf(teacher, parent)) {
        person.tandem.inboxRows().until { rows -> rows.any { row -> row.people.any { it.name.isNotEmpty() } } }
    }
    return two
}

/** Founds a thread and invites somebody. */
suspend fun Tandem.founds(title: String, role: Role = Role.GUARDIAN): Pair<ThreadId, InviteLink> {
    val thread = assertIs<Answer.Founded>(perform(Intent.FoundThread(title))).v1
    return thread to invites(thread, role)
}

suspend fun Tandem.invites(thread: ThreadId, role: Role): InviteLink {
    val invited = perform(Intent.Invite(thread, role, false))
    return assertIs<TandemLink.Join>(readLink(assertIs<Answer.Invited>(invited).v1)).v1
}

/** The first that is so. */
suspend fun <T> Flow<T>.until(so: (T) -> Boolean): T {
    var last: T? = null
    val came =
        withTimeoutOrNull(PATIENCE) {
            onEach { last = it }.first(so)
        }
    return came ?: fail("it did not come to this; the last was $last")
}

suspend fun Tandem.sees(thread: ThreadId, what: (List<ThreadRow>) -> Boolean): List<ThreadRow> =
    rowsOf(thread).until(what)

fun List<ThreadRow>.delivery(entry: EntryId) = find { it.entry == entry }?.delivery

/** Waits for what tells nobody when it changes: a count of the library's. */
suspend fun until(so: () -> Boolean) = withTimeout(PATIENCE) { while (!so()) delay(1) }

fun <T> there(value: T?): T = assertNotNull(value)
