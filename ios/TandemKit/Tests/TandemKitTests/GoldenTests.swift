import TandemKit
import XCTest

/// What the engine told a phone's screens, recorded, comes to the same rows here.
final class GoldenTests: XCTestCase {
    private func recording() throws -> Recording {
        let folder = try XCTUnwrap(
            ProcessInfo.processInfo.environment["TANDEM_GOLDEN"], "cargo xtask swift says where")
        let file = URL(fileURLWithPath: folder).appendingPathComponent("view_diffs.json")
        return try readRecording(json: String(contentsOf: file, encoding: .utf8))
    }

    func testARecordedThreadComesToTheSameRowsAfterEachChange() throws {
        var rows: [ThreadRow] = []
        let steps = try recording().thread
        for (n, step) in steps.enumerated() {
            rows = rows.after(step.diff)
            XCTAssertEqual(rows, step.rows, "after change \(n)")
        }
        XCTAssertGreaterThan(steps.count, 10)
    }

    func testARecordedInboxComesToTheSameRowsAfterEachChange() throws {
        var rows: [InboxRow] = []
        let steps = try recording().inbox
        for (n, step) in steps.enumerated() {
            rows = rows.after(step.diff)
            XCTAssertEqual(rows, step.rows, "after change \(n)")
        }
        XCTAssertGreaterThan(steps.count, 10)
    }
}
