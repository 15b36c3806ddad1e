import InboxFeature
import SwiftUI
import TandemKit

private func inbox(
    _ name: String, _ rows: [InboxRow], _ link: LinkNow = .live, joins: [JoinItem] = [],
    _ change: (inout InboxState) -> Void = { _ in }
) -> Shown {
    let items = rows.map { Cast.item($0, link) }
    let open = items.filter(\.canWrite)
    let state = with(InboxState()) {
        $0.around = Cast.around(link)
        $0.line = homeLine(inbox: rows, joins: joins.map(\.row), link: link)
        $0.rows = .here(items)
        $0.joins = joins
        $0.write = open.count > 1 ? .choose(open) : open.first.map { .into($0.id) }
        $0.canFound = true
        change(&$0)
    }
    return Shown("inbox", name) {
        InboxScreen(InboxModel(Still.store, drafts: Still.drafts, from: state)) { _ in }
    }
}

private let own = Cast.rivera

/// A teacher's day: some are new, one waits, one is stuck.
private let day = [
    Cast.inboxRow("Maya", [Cast.ana, Cast.sam], unseen: 2),
    Cast.inboxRow(
        "Leo", [Cast.hebrew],
        Cast.last(own, "We are at the lake until four. He ate well and has his jacket.", 3, .onThisPhone),
        waiting: 2),
    Cast.inboxRow(
        "Sofía", [Cast.ana, Cast.lincoln], Cast.last(Cast.ana, "Thank you, see you on Friday.", 1500)),
    Cast.inboxRow(
        "Trip to the lake", [Cast.ana, Cast.sam, Cast.hebrew, Cast.nameless],
        Cast.last(Cast.sam, "The bus leaves at 8:15.", 2900)),
]

private let stuck = Cast.inboxRow(
    "Noah", [Cast.sam], Cast.last(own, "Could we talk on Thursday?", 200, .onThisPhone), waiting: 1, stuck: 1)

private let unfetched = [
    Cast.inboxRow("Maya", [Cast.ana, Cast.sam], unseen: 2, isFetched: false),
    Cast.inboxRow("Leo", [Cast.hebrew], isFetched: false),
]

private let careful = [
    Cast.inboxRow("Maya", [Cast.ana, Cast.lincoln], unverified: [Cast.ana], otherLog: [Cast.ana]),
    Cast.inboxRow(
        "Old", [Cast.sam], erased: ErasedRow(at: Cast.ago(3000), because: .retention, words: "")),
    Cast.inboxRow("Desk", [], nil, desk: true),
    Cast.inboxRow("Leo", [Cast.sam], kept: Kept(until: Cast.ago(-4000), waitsFor: nil)),
]

private let longest = Cast.inboxRow(
    "Maximiliana Guadalupe Montserrat Etxeberria-Fernández, second year, reading group",
    [Cast.long, Cast.sam],
    Cast.last(
        Cast.long, String(repeating: "x", count: 60) + " and more words after a word that nobody can break", 4
    ),
    unseen: 120)

private let rightToLeft = [
    Cast.inboxRow(
        "מאיה", [Cast.hebrew, Cast.ana],
        Cast.last(Cast.hebrew, "היום הקריאה הלכה טוב, היא ביקשה את הכרך השני.", 9), unseen: 1),
    Cast.inboxRow(
        "ليو", [Cast.arabic], Cast.last(own, "نحن عند البحيرة حتى الرابعة", 20, .onThisPhone), waiting: 1),
]

private let founding = with(Founding()) { $0.title = "Maya" }
private let unfounded = with(Founding()) { $0.problem = problem("unknown_thread", .badInput) }

@MainActor let inboxStates = [
    inbox("loading", []) { ($0.line, $0.rows, $0.canFound) = ([], .reading, false) },
    inbox("empty", []) { $0.canFound = false },
    inbox("empty teacher", []),
    inbox("ready", day),
    inbox("offline", day, Cast.dead),
    inbox("partial", unfetched, .dialing, joins: [Cast.join("Zoe")]),
    inbox("stuck", [stuck] + day),
    inbox("error", day) { $0.problem = problem("not_kept", .notKept) },
    inbox("missing", []) { ($0.line, $0.rows) = ([], .missing(problem("damaged", .damaged))) },
    inbox("turned away", day, .offline(trouble: .wrongKey)),
    inbox(
        "knocks", Array(day.prefix(1)),
        joins: [
            Cast.join("Zoe"), Cast.join("Ida", .refused(.linkUsed)),
            Cast.join("Kim", .refused(.linkExpired), knocking: "Joe"),
        ]),
    inbox("warnings", careful),
    inbox("long names", [longest]),
    inbox("right to left", rightToLeft),
    inbox("500 rows", (1...500).map { Cast.inboxRow("Child \($0)", unseen: $0 % 3) }),
    inbox("founding", day) { $0.founding = founding },
    inbox("founding nothing", []) { $0.founding = unfounded },
    inbox("looking", day, .dialing) { ($0.looking, $0.drafts) = (true, [Cast.thread("Maya")]) },
]
