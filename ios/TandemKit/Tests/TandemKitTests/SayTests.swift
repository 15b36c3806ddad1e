import Foundation
import TandemKit
import XCTest

/// The words that the app is built with, and how they are said.
final class SayTests: XCTestCase {
    /// Monday, 3 November 2025, 14:05 in Madrid.
    private let now = Date(timeIntervalSince1970: 1_762_175_100)

    private func words(_ language: String) throws -> CatalogueStrings {
        let file = try XCTUnwrap(
            ProcessInfo.processInfo.environment["TANDEM_WORDS"], "cargo xtask swift says where")
        return try CatalogueStrings(Data(contentsOf: URL(fileURLWithPath: file)), language: language)
    }

    private func say(_ language: String = "en", _ names: [PersonId: String] = [:]) throws -> Say {
        let zone = try XCTUnwrap(TimeZone(identifier: "Europe/Madrid"))
        return Say(strings: try words(language), names: names, now: now, timeZone: zone)
    }

    private func phrase(_ key: String, _ args: [(String, ArgValue)] = []) -> Phrase {
        Phrase(key: key, args: args.map { PhraseArg(name: $0.0, value: $0.1) })
    }

    private func at(_ hours: Double) -> ArgValue {
        .moment(at: Timestamp((now.timeIntervalSince1970 + hours * 3600) * 1000))
    }

    func testBothLanguagesHaveEveryKey() throws {
        let (english, spanish) = (try words("en"), try words("es"))
        XCTAssertEqual(english.keys, spanish.keys)
        XCTAssertGreaterThan(english.keys.count, 200)
        for key in english.keys {
            for words in [english, spanish] {
                for count in [nil, 0, 1, 2] as [UInt64?] {
                    let said = words.template(key: key, count: count)
                    XCTAssertNotEqual(said, key)
                    XCTAssertFalse(said.contains("%"), said)
                }
            }
        }
    }

    func testANumberChoosesItsForm() throws {
        let waits = { (n: UInt64) in self.phrase("fresh.waits", [("n", .count(count: n))]) }
        XCTAssertEqual(try say()(waits(1)), "1 thing waits here.")
        XCTAssertEqual(try say()(waits(1_200)), "1,200 things wait here.")
        XCTAssertEqual(try say("es")(waits(1)), "1 cosa espera aquí.")
    }

    func testNamesAreAListInTheWordsOfTheLanguage() throws {
        let people = ["a", "b", "c"]
        let seen = phrase("delivery.on_their_phones", [("who", .people(people: people))])
        let names = ["a": "Ana", "b": "Sam", "c": ""]
        let plain = { (text: String) in text.filter { !"\u{2068}\u{2069}".contains($0) } }
        XCTAssertEqual(plain(try say("en", names)(seen)), "On the phones of Ana, Sam and someone.")
        XCTAssertEqual(plain(try say("es", names).list(["Ana", "Sam"])), "Ana, Sam")
        XCTAssertEqual(try say().list([]), "someone")
    }

    func testATimeHasItsDayWhenItIsNotTodayAndItsYearWhenItIsNotThisOne() throws {
        let fresh = { (hours: Double) in self.phrase("fresh.as_of", [("at", self.at(hours))]) }
        let spanish = try say("es")
        XCTAssertTrue(spanish(fresh(0)).contains("14:05"), spanish(fresh(0)))
        let english = try say()
        XCTAssertTrue(english(fresh(-2)).contains("12:05"), english(fresh(-2)))
        XCTAssertFalse(english(fresh(-2)).contains("Nov"))
        XCTAssertTrue(english(fresh(-48)).contains("Nov"), english(fresh(-48)))
        XCTAssertFalse(english(fresh(-48)).contains("2025"))
        XCTAssertTrue(english(fresh(-24 * 400)).contains("2024"), english(fresh(-24 * 400)))
    }

    func testOtherPeoplesTextChangesNothingAroundIt() throws {
        let nasty = "Ana\n\u{202E}\u{2069}{title}\u{0007}%@ %lld\t"
        let note = phrase("note.one", [("who", .text(text: nasty)), ("title", .text(text: "Maya"))])
        let said = try say()(note)
        XCTAssertEqual(said, "\u{2068}Ana {title}%@ %lld\u{2069} wrote in \u{2068}Maya\u{2069}.")
    }

    func testAWordThatIsNotThereIsItsKeyAndAnArgumentThatIsNotThereStaysOpen() throws {
        XCTAssertEqual(try say()("no.such_key"), "no.such_key")
        XCTAssertTrue(try say()(phrase("note.one")).contains("{who}"))
    }

    func testADayThatIsNoneIsNoDay() throws {
        let moments = try say().moments
        XCTAssertNil(moments.day(of: "2025-02-30"))
        XCTAssertNil(moments.day(of: "2025-2-3"))
        XCTAssertNil(moments.day(of: ""))
        XCTAssertEqual(moments.day(of: "2025-11-04").map { moments.iso($0) }, "2025-11-04")
        XCTAssertEqual(moments.day(of: "2025-11-02").flatMap { moments.daysAgo($0) }, 1)
        let due = phrase("day.on", [("day", .day(iso: "2025-11-04"))])
        let said = try say()(due)
        XCTAssertTrue(said.contains("November"), said)
    }

    func testGoingSomewhereIsBackToWhereSomebodyWasOrOnTop() {
        let thread = Place.thread("t")
        let write = Place.compose("t", answers: nil)
        XCTAssertEqual([thread].going(to: .members("t")), [thread, .members("t")])
        XCTAssertEqual([thread, write].going(to: thread), [thread], "back from writing")
        XCTAssertEqual([write].going(to: thread), [thread], "what was written is left behind")
        XCTAssertEqual([thread, .members("t")].going(to: .inbox), [])
    }
}
