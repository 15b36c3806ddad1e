package tandem.ui.gallery

import tandem.bindings.LinkNow
import tandem.bindings.Repair
import tandem.bindings.deviceWords
import tandem.bindings.homeLine
import tandem.bindings.retentionWords
import tandem.bindings.waitingWords
import tandem.engine.Delivery
import tandem.engine.DeviceRow
import tandem.engine.Enrolment
import tandem.engine.HomeSchool
import tandem.engine.JoinState
import tandem.engine.Kept
import tandem.engine.KeptThread
import tandem.engine.NotLetIn
import tandem.engine.RetentionRow
import tandem.engine.Role
import tandem.engine.StepState
import tandem.engine.StuckReason
import tandem.engine.Waiting
import tandem.engine.WaitingRow
import tandem.screens.AboutState
import tandem.screens.Loaded
import tandem.screens.Problem
import tandem.screens.WaitingItem
import tandem.screens.WaitingState
import tandem.ui.about.AboutScreen
import tandem.ui.waiting.WaitingScreen

private fun waits(
    title: String,
    what: Waiting = Waiting.Entry,
    delivery: Delivery = Delivery.OnThisPhone,
    text: String? = "We are at the lake until four. She ate well and has her jacket.",
): WaitingItem {
    val row = WaitingRow(Cast.thread(title), Cast.entry(title), what, delivery)
    return WaitingItem("$title $what $delivery", row, waitingWords(row), title, text.takeIf { what == Waiting.Entry })
}

private fun stuck(
    title: String,
    reason: StuckReason,
    again: Long? = null,
) = waits(title, delivery = Delivery.Stuck(reason, again?.let { Cast.ago(-it) }))

private fun waiting(
    name: String,
    items: List<WaitingItem>,
    link: LinkNow = Cast.live,
    change: (WaitingState) -> WaitingState = { it },
): Shown {
    val rows = items.map { Cast.inboxRow(it.title.orEmpty(), waiting = 1) }
    val state = change(WaitingState(Cast.around(link), homeLine(rows, emptyList(), link), Loaded.Here(items)))
    return Shown("waiting", name) { WaitingScreen(state, {}, it) }
}

private val some =
    listOf(waits("Maya"), waits("Leo", Waiting.Move(StepState.DONE)), waits("Sofía", Waiting.Seen), waits("Noah", Waiting.Members))

internal val waitingStates =
    listOf(
        waiting("loading", emptyList()) { it.copy(items = Loaded.Reading) },
        waiting("empty", emptyList()),
        waiting("ready", some),
        waiting("offline", some, Cast.dead),
        waiting("partial", some.take(1), LinkNow.Dialing) {
            it.copy(joins = listOf(Cast.join("Zoe"), Cast.join("Ida", JoinState.Refused(NotLetIn.LINK_USED))))
        },
        waiting("trying", some, LinkNow.Dialing) { it.copy(trying = true) },
        waiting(
            "stuck",
            listOf(
                stuck("Maya", StuckReason.NOT_A_MEMBER),
                stuck("Leo", StuckReason.OVER_QUOTA, 20),
                stuck("Noah", StuckReason.BROKEN),
                stuck("Ida", StuckReason.NEWER_VERSION_NEEDED),
                stuck("Zoe", StuckReason.SCHOOL_SUSPENDED, 400),
                stuck("Kim", StuckReason.ERASED),
            ),
        ),
        waiting("error", some) { it.copy(problem = problem("relay_out_of_reach")) },
        waiting("missing", emptyList()) { it.copy(items = Loaded.Missing(problem("damaged", Problem.Kind.DAMAGED))) },
        waiting("repaired", some.take(1)) { it.copy(repairs = listOf(Repair("a torn page", 812uL, 3uL, "damaged-1"))) },
        waiting("long names", listOf(waits("Maximiliana Guadalupe Montserrat Etxeberria-Fernández, second year, reading group"))),
        waiting("right to left", listOf(waits("מאיה", text = "היום הקריאה הלכה טוב."))),
        waiting("500 rows", (1..500).map { waits("Child $it") }),
    )

private val phone =
    DeviceRow(
        renewed = Cast.ago(40_000),
        renewing = null,
        device = Cast.device("phone"),
        transport = Cast.device("transport"),
        generation = null,
        cursors = emptyList(),
        school = HomeSchool(Cast.invite("school"), Enrolment.ENROLLED),
        role = Role.TEACHER,
    )

private fun about(
    name: String,
    state: AboutState = AboutState(),
) = Shown("about", name) { AboutScreen(state.copy(around = Cast.around()), {}, it) }

private fun here(row: DeviceRow = phone) = Loaded.Here(deviceWords(row))

private val full = AboutState(device = here(), name = "Ms Rivera", retention = retentionWords(RetentionRow(null, emptyList())))

internal val aboutStates =
    listOf(
        about("loading"),
        about("ready", full),
        about("no school", full.copy(device = here(phone.copy(school = null, renewing = 3u)))),
        about(
            "school gone",
            full.copy(device = here(phone.copy(school = HomeSchool(Cast.invite("school"), Enrolment.NO_SUCH_PASS)))),
        ),
        about("school full", full.copy(device = here(phone.copy(school = HomeSchool(Cast.invite("school"), Enrolment.FULL))))),
        about("school waiting", full.copy(device = here(phone.copy(school = HomeSchool(Cast.invite("school"), null))))),
        about(
            "term",
            full.copy(
                retention =
                    retentionWords(RetentionRow(365u, listOf(KeptThread(Cast.thread("Old"), "Old", Kept(Cast.ago(-30_000), null))))),
                days = 365u,
                term = "365",
            ),
        ),
        about("new keys", full.copy(asksForNewKeys = true)),
        about("busy", full.copy(busy = true, term = "")),
        about(
            "diagnostics",
            full.copy(diagnostics = "version=0.1.0\nlink=out_of_reach\nhome=open\nthreads=4\nwaiting=2\nstuck=0\nas_of=1778587500000"),
        ),
        about("error", full.copy(problem = problem("bad_term", Problem.Kind.BAD_INPUT))),
        about("missing", AboutState(device = Loaded.Missing(problem("damaged", Problem.Kind.DAMAGED)))),
        about("long name", full.copy(name = Cast.long.name)),
        about("right to left", full.copy(name = Cast.hebrew.name)),
    )
