import Foundation
import TandemKit

/// People and times of the gallery: rows are of the library's own types, and what is said of them it says.
enum Cast {
    static let now = Date.now

    static let rivera = author("Ms Rivera", .teacher)
    static let ana = author("Ana Torres", .guardian)
    static let sam = author("Sam Okoye", .specialist)
    static let lincoln = author("Lincoln School records", .archive)
    static let nameless = author("", .lead)
    static let long = author(
        "María de los Ángeles Fernández-Villaverde y Etxeberria Goikoetxea de la Santísima Trinidad",
        .guardian)
    static let hebrew = author("יעל בן־דוד", .guardian)
    static let arabic = author("أ. ليلى الحسن", .teacher)

    static let everybody = [rivera, ana, sam, lincoln, nameless, long, hebrew, arabic]

    static let dead = LinkNow.offline(trouble: .unreachable)

    static func around(_ link: LinkNow = .live) -> Around {
        with(Around()) { around in
            around.link = link
            for author in everybody where !author.name.isEmpty { around.names[author.person] = author.name }
        }
    }

    static func author(_ name: String, _ role: Role) -> Author {
        Author(person: id(16, "\(name) \(role)"), name: name, role: role)
    }

    /// So many minutes ago.
    static func ago(_ minutes: Int) -> Timestamp {
        Timestamp(now.addingTimeInterval(Double(minutes) * -60).timeIntervalSince1970 * 1000)
    }

    static func thread(_ title: String) -> ThreadId { id(20, "thread \(title)") }
    static func entry(_ what: String) -> EntryId { id(10, "entry \(what)") }
    static func device(_ what: String) -> DeviceKey { id(32, "device \(what)") }
    static func invite(_ what: String) -> InviteId { id(16, "invite \(what)") }

    /// An id of so many bytes, as ids are written: base32 in small letters. The same for the same words.
    private static func id(_ bytes: Int, _ words: String) -> String {
        let letters = Array("abcdefghijklmnopqrstuvwxyz234567")
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        var bits = ""
        for place in 0..<bytes {
            for byte in [UInt8(place)] + Array(words.utf8) {
                hash = (hash ^ UInt64(byte)) &* 0x0100_0000_01b3
            }
            let byte = String(UInt8(truncatingIfNeeded: hash >> 32), radix: 2)
            bits += String(repeating: "0", count: 8 - byte.count) + byte
        }
        bits += String(repeating: "0", count: (5 - bits.count % 5) % 5)
        let digits = Array(bits)
        let groups = stride(from: 0, to: digits.count, by: 5).map { digits[$0..<($0 + 5)] }
        return String(groups.map { letters[Int(String($0), radix: 2) ?? 0] })
    }

    static func last(_ by: Author, _ text: String, _ minutes: Int, _ delivery: Delivery? = nil) -> LastLine {
        LastLine(
            entry: entry(text), kind: "message", author: by, text: text, at: ago(minutes), delivery: delivery)
    }

    static let reading = last(ana, "Reading went well today, she asked for the second volume.", 35)

    static func inboxRow(
        _ title: String, _ people: [Author] = [ana], _ last: LastLine? = reading, unseen: Int = 0,
        waiting: Int = 0, stuck: Int = 0, isFetched: Bool = true, unverified: [Author] = [],
        otherLog: [Author] = [], desk: Bool = false, erased: ErasedRow? = nil, newer: Bool = false,
        kept: Kept? = nil, role: Role? = .teacher
    ) -> InboxRow {
        InboxRow(
            thread: thread(title), title: title, people: people, last: last, unseen: UInt32(unseen),
            waiting: UInt32(waiting), stuck: UInt32(stuck), asOf: isFetched ? ago(15) : nil,
            unverified: unverified.map(\.person), otherLog: otherLog.map(\.person), desk: desk,
            erased: erased,
            newerVersionNeeded: newer, kept: kept, role: role,
            admits: role == .teacher ? [.guardian, .teacher, .specialist, .lead, .archive] : [])
    }

    static func item(_ row: InboxRow, _ link: LinkNow = .live) -> InboxItem {
        InboxItem(row: row, words: inboxWords(row: row, link: link))
    }

    static func join(_ title: String, _ state: JoinState = .joining, knocking: String? = nil) -> JoinItem {
        let row = JoinRow(thread: thread(title), state: state, since: ago(50), knocking: knocking)
        return JoinItem(row: row, words: joinWords(row: row))
    }
}
