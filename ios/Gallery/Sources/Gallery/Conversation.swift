import Foundation
import TandemKit

func said(
    _ by: Author, _ text: String, _ minutes: Int, kind: String = "message", fields: [String: String]? = nil,
    delivery: Delivery? = nil, remarks: [Remark] = [], answers: EntryId? = nil, quoted: Quote? = nil
) -> ThreadRow {
    ThreadRow(
        entry: Cast.entry(text), kind: kind, author: by, mine: delivery != nil, at: Cast.ago(minutes),
        answers: answers, quoted: quoted, fields: fields ?? ["text": text], delivery: delivery,
        remarks: remarks)
}

/// A line of a thread as a teacher reads it.
func entry(_ row: ThreadRow) -> ThreadItem {
    let words = rowWords(row: row, role: .teacher, alone: false)
    if words.event != nil { return .event(row, words) }
    return .entry(EntryItem(row: row, words: words))
}

/// A row as what answers it quotes it.
func quote(_ row: ThreadRow) -> Quote {
    Quote(author: row.author, line: row.fields["what"] ?? row.fields["text"] ?? "")
}

/// A conversation of a teacher with a parent, over two days.
enum Conversation {
    static let yesterday = day(1500)
    static let today = day(200)

    static let concern = said(
        Cast.ana, "Mornings are hard", 1500, kind: "concern",
        fields: [
            "what":
                "Mornings are hard since the time change. She cries at the door and says her stomach hurts.",
            "way_forward": "Somebody she knows meets her at the gate this week.",
            "context": "On school days, between 7:40 and 8:00.",
            "effect": "We arrive late, and her brother is upset.",
        ])

    static let seen = Delivery.seen(by: [
        SeenBy(person: Cast.ana.person, at: Cast.ago(20)),
        SeenBy(person: Cast.sam.person, at: Cast.ago(1500)),
    ])

    static let step = said(
        Cast.rivera, "Meet Maya at the gate", 1300, kind: "step",
        fields: ["text": "Meet Maya at the gate", "owner": "school", "due": "2026-05-15", "state": "open"],
        delivery: seen)

    static let thanks = said(
        Cast.rivera, "Thank you for telling us. I will be at the gate tomorrow.", 1400, delivery: seen,
        answers: concern.entry, quoted: quote(concern))

    static let theirs = said(
        Cast.rivera, "She told everybody about the lake.", 200,
        delivery: .onTheirPhone(people: [Cast.ana.person]))

    static let stopped = said(
        Cast.rivera, "Could we talk on Thursday?", 5, delivery: .stuck(reason: .notAMember, nextTry: nil))

    static let broken = said(
        Cast.rivera, "Hello?", 9, delivery: .stuck(reason: .broken, nextTry: Cast.ago(-30)))

    static let all = [
        yesterday,
        entry(came(Cast.rivera, Cast.ana, 1700)),
        entry(concern),
        entry(thanks),
        entry(step),
        today,
        entry(said(Cast.ana, "It went better today. She waved.", 240)),
        entry(theirs),
        entry(
            said(
                Cast.rivera, "We are at the lake until four. She ate well and has her jacket.", 3,
                delivery: .onThisPhone)),
    ]

    private static func came(_ by: Author, _ who: Author, _ minutes: Int) -> ThreadRow {
        said(
            by, "came \(who.name)", minutes, kind: "roster",
            fields: ["event": "came", "person": who.person, "name": who.name, "role": "\(who.role)"])
    }

    private static func day(_ minutes: Int) -> ThreadItem {
        let moments = Moments(now: Cast.now, locale: Locale(identifier: "en"), timeZone: .current)
        return .day(moments.day(of: Cast.ago(minutes)), id: "day \(minutes)")
    }
}
