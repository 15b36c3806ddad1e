package tandem.ui.gallery

import tandem.bindings.LinkNow
import tandem.bindings.LinkTrouble
import tandem.bindings.inboxWords
import tandem.bindings.joinWords
import tandem.engine.Author
import tandem.engine.Delivery
import tandem.engine.InboxRow
import tandem.engine.JoinRow
import tandem.engine.JoinState
import tandem.engine.LastLine
import tandem.engine.Role
import tandem.screens.Around
import tandem.screens.InboxItem
import tandem.screens.JoinItem
import tandem.ui.words.Clock
import java.security.MessageDigest
import java.time.Instant
import java.time.ZoneId
import java.util.Locale

/** People and times of the gallery: rows are of the library's own types, and what is said of them it says. */
object Cast {
    val zone: ZoneId = ZoneId.of("Europe/Madrid")
    val now: Instant = Instant.parse("2026-05-12T12:20:00Z")

    fun clock(language: String) = Clock({ now }, zone, Locale.forLanguageTag(language))

    val rivera = author("Ms Rivera", Role.TEACHER)
    val ana = author("Ana Torres", Role.GUARDIAN)
    val sam = author("Sam Okoye", Role.SPECIALIST)
    val lincoln = author("Lincoln School records", Role.ARCHIVE)
    val nameless = author("", Role.LEAD)
    val long =
        author("María de los Ángeles Fernández-Villaverde y Etxeberria Goikoetxea de la Santísima Trinidad", Role.GUARDIAN)
    val hebrew = author("יעל בן־דוד", Role.GUARDIAN)
    val arabic = author("أ. ليلى الحسن", Role.TEACHER)

    val everybody = listOf(rivera, ana, sam, lincoln, nameless, long, hebrew, arabic)
    val names = everybody.filter { it.name.isNotEmpty() }.associate { it.person to it.name }

    val live = LinkNow.Live
    val dead = LinkNow.Offline(LinkTrouble.Unreachable)

    fun around(link: LinkNow = live) = Around(link, names)

    fun author(
        name: String,
        role: Role,
    ) = Author(id(16, "$name $role"), name, role)

    /** So many minutes ago. */
    fun ago(minutes: Long): ULong = now.minusSeconds(minutes * 60).toEpochMilli().toULong()

    fun thread(title: String) = id(20, "thread $title")

    fun entry(what: String) = id(10, "entry $what")

    fun device(what: String) = id(32, "device $what")

    fun invite(what: String) = id(16, "invite $what")

    /** An id of so many bytes, as ids are written: base32 in small letters. */
    private fun id(
        bytes: Int,
        of: String,
    ): String {
        val digest = MessageDigest.getInstance("SHA-256").digest(of.toByteArray()).copyOf(bytes)
        val bits = digest.joinToString("") { (it.toInt() and 0xff).toString(2).padStart(8, '0') }
        return bits.chunked(5) { "abcdefghijklmnopqrstuvwxyz234567"[it.padEnd(5, '0').toString().toInt(2)] }.joinToString("")
    }

    fun last(
        by: Author,
        text: String,
        minutes: Long,
        delivery: Delivery? = null,
    ) = LastLine(entry(text), "message", by, text, ago(minutes), delivery)

    fun inboxRow(
        title: String,
        people: List<Author> = listOf(ana),
        last: LastLine? = last(ana, "Reading went well today, she asked for the second volume.", 35),
        unseen: Int = 0,
        waiting: Int = 0,
        stuck: Int = 0,
        role: Role? = Role.TEACHER,
        change: (InboxRow) -> InboxRow = { it },
    ) = change(
        InboxRow(
            thread = thread(title),
            title = title,
            people = people,
            last = last,
            unseen = unseen.toUInt(),
            waiting = waiting.toUInt(),
            stuck = stuck.toUInt(),
            asOf = ago(15),
            unverified = emptyList(),
            otherLog = emptyList(),
            desk = false,
            erased = null,
            newerVersionNeeded = false,
            kept = null,
            role = role,
            admits =
                if (role ==
                    Role.TEACHER
                ) {
                    listOf(Role.GUARDIAN, Role.TEACHER, Role.SPECIALIST, Role.LEAD, Role.ARCHIVE)
                } else {
                    emptyList()
                },
        ),
    )

    fun item(
        row: InboxRow,
        link: LinkNow = live,
    ) = InboxItem(row, inboxWords(row, link))

    fun join(
        title: String,
        state: JoinState = JoinState.Joining,
        knocking: String? = null,
    ) = JoinRow(thread(title), state, ago(50), knocking).let { JoinItem(it, joinWords(it)) }
}
