import Foundation
import Gallery
import SwiftUI
import TandemKit
import XCTest

/// Every state of every screen, walked.
final class GalleryTests: XCTestCase {
    @MainActor func testBothPhonesShowTheSameStates() async throws {
        XCTAssertEqual(gallery.map(\.id).sorted(), try listed().map(\.state).sorted())
    }

    @MainActor func testEveryStateCanBeReadHeardAndTouched() async throws {
        var wrong: [String] = []
        for sight in Sight.all {
            let keys = try Marked(sight.language).words.keys
            for shown in gallery {
                var audit = Audit(keys: keys)
                audit.look(at: try walked(shown.view(), sight))
                wrong += Set(audit.wrong).sorted().map { "\(shown.id), \(sight): \($0)" }
            }
        }
        XCTAssertEqual(wrong, [], wrong.joined(separator: "\n"))
        XCTAssertGreaterThan(gallery.count, 100)
    }

    @MainActor func testEveryStateShowsWhatItIsThereFor() async throws {
        var wrong: [String] = []
        for sight in Sight.all {
            let words = try Marked(sight.language).words
            for (state, shows) in try listed() {
                guard let shown = gallery.first(where: { $0.id == state }) else { continue }
                let texts = try walked(shown.view(), sight).flatMap(\.texts).map(plain)
                for what in shows where !texts.contains(where: { what.is(in: $0, words) }) {
                    wrong.append("\(state), \(sight): \(what) is not shown")
                }
            }
        }
        XCTAssertEqual(wrong, [], wrong.joined(separator: "\n"))
    }

    private func listed() throws -> [(state: String, shows: [Seen])] {
        let golden = try XCTUnwrap(
            ProcessInfo.processInfo.environment["TANDEM_GOLDEN"], "cargo xtask swift says where")
        let file = URL(fileURLWithPath: golden).appendingPathComponent("gallery.txt")
        let lines = try String(contentsOf: file, encoding: .utf8).split(separator: "\n")
        return lines.filter { !$0.hasPrefix("#") }.map { line in
            let parts = line.split(separator: ":", maxSplits: 1)
            return (String(parts[0]), parts.count > 1 ? Seen.all(in: parts[1]) : [])
        }
    }
}

/// Something that a state shows: words of the catalogue, or of somebody's.
enum Seen: CustomStringConvertible {
    case key(String)
    case words(String)

    /// Keys, and what stands in quotes.
    static func all(in text: Substring) -> [Seen] {
        text.split(separator: "\"", omittingEmptySubsequences: false).enumerated().flatMap { n, part in
            n % 2 == 1
                ? [Seen.words(String(part))]
                : part.split(separator: " ").map { .key(String($0)) }
        }
    }

    func `is`(in text: String, _ words: CatalogueStrings) -> Bool {
        switch self {
        case .words(let words): text.contains(words)
        case .key(let key):
            Set([1, 2].map { words.template(key: key, count: $0) }).contains { Self.fits($0, text) }
        }
    }

    /// Whether the text has all that stands between the places of a template, in order.
    private static func fits(_ template: String, _ text: String) -> Bool {
        var rest = text[...]
        for fixed in template.split(separator: /\{[a-z]+\}/) {
            guard let found = rest.range(of: fixed.trimmingCharacters(in: .whitespaces)) else { return false }
            rest = rest[found.upperBound...]
        }
        return true
    }

    var description: String {
        switch self {
        case .key(let key): key
        case .words(let words): "\"\(words)\""
        }
    }
}
