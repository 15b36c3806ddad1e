import TandemKit
import XCTest

/// The story of a trip, by the real library against a real relay process. Nothing stands in for either.
final class StoryTests: XCTestCase {
    private let deadline: UInt32 = 20_000
    private var school: School!

    override func setUp() async throws { school = try School() }

    override func tearDown() async throws { school.end() }

    private struct Two {
        let teacher: Tandem
        let parent: Tandem
        let thread: ThreadId
        let phone: Phone
    }

    private func person(_ name: String, _ role: Role) async throws -> (Phone, Tandem) {
        let phone = school.phone(name)
        try await phone.make(name, role, school.relay)
        return (phone, try await phone.open())
    }

    /// A teacher and a parent in one thread.
    private func together() async throws -> Two {
        let (phone, teacher) = try await person("Ms Rivera", .teacher)
        let (_, parent) = try await person("Ana", .guardian)
        guard case .founded(let thread) = try await teacher.perform(intent: .foundThread(title: "Maya"))
        else {
            throw Unexpected()
        }
        let invite = Intent.invite(thread: thread, role: .guardian, inPerson: false)
        guard case .invited(let text) = try await teacher.perform(intent: invite),
            case .join(let link) = try readLink(text: text)
        else { throw Unexpected() }
        _ = try await parent.perform(intent: .join(link: link))
        for person in [teacher, parent, teacher, parent] {
            _ = try await TandemStore(person).sync(deadlineMs: deadline)
        }
        let inbox = try await first(TandemStore(parent).inbox()) { !$0.isEmpty }
        XCTAssertEqual(inbox.map(\.title), ["Maya"])
        return Two(teacher: teacher, parent: parent, thread: thread, phone: phone)
    }

    private func says(_ person: Tandem, _ thread: ThreadId, _ text: String) async throws -> EntryId {
        let post = Intent.post(thread: thread, kind: "message", fields: ["text": text], answers: nil)
        guard case .said(let entry, _) = try await person.perform(intent: post) else { throw Unexpected() }
        return entry
    }

    private func delivery(
        _ person: Tandem, _ thread: ThreadId, _ entry: EntryId, _ so: @escaping @Sendable (Delivery?) -> Bool
    ) async throws -> Delivery? {
        let rows = try await first(TandemStore(person).rows(of: thread)) { rows in
            so(rows.first { $0.entry == entry }?.delivery)
        }
        return rows.first { $0.entry == entry }?.delivery
    }

    func testWhatIsSaidOfflineGoesItsWayAndEachStateOfItIsTrue() async throws {
        let two = try await together()
        let (teacher, parent, thread) = (two.teacher, two.parent, two.thread)
        let entry = try await says(teacher, thread, "We are at the lake.")
        let first = try await delivery(teacher, thread, entry) { $0 != nil }
        XCTAssertEqual(first, .onThisPhone)
        let report = try await TandemStore(teacher).sync(deadlineMs: deadline)
        XCTAssertGreaterThan(report.sent, 0)
        _ = try await delivery(teacher, thread, entry) { if case .onRelay = $0 { true } else { false } }
        _ = try await TandemStore(parent).sync(deadlineMs: deadline)
        let rows = try await self.first(TandemStore(parent).rows(of: thread)) {
            $0.contains { $0.entry == entry }
        }
        XCTAssertEqual(rows.first { $0.entry == entry }?.fields["text"], "We are at the lake.")
        _ = try await TandemStore(teacher).sync(deadlineMs: deadline)
        _ = try await delivery(teacher, thread, entry) { if case .onTheirPhone = $0 { true } else { false } }
        _ = try await parent.perform(intent: .markSeen(thread: thread))
        _ = try await TandemStore(parent).sync(deadlineMs: deadline)
        _ = try await TandemStore(teacher).sync(deadlineMs: deadline)
        let seen = try await delivery(teacher, thread, entry) { if case .seen = $0 { true } else { false } }
        guard case .seen(let by) = seen else { throw Unexpected() }
        XCTAssertEqual(by.count, 1)
    }

    func testWhatIsCancelledStopsInRustAndLosesNothing() async throws {
        let two = try await together()
        let (teacher, parent, thread) = (two.teacher, two.parent, two.thread)
        school.stop()
        let entry = try await says(teacher, thread, "into the air")
        try await until { liveCalls() == 0 }
        let task = Task { try await TandemStore(teacher).sync(deadlineMs: 60_000) }
        try await until { liveCalls() > 0 }
        task.cancel()
        do {
            _ = try await task.value
            XCTFail("it was cancelled")
        } catch TandemError.Cancelled(_, _) {}
        try await until { liveCalls() == 0 }
        try school.start()
        _ = try await TandemStore(teacher).sync(deadlineMs: deadline)
        _ = try await parent.wake(pushPayload: Data("whatever a push says".utf8), deadlineMs: deadline)
        _ = try await first(TandemStore(parent).rows(of: thread)) { $0.contains { $0.entry == entry } }
    }

    func testAChangeArrivesByItselfAndAFlappingPathLosesNothing() async throws {
        let two = try await together()
        let (teacher, parent, thread) = (two.teacher, two.parent, two.thread)
        teacher.setOnline(online: true)
        parent.setOnline(online: true)
        var said: [EntryId] = []
        for n in 1...6 {
            parent.networkChanged(path: NetworkPath(online: n % 2 == 0, expensive: true, constrained: false))
            said.append(try await says(teacher, thread, "number \(n)"))
            try await Task.sleep(for: .milliseconds(50))
        }
        let all = said
        let rows = try await first(TandemStore(parent).rows(of: thread)) { rows in
            all.allSatisfy { entry in rows.contains { $0.entry == entry } }
        }
        XCTAssertEqual(rows.map(\.entry).filter { all.contains($0) }, all, "in order")
    }

    func testASuspendedHomeIsClosedAndComesBackWithAllOfIt() async throws {
        let two = try await together()
        let (teacher, thread, phone) = (two.teacher, two.thread, two.phone)
        let entry = try await says(teacher, thread, "before the phone slept")
        let feed = try teacher.thread(thread: thread)
        _ = await feed.next()
        try await teacher.suspend()
        do {
            _ = try await says(teacher, thread, "asleep")
            XCTFail("it sleeps")
        } catch TandemError.Locked(let code, _) {
            XCTAssertEqual(code, "suspended")
        }
        // The store is closed: another process could open it now.
        let other = try await phone.open()
        try await other.whole()
        try await other.closeHome()
        try await teacher.resume()
        var back = false
        while !back, let diff = await feed.next() {
            if case .reset(let rows) = diff { back = rows.contains { $0.entry == entry } }
        }
        XCTAssertTrue(back)
        feed.stop()
        let ended = await feed.next()
        XCTAssertNil(ended)
    }

    func testAVaultThatRefusesOrThrowsIsToldInWordsAndNothingIsLost() async throws {
        let two = try await together()
        _ = try await says(two.teacher, two.thread, "kept")
        try await two.teacher.closeHome()
        two.phone.vault.set(locked: true)
        do {
            try await two.phone.open().whole()
            XCTFail("it is locked")
        } catch TandemError.Locked(let code, _) {
            XCTAssertEqual(code, "vault_locked")
        }
        two.phone.vault.set(broken: true)
        do {
            try await two.phone.open().whole()
            XCTFail("it throws")
        } catch TandemError.Damaged(let code, _) {
            XCTAssertEqual(code, "vault_failed")
        }
        two.phone.vault.set()
        let again = try await two.phone.open()
        _ = try await first(TandemStore(again).rows(of: two.thread)) {
            $0.contains { $0.fields["text"] == "kept" }
        }
    }

    func testWrongInputIsAnErrorThatSaysWhatToDo() async throws {
        let two = try await together()
        XCTAssertThrowsError(try readLink(text: "tandem://join/half")) { error in
            guard case TandemError.BadInput(let code, _, _) = error else { return XCTFail("\(error)") }
            XCTAssertEqual(code, "bad_link")
        }
        do {
            _ = try await says(two.teacher, two.thread, String(repeating: "x", count: 1 << 20))
            XCTFail("it is too long")
        } catch TandemError.BadInput(let code, _, _) {
            XCTAssertEqual(code, "too_long")
        }
        XCTAssertThrowsError(try two.teacher.thread(thread: "no id at all"))
    }

    func testAThousandCallsAtOnceAreAllAnswered() async throws {
        let two = try await together()
        let (teacher, thread) = (two.teacher, two.thread)
        try await until { liveCalls() == 0 }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for n in 1...1000 {
                group.addTask {
                    if n % 10 == 0 {
                        let fields = ["text": "\(n)"]
                        let post = Intent.post(thread: thread, kind: "message", fields: fields, answers: nil)
                        _ = try await teacher.perform(intent: post)
                    } else {
                        _ = try await teacher.ask(query: .inbox)
                    }
                }
            }
            try await group.waitForAll()
        }
        let rows = try await first(TandemStore(teacher).rows(of: thread)) {
            $0.filter { $0.kind == "message" }.count >= 100
        }
        XCTAssertEqual(rows.filter { $0.kind == "message" }.count, 100)
        try await until { liveCalls() == 0 }
    }

    func testTenThousandFeedsLeaveNothingBehind() async throws {
        let two = try await together()
        try await until { liveCalls() == 0 }
        for n in 1...10_000 {
            let feed = try two.teacher.thread(thread: two.thread)
            if n % 100 == 0 { _ = await feed.next() }
            feed.stop()
        }
        try await until { liveCalls() == 0 }
        let entry = try await says(two.teacher, two.thread, "still here")
        _ = try await first(TandemStore(two.teacher).rows(of: two.thread)) {
            $0.contains { $0.entry == entry }
        }
    }

    private struct Unexpected: Error {}

    /// The first of a stream of which this holds.
    private func first<Row: Sendable>(
        _ stream: AsyncStream<[Row]>, where so: @escaping @Sendable ([Row]) -> Bool
    ) async throws -> [Row] {
        for await rows in stream where so(rows) { return rows }
        throw Unexpected()
    }

    private func until(_ so: () -> Bool) async throws {
        for _ in 0..<12_000 {
            if so() { return }
            try await Task.sleep(for: .milliseconds(5))
        }
        throw Unexpected()
    }
}
