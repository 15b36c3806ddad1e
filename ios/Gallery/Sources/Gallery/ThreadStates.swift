import Foundation
import SwiftUI
import TandemKit
import ThreadFeature

private func thread(
    _ name: String, _ items: [ThreadItem], _ row: InboxRow = Cast.inboxRow("Maya", [Cast.ana, Cast.sam]),
    _ link: LinkNow = .live, _ change: (inout ThreadState) -> Void = { _ in }
) -> Shown {
    let top = Cast.item(row, link)
    return shown(
        name,
        with(ThreadState(thread: row.thread)) {
            $0.around = Cast.around(link)
            $0.top = .here(top)
            $0.items = .here(items)
            $0.canWrite = top.canWrite
            change(&$0)
        })
}

private func shown(_ name: String, _ state: ThreadState) -> Shown {
    Shown("thread", name) {
        ThreadScreen(ThreadModel(Still.store, drafts: Still.drafts, from: state)) { _ in }
    }
}

private let nothing = with(ThreadState(thread: Cast.thread("Maya"))) { $0.around = Cast.around() }

private let erased = ErasedRow(at: Cast.ago(90), because: .operator, words: "the family has moved away")

private let ready = Conversation.all

private let remarked = [
    Conversation.today,
    entry(said(Cast.ana, "First version, then mended.", 80, remarks: [.edited, .arrivedLate(Cast.ago(10))])),
    entry(
        said(
            Cast.sam, "Something new", 70, kind: "survey",
            fields: ["text": "Something new", "how_often": "daily"], remarks: [.newerVersionNeeded])),
    entry(
        said(
            Cast.ana, "Tired", 60, kind: "concern", fields: ["what": "Tired"],
            remarks: [.incomplete("way_forward"), .editByOther(field: "what", person: Cast.sam.person)])),
    entry(said(Cast.ana, "Answered", 50, answers: Cast.entry("gone"))),
]

private let longest = [
    Conversation.today,
    entry(
        said(
            Cast.long,
            String(repeating: "w", count: 90) + " "
                + String(repeating: "A long text that goes on. ", count: 12), 30)),
]

private let rightToLeft = [
    Conversation.today,
    entry(said(Cast.hebrew, "היום הקריאה הלכה טוב, היא ביקשה את הכרך השני.", 30)),
    entry(
        said(
            Cast.rivera, "شكراً جزيلاً، نراكم غداً", 20,
            delivery: .onTheirPhone(people: [Cast.hebrew.person]))),
]

private let many =
    [Conversation.today]
    + (1...500).map { n in
        let isOwn = n % 3 == 0
        return entry(
            said(
                isOwn ? Cast.rivera : Cast.ana, "Number \(n)", 600 - n,
                delivery: isOwn ? .onRelay(at: Cast.ago(60)) : nil))
    }

@MainActor let threadStates = [
    shown("loading", nothing),
    thread("empty", [], Cast.inboxRow("Maya", [], nil)),
    thread("ready", ready),
    thread("offline", ready, Cast.inboxRow("Maya", [Cast.ana, Cast.sam], waiting: 1), Cast.dead),
    thread("partial", Array(ready.suffix(3)), Cast.inboxRow("Maya", isFetched: false), .dialing),
    thread("explained", ready) { $0.explained = Conversation.theirs.entry },
    thread("stuck", ready.prefix(6) + [entry(Conversation.stopped)], Cast.inboxRow("Maya", stuck: 1)),
    thread("stuck broken", [Conversation.today, entry(Conversation.broken)]) {
        $0.explained = Conversation.broken.entry
    },
    thread("error", ready) { $0.problem = problem("not_allowed", .notAllowed) },
    shown("missing", with(nothing) { $0.items = .missing(problem("damaged", .damaged)) }),
    thread("erased", ready, Cast.inboxRow("Maya", erased: erased)),
    thread("out", ready, Cast.inboxRow("Maya", role: nil)),
    thread("newer", ready, Cast.inboxRow("Maya", newer: true)),
    thread(
        "warnings", Array(ready.prefix(5)),
        Cast.inboxRow("Maya", [Cast.ana, Cast.lincoln], unverified: [Cast.ana], otherLog: [Cast.ana])),
    thread("remarks", remarked),
    thread("moving", [Conversation.yesterday, entry(Conversation.step)]) {
        $0.moving = Conversation.step.entry
    },
    thread(
        "long names", longest,
        Cast.inboxRow(
            "Maximiliana Guadalupe Montserrat Etxeberria-Fernández, second year, reading group",
            [Cast.long, Cast.sam, Cast.ana])),
    thread("right to left", rightToLeft, Cast.inboxRow("מאיה", [Cast.hebrew])),
    thread("draft", ready) { $0.draft = true },
    thread("500 rows", many),
]
