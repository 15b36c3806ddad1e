import AboutFeature
import SwiftUI
import TandemKit
import WaitingFeature

private func waits(
    _ title: String, _ what: Waiting = .entry, _ delivery: Delivery = .onThisPhone,
    text: String = "We are at the lake until four. She ate well and has her jacket."
) -> WaitingItem {
    let row = WaitingRow(
        thread: Cast.thread(title), entry: Cast.entry(title), what: what, delivery: delivery)
    return WaitingItem(
        id: "\(title) \(what)", row: row, words: waitingWords(row: row), title: title,
        text: what == .entry ? text : nil)
}

private func stuck(_ title: String, _ reason: StuckReason, again: Int? = nil) -> WaitingItem {
    waits(title, .entry, .stuck(reason: reason, nextTry: again.map { Cast.ago(-$0) }))
}

private func waiting(
    _ name: String, _ items: [WaitingItem], _ link: LinkNow = .live,
    _ change: (inout WaitingState) -> Void = { _ in }
) -> Shown {
    let rows = items.map { Cast.inboxRow($0.title ?? "", waiting: 1) }
    let state = with(WaitingState()) {
        $0.around = Cast.around(link)
        $0.line = homeLine(inbox: rows, joins: [], link: link)
        $0.items = .here(items)
        change(&$0)
    }
    return Shown("waiting", name) { WaitingScreen(WaitingModel(Still.store, from: state)) { _ in } }
}

private let some = [
    waits("Maya"), waits("Leo", .move(.done)), waits("Sofía", .seen), waits("Noah", .members),
]

private let held = [
    stuck("Maya", .notAMember), stuck("Leo", .overQuota, again: 20), stuck("Noah", .broken),
    stuck("Ida", .newerVersionNeeded), stuck("Zoe", .schoolSuspended, again: 400), stuck("Kim", .erased),
]

@MainActor let waitingStates = [
    waiting("loading", []) { $0.items = .reading },
    waiting("empty", []),
    waiting("ready", some),
    waiting("offline", some, Cast.dead),
    waiting("partial", Array(some.prefix(1)), .dialing) {
        $0.joins = [Cast.join("Zoe"), Cast.join("Ida", .refused(.linkUsed))]
    },
    waiting("trying", some, .dialing) { $0.trying = true },
    waiting("stuck", held),
    waiting("error", some) { $0.problem = problem("relay_out_of_reach") },
    waiting("missing", []) { $0.items = .missing(problem("damaged", .damaged)) },
    waiting("repaired", Array(some.prefix(1))) {
        $0.repairs = [Repair(why: "a torn page", kept: 812, lost: 3, quarantine: "damaged-1")]
    },
    waiting(
        "long names",
        [waits("Maximiliana Guadalupe Montserrat Etxeberria-Fernández, second year, reading group")]),
    waiting("right to left", [waits("מאיה", text: "היום הקריאה הלכה טוב.")]),
    waiting("500 rows", (1...500).map { waits("Child \($0)") }),
]

private func phone(_ school: HomeSchool?, renewing: UInt32? = nil) -> Loaded<DeviceWords> {
    let row = DeviceRow(
        renewed: Cast.ago(40_000), renewing: renewing, device: Cast.device("phone"),
        transport: Cast.device("transport"), generation: nil, cursors: [], school: school, role: .teacher)
    return .here(deviceWords(row: row))
}

private func school(_ enrolment: Enrolment?) -> HomeSchool {
    HomeSchool(school: Cast.invite("school"), enrolment: enrolment)
}

private func about(_ name: String, _ change: (inout AboutState) -> Void = { _ in }) -> Shown {
    let state = with(AboutState()) {
        $0.around = Cast.around()
        $0.device = phone(school(.enrolled))
        $0.name = "Ms Rivera"
        $0.retention = retentionWords(row: RetentionRow(days: nil, threads: []))
        change(&$0)
    }
    return Shown("about", name) { AboutScreen(AboutModel(Still.store, from: state)) { _ in } }
}

private let term = RetentionRow(
    days: 365,
    threads: [
        KeptThread(
            thread: Cast.thread("Old"), title: "Old", kept: Kept(until: Cast.ago(-30_000), waitsFor: nil))
    ])

private let diagnostics = "version=0.1.0\nlink=out_of_reach\nhome=open\nthreads=4\nwaiting=2\nstuck=0"

@MainActor let aboutStates = [
    about("loading") { ($0.device, $0.name, $0.retention) = (.reading, nil, nil) },
    about("ready"),
    about("no school") { $0.device = phone(nil, renewing: 3) },
    about("school gone") { $0.device = phone(school(.noSuchPass)) },
    about("school full") { $0.device = phone(school(.full)) },
    about("school waiting") { $0.device = phone(school(nil)) },
    about("term") { ($0.retention, $0.days, $0.term) = (retentionWords(row: term), term.days, "365") },
    about("new keys") { $0.asksForNewKeys = true },
    about("busy") { ($0.busy, $0.term) = (true, "") },
    about("diagnostics") { $0.diagnostics = diagnostics },
    about("error") { $0.problem = problem("bad_term", .badInput) },
    about("missing") {
        ($0.device, $0.name, $0.retention) = (.missing(problem("damaged", .damaged)), nil, nil)
    },
    about("long name") { $0.name = Cast.long.name },
    about("right to left") { $0.name = Cast.hebrew.name },
]
