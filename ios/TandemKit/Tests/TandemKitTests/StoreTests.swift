import XCTest

@testable import TandemKit

/// The store of an open home, on the real library.
final class StoreTests: XCTestCase {
    private var school: School!

    override func setUp() async throws { school = try School() }

    override func tearDown() async throws { school.end() }

    func testAChangeThatDoesNotFitIsIgnoredAndTheNextResetPutsItRight() async throws {
        let teacher = try await school.person("Ms Rivera", .teacher)
        let thread = try await teacher.founds("Maya")
        _ = try await teacher.says("hello", in: thread)
        let rows = try await first(teacher.store.rows(of: thread)) { !$0.isEmpty }
        let row = try XCTUnwrap(rows.last)
        for diff in [
            ThreadDiff.insert(at: 99, row: row), .update(at: 99, row: row), .remove(at: 99),
            .remove(at: .max),
        ] {
            XCTAssertEqual(rows.after(diff), rows, "\(diff)")
        }
        XCTAssertEqual([ThreadRow]().after(.insert(at: 1, row: row)), [])
        XCTAssertEqual([ThreadRow]().after(.insert(at: 0, row: row)), [row])
        XCTAssertEqual(rows.after(.reset(rows: [row])), [row])
    }

    func testAChangeThatCantBeReadIsLeftOutAndThreeInARowEndTheList() async throws {
        // Nil is a change that can't be read.
        let changes = Changes([1, nil, nil, 2, nil, nil, nil, 3])
        let (ended, end) = AsyncStream<Void>.makeStream()
        let lists = applied(
            { try await changes.next() }, { $0 + [$1] }, as: { $0 }, stop: { end.finish() })
        var last: [Int] = []
        for await list in lists { last = list }
        XCTAssertEqual(last, [1, 2])
        for await _ in ended {}
        let left = await changes.left
        XCTAssertEqual(left, [3], "the feed is stopped")
    }

    func testAnAnswerIsAskedAgainWheneverSomethingChanged() async throws {
        let teacher = try await school.person("Ms Rivera", .teacher)
        let thread = try await teacher.founds("Maya")
        let asked = teacher.store.asked(.thread(thread))
        let said = Task {
            try await first(asked) {
                guard case .success(.thread(_, let rows)) = $0 else { return false }
                return rows.contains { $0.fields["text"] == "hello" }
            }
        }
        _ = try await teacher.says("hello", in: thread)
        _ = try await said.value
    }

    func testAsleepNothingIsAskedAndAwakeTheAnswerComes() async throws {
        let teacher = try await school.person("Ms Rivera", .teacher)
        try await teacher.store.tandem.suspend()
        let asked = Task {
            try await first(teacher.store.asked(.inbox)) {
                if case .failure(let why) = $0 { XCTFail("\(why)") }
                if case .success(.inbox(let rows, _)) = $0 { return rows.contains { $0.title == "Maya" } }
                return false
            }
        }
        try await teacher.store.tandem.resume()
        _ = try await teacher.founds("Maya")
        _ = try await asked.value
    }

    func testWhoStopsListeningEndsWhatIsBehindIt() async throws {
        let teacher = try await school.person("Ms Rivera", .teacher)
        let thread = try await teacher.founds("Maya")
        try await untilCounted { liveCalls() == 0 }
        for n in 0..<200 {
            let rows = try teacher.store.rows(of: thread)
            let asked = teacher.store.asked(.inbox)
            if n % 10 == 0 {
                for await _ in rows { break }
                for await _ in asked { break }
            }
        }
        try await untilCounted { liveCalls() == 0 }
    }

    func testGarbageThatAPushBringsIsNotRead() async throws {
        let two = try await school.together()
        let entry = try await two.teacher.says("hello", in: two.thread)
        try await two.teacher.store.sync(deadlineMs: deadline)
        let garbage = Data((0..<4096).map { _ in UInt8.random(in: .min ... .max) })
        let report = try await two.parent.store.tandem.wake(pushPayload: garbage, deadlineMs: deadline)
        XCTAssertGreaterThan(report.received, 0)
        _ = try await first(two.parent.store.rows(of: two.thread)) { $0.contains { $0.entry == entry } }
    }

    func testDiagnosticsHaveNobodysWordsNamesOrTitles() async throws {
        let two = try await school.together()
        _ = try await two.teacher.says("a secret between us", in: two.thread)
        let text = try await two.teacher.store.tandem.diagnostics()
        for content in ["secret", "Maya", "Rivera", "Ana"] { XCTAssertFalse(text.contains(content), content) }
        XCTAssertTrue(text.contains("home=open\nthreads=1\n"), text)
        XCTAssertTrue(text.contains("waiting=1"), text)
    }
}

/// Changes as a feed gives them, of which some can't be read.
private actor Changes {
    private(set) var left: [Int?]

    init(_ changes: [Int?]) { left = changes }

    func next() throws -> Int? {
        if left.isEmpty { return nil }
        guard let change = left.removeFirst() else { throw Unexpected() }
        return change
    }
}
