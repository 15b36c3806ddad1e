package tandem.ui.gallery

import tandem.bindings.LinkNow
import tandem.bindings.LinkTrouble
import tandem.bindings.homeLine
import tandem.engine.Delivery
import tandem.engine.ErasedBecause
import tandem.engine.ErasedRow
import tandem.engine.InboxRow
import tandem.engine.JoinState
import tandem.engine.Kept
import tandem.engine.NotLetIn
import tandem.screens.Founding
import tandem.screens.InboxState
import tandem.screens.JoinItem
import tandem.screens.Loaded
import tandem.screens.Problem
import tandem.screens.Write
import tandem.ui.inbox.InboxScreen

private fun inbox(
    rows: List<InboxRow>,
    link: LinkNow = Cast.live,
    joins: List<JoinItem> = emptyList(),
    change: (InboxState) -> InboxState = { it },
): InboxState {
    val items = rows.map { Cast.item(it, link) }
    val open = items.filter { it.words.closed == null }
    val write =
        when (open.size) {
            0 -> null
            1 -> Write.In(open[0].row.thread)
            else -> Write.Choose(open)
        }
    val line = homeLine(rows, joins.map { it.row }, link)
    return change(InboxState(Cast.around(link), line, Loaded.Here(items), joins, write = write, canFound = true))
}

private fun shown(
    name: String,
    state: InboxState,
) = Shown("inbox", name) { InboxScreen(state, {}, it) }

private val own = Cast.rivera

/** A teacher's day: some are new, one waits, one is stuck. */
private val day =
    listOf(
        Cast.inboxRow("Maya", listOf(Cast.ana, Cast.sam), unseen = 2),
        Cast.inboxRow(
            "Leo",
            listOf(Cast.hebrew),
            Cast.last(own, "We are at the lake until four. He ate well and has his jacket.", 3, Delivery.OnThisPhone),
            waiting = 2,
        ),
        Cast.inboxRow("Sofía", listOf(Cast.ana, Cast.lincoln), Cast.last(Cast.ana, "Thank you, see you on Friday.", 1500)),
        Cast.inboxRow(
            "Trip to the lake",
            listOf(Cast.ana, Cast.sam, Cast.hebrew, Cast.nameless),
            Cast.last(Cast.sam, "The bus leaves at 8:15.", 2900),
        ),
    )

private val stuck =
    Cast.inboxRow("Noah", listOf(Cast.sam), Cast.last(own, "Could we talk on Thursday?", 200, Delivery.OnThisPhone), waiting = 1, stuck = 1)

internal val inboxStates =
    listOf(
        shown("loading", InboxState(Cast.around())),
        shown("empty", inbox(emptyList()) { it.copy(canFound = false) }),
        shown("empty teacher", inbox(emptyList())),
        shown("ready", inbox(day)),
        shown("offline", inbox(day, Cast.dead)),
        shown("partial", inbox(day.map { it.copy(asOf = null) }, LinkNow.Dialing, listOf(Cast.join("Zoe")))),
        shown("stuck", inbox(listOf(stuck) + day)),
        shown("error", inbox(day) { it.copy(problem = problem("not_kept", Problem.Kind.NOT_KEPT)) }),
        shown("missing", InboxState(Cast.around(), rows = Loaded.Missing(problem("damaged", Problem.Kind.DAMAGED)))),
        shown("turned away", inbox(day, LinkNow.Offline(LinkTrouble.WrongKey))),
        shown(
            "knocks",
            inbox(
                day.take(1),
                joins =
                    listOf(
                        Cast.join("Zoe"),
                        Cast.join("Ida", JoinState.Refused(NotLetIn.LINK_USED)),
                        Cast.join("Kim", JoinState.Refused(NotLetIn.LINK_EXPIRED), "Joe"),
                    ),
            ),
        ),
        shown(
            "warnings",
            inbox(
                listOf(
                    Cast.inboxRow(
                        "Maya",
                        listOf(Cast.ana, Cast.lincoln),
                    ) { it.copy(unverified = listOf(Cast.ana.person), otherLog = listOf(Cast.ana.person)) },
                    Cast.inboxRow("Old", listOf(Cast.sam)) { it.copy(erased = ErasedRow(Cast.ago(3000), ErasedBecause.RETENTION, "")) },
                    Cast.inboxRow("Desk", emptyList(), null) { it.copy(desk = true) },
                    Cast.inboxRow("Leo", listOf(Cast.sam)) { it.copy(kept = Kept(Cast.ago(-4000), null)) },
                ),
            ),
        ),
        shown(
            "long names",
            inbox(
                listOf(
                    Cast.inboxRow(
                        "Maximiliana Guadalupe Montserrat Etxeberria-Fernández, second year, reading group",
                        listOf(Cast.long, Cast.sam),
                        Cast.last(
                            Cast.long,
                            "x".repeat(60) + " and more words after a word that nobody can break",
                            4,
                        ),
                        unseen = 120,
                    ),
                ),
            ),
        ),
        shown(
            "right to left",
            inbox(
                listOf(
                    Cast.inboxRow(
                        "מאיה",
                        listOf(Cast.hebrew, Cast.ana),
                        Cast.last(Cast.hebrew, "היום הקריאה הלכה טוב, היא ביקשה את הכרך השני.", 9),
                        unseen = 1,
                    ),
                    Cast.inboxRow(
                        "ليو",
                        listOf(Cast.arabic),
                        Cast.last(own, "نحن عند البحيرة حتى الرابعة", 20, Delivery.OnThisPhone),
                        waiting = 1,
                    ),
                ),
            ),
        ),
        shown("500 rows", inbox((1..500).map { Cast.inboxRow("Child $it", unseen = it % 3) })),
        shown("founding", inbox(day) { it.copy(founding = Founding("Maya")) }),
        shown(
            "founding nothing",
            inbox(emptyList()) {
                it.copy(founding = Founding("", problem = problem("unknown_thread", Problem.Kind.BAD_INPUT)))
            },
        ),
        shown("looking", inbox(day, LinkNow.Dialing) { it.copy(looking = true, drafts = setOf(Cast.thread("Maya"))) }),
    )
