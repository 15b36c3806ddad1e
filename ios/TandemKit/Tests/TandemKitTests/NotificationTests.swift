import TandemKit
import XCTest

/// What the phone is told to show, and what its code can do to the engine: nothing.
final class NotificationTests: XCTestCase {
    private var school: School!

    override func setUp() async throws { school = try School() }

    override func tearDown() async throws { school.end() }

    /// A phone's notifications, which can throw, and block for as long as they like.
    private final class Shown: Notifications, @unchecked Sendable {
        struct Broken: Error {}

        enum News: Equatable, Sendable {
            case show(Note)
            case withdraw(ThreadId)
        }

        let news: AsyncStream<News>
        private let tell: AsyncStream<News>.Continuation
        private let throwing: Bool
        private let gate: DispatchSemaphore?

        init(throwing: Bool = false, gate: DispatchSemaphore? = nil) {
            (news, tell) = AsyncStream.makeStream()
            (self.throwing, self.gate) = (throwing, gate)
        }

        func show(note: Note) throws {
            tell.yield(.show(note))
            gate?.wait()
            if throwing { throw Broken() }
        }

        func withdraw(thread: ThreadId) throws { tell.yield(.withdraw(thread)) }
    }

    private func says(_ two: Two, _ text: String) async throws {
        _ = try await two.teacher.says(text, in: two.thread)
        try await two.teacher.store.sync(deadlineMs: deadline)
        try await two.parent.store.sync(deadlineMs: deadline)
    }

    func testWhatIsNewIsShownWithoutItsWordsAndGoesWhenItWasRead() async throws {
        let two = try await school.together()
        let shown = Shown()
        try two.parent.store.tandem.notify(by: shown)
        try await says(two, "a secret")
        guard case .show(let note) = try await first(shown.news, where: { _ in true }) else {
            throw Unexpected()
        }
        XCTAssertEqual(note.thread, two.thread)
        XCTAssertEqual(note.count, 1)
        XCTAssertFalse("\(note)".contains("secret"))
        _ = try await two.parent.store.perform(.markSeen(thread: two.thread, entries: nil))
        _ = try await first(shown.news) { $0 == .withdraw(two.thread) }
        try two.parent.store.tandem.notify(by: nil)
    }

    func testNotificationsThatThrowAreToldOfTheNextToo() async throws {
        let two = try await school.together()
        let shown = Shown(throwing: true)
        try two.parent.store.tandem.notify(by: shown)
        for n in 1...2 {
            try await says(two, "number \(n)")
            _ = try await first(shown.news) {
                if case .show(let note) = $0 { note.count == n } else { false }
            }
        }
        try two.parent.store.tandem.notify(by: nil)
    }

    func testNotificationsThatBlockHoldNothingUp() async throws {
        let two = try await school.together()
        let gate = DispatchSemaphore(value: 0)
        let shown = Shown(gate: gate)
        try two.parent.store.tandem.notify(by: shown)
        try await says(two, "one")
        _ = try await first(shown.news, where: { _ in true })
        // It blocks from here on: the engine does not.
        try await says(two, "two")
        let rows = try await first(two.parent.store.rows(of: two.thread)) { rows in
            rows.contains { $0.fields["text"] == "two" }
        }
        XCTAssertTrue(rows.contains { $0.fields["text"] == "one" })
        gate.signal()
        gate.signal()
        try two.parent.store.tandem.notify(by: nil)
    }
}
