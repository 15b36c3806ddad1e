package tandem.ui.gallery

import tandem.bindings.LinkNow
import tandem.bindings.rowWords
import tandem.engine.Author
import tandem.engine.Delivery
import tandem.engine.ErasedBecause
import tandem.engine.ErasedRow
import tandem.engine.InboxRow
import tandem.engine.Quote
import tandem.engine.Remark
import tandem.engine.Role
import tandem.engine.SeenBy
import tandem.engine.StuckReason
import tandem.engine.ThreadRow
import tandem.screens.Loaded
import tandem.screens.Problem
import tandem.screens.ThreadItem
import tandem.screens.ThreadState
import tandem.ui.thread.ThreadScreen
import java.time.LocalDate

internal fun said(
    by: Author,
    text: String,
    minutes: Long,
    kind: String = "message",
    fields: Map<String, String> = mapOf((if (kind == "concern") "what" else "text") to text),
    delivery: Delivery? = null,
    remarks: List<Remark> = emptyList(),
    answers: String? = null,
    quoted: Quote? = null,
) = ThreadRow(Cast.entry(text), kind, by, delivery != null, Cast.ago(minutes), answers, quoted, fields, delivery, remarks)

/** As what answers it quotes it. */
internal fun ThreadRow.quote() = Quote(author, fields["what"] ?: fields.getValue("text"))

internal fun came(
    by: Author,
    who: Author,
    minutes: Long,
) = ThreadRow(
    Cast.entry("came ${who.name}"),
    "roster",
    by,
    false,
    Cast.ago(minutes),
    null,
    null,
    mapOf("event" to "came", "person" to who.person, "name" to who.name, "role" to who.role.name.lowercase()),
    null,
    emptyList(),
)

internal fun entry(
    row: ThreadRow,
    role: Role? = Role.TEACHER,
): ThreadItem {
    val words = rowWords(row, role, false)
    return if (words.event != null) {
        ThreadItem.Event(row, words)
    } else {
        ThreadItem.Entry(row, words)
    }
}

internal fun day(of: Int) = ThreadItem.Day(LocalDate.of(2026, 5, of), "day $of")

private fun thread(
    items: List<ThreadItem>,
    row: InboxRow = Cast.inboxRow("Maya", listOf(Cast.ana, Cast.sam)),
    link: LinkNow = Cast.live,
    change: (ThreadState) -> ThreadState = { it },
): ThreadState {
    val top = Cast.item(row, link)
    return change(ThreadState(row.thread, Cast.around(link), Loaded.Here(top), Loaded.Here(items), top.words.closed == null))
}

private fun shown(
    name: String,
    state: ThreadState,
) = Shown("thread", name) { ThreadScreen(state, {}, it) }

private val relay = Delivery.OnRelay(Cast.ago(60))
private val theirs = Delivery.OnTheirPhone(listOf(Cast.ana.person))
private val seen = Delivery.Seen(listOf(SeenBy(Cast.ana.person, Cast.ago(20)), SeenBy(Cast.sam.person, Cast.ago(1500))))

internal val concern =
    said(
        Cast.ana,
        "Mornings are hard since the time change. She cries at the door and says her stomach hurts.",
        1500,
        "concern",
        mapOf(
            "what" to "Mornings are hard since the time change. She cries at the door and says her stomach hurts.",
            "way_forward" to "Somebody she knows meets her at the gate this week.",
            "context" to "On school days, between 7:40 and 8:00.",
            "effect" to "We arrive late, and her brother is upset.",
        ),
    )

internal val step =
    said(
        Cast.rivera,
        "Meet Maya at the gate",
        1300,
        "step",
        mapOf("text" to "Meet Maya at the gate", "owner" to "school", "due" to "2026-05-15", "state" to "open"),
        seen,
    )

internal val conversation =
    listOf(
        day(11),
        entry(came(Cast.rivera, Cast.ana, 1700)),
        entry(concern),
        entry(
            said(
                Cast.rivera,
                "Thank you for telling us. I will be at the gate tomorrow.",
                1400,
                delivery = seen,
                answers = concern.entry,
                quoted = concern.quote(),
            ),
        ),
        entry(step),
        day(12),
        entry(said(Cast.ana, "It went better today. She waved.", 240)),
        entry(said(Cast.rivera, "She told everybody about the lake.", 200, delivery = theirs)),
        entry(said(Cast.rivera, "We are at the lake until four. She ate well and has her jacket.", 3, delivery = Delivery.OnThisPhone)),
    )

private val stopped =
    said(Cast.rivera, "Could we talk on Thursday?", 5, delivery = Delivery.Stuck(StuckReason.NOT_A_MEMBER, null))

internal val threadStates =
    listOf(
        shown("loading", ThreadState(Cast.thread("Maya"), Cast.around())),
        shown("empty", thread(emptyList(), Cast.inboxRow("Maya", emptyList(), null))),
        shown("ready", thread(conversation)),
        shown("offline", thread(conversation, Cast.inboxRow("Maya", listOf(Cast.ana, Cast.sam), waiting = 1), Cast.dead)),
        shown("partial", thread(conversation.takeLast(3), Cast.inboxRow("Maya") { it.copy(asOf = null) }, LinkNow.Dialing)),
        shown("explained", thread(conversation) { it.copy(explained = Cast.entry("She told everybody about the lake.")) }),
        shown("stuck", thread(conversation.take(6) + entry(stopped), Cast.inboxRow("Maya", stuck = 1))),
        shown(
            "stuck broken",
            thread(listOf(day(12), entry(said(Cast.rivera, "Hello?", 9, delivery = Delivery.Stuck(StuckReason.BROKEN, Cast.ago(-30)))))) {
                it.copy(explained = Cast.entry("Hello?"))
            },
        ),
        shown("error", thread(conversation) { it.copy(problem = problem("not_allowed", Problem.Kind.NOT_ALLOWED)) }),
        shown("missing", ThreadState(Cast.thread("Maya"), Cast.around(), items = Loaded.Missing(problem("damaged", Problem.Kind.DAMAGED)))),
        shown(
            "erased",
            thread(
                conversation,
                Cast.inboxRow("Maya") {
                    it.copy(erased = ErasedRow(Cast.ago(90), ErasedBecause.OPERATOR, "the family has moved away"))
                },
            ),
        ),
        shown("out", thread(conversation, Cast.inboxRow("Maya", role = null))),
        shown("newer", thread(conversation, Cast.inboxRow("Maya") { it.copy(newerVersionNeeded = true) })),
        shown(
            "warnings",
            thread(
                conversation.take(5),
                Cast.inboxRow("Maya", listOf(Cast.ana, Cast.lincoln)) {
                    it.copy(unverified = listOf(Cast.ana.person), otherLog = listOf(Cast.ana.person))
                },
            ),
        ),
        shown(
            "remarks",
            thread(
                listOf(
                    day(12),
                    entry(
                        said(
                            Cast.ana,
                            "First version, then mended.",
                            80,
                            remarks = listOf(Remark.Edited, Remark.ArrivedLate(Cast.ago(10))),
                        ),
                    ),
                    entry(
                        said(
                            Cast.sam,
                            "Something new",
                            70,
                            "survey",
                            mapOf("text" to "Something new", "how_often" to "daily"),
                            remarks = listOf(Remark.NewerVersionNeeded),
                        ),
                    ),
                    entry(
                        said(
                            Cast.ana,
                            "Tired",
                            60,
                            "concern",
                            remarks = listOf(Remark.Incomplete("way_forward"), Remark.EditByOther("what", Cast.sam.person)),
                        ),
                    ),
                    entry(said(Cast.ana, "Answered", 50, answers = Cast.entry("gone"))),
                ),
            ),
        ),
        shown("moving", thread(listOf(day(11), entry(step))) { it.copy(moving = step.entry) }),
        shown(
            "long names",
            thread(
                listOf(day(12), entry(said(Cast.long, "w".repeat(90) + " " + "A long text that goes on. ".repeat(12), 30))),
                Cast.inboxRow(
                    "Maximiliana Guadalupe Montserrat Etxeberria-Fernández, second year, reading group",
                    listOf(Cast.long, Cast.sam, Cast.ana),
                ),
            ),
        ),
        shown(
            "right to left",
            thread(
                listOf(
                    day(12),
                    entry(said(Cast.hebrew, "היום הקריאה הלכה טוב, היא ביקשה את הכרך השני.", 30)),
                    entry(said(Cast.rivera, "شكراً جزيلاً، نراكم غداً", 20, delivery = Delivery.OnTheirPhone(listOf(Cast.hebrew.person)))),
                ),
                Cast.inboxRow("מאיה", listOf(Cast.hebrew)),
            ),
        ),
        shown("draft", thread(conversation) { it.copy(draft = true) }),
        shown(
            "500 rows",
            thread(
                listOf(day(12)) +
                    (1..500).map { n ->
                        entry(
                            said(
                                if (n % 3 ==
                                    0
                                ) {
                                    Cast.rivera
                                } else {
                                    Cast.ana
                                },
                                "Number $n",
                                600L - n,
                                delivery = if (n % 3 == 0) relay else null,
                            ),
                        )
                    },
            ),
        ),
    )
