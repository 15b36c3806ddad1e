import TandemKit
import XCTest

/// What the library promises to a shell, against a real relay process. Nothing stands in for either.
final class StoryTests: XCTestCase {
    private var school: School!

    override func setUp() async throws { school = try School() }

    override func tearDown() async throws { school.end() }

    func testWhatIsCancelledStopsInRustAndLosesNothing() async throws {
        let two = try await school.together()
        school.stop()
        let entry = try await two.teacher.says("into the air", in: two.thread)
        try await untilCounted { liveCalls() == 0 }
        let task = Task { try await two.teacher.store.sync(deadlineMs: 60_000) }
        try await untilCounted { liveCalls() > 0 }
        task.cancel()
        do {
            _ = try await task.value
            XCTFail("it was cancelled")
        } catch TandemError.Cancelled(_, _) {}
        try await untilCounted { liveCalls() == 0 }
        try school.start()
        try await two.teacher.store.sync(deadlineMs: deadline)
        let push = Data("whatever a push says".utf8)
        _ = try await two.parent.store.tandem.wake(pushPayload: push, deadlineMs: deadline)
        _ = try await first(two.parent.store.rows(of: two.thread)) { $0.contains { $0.entry == entry } }
    }

    func testASuspendedHomeIsClosedAndComesBackWithAllOfIt() async throws {
        let two = try await school.together()
        let teacher = two.teacher.store.tandem
        let entry = try await two.teacher.says("before the phone slept", in: two.thread)
        let feed = try teacher.thread(thread: two.thread)
        _ = try await feed.next()
        try await teacher.suspend()
        do {
            _ = try await two.teacher.says("asleep", in: two.thread)
            XCTFail("it sleeps")
        } catch TandemError.Locked(let code, _) {
            XCTAssertEqual(code, "suspended")
        }
        // The store is closed: another process could open it now.
        let other = try await two.teacher.phone.open()
        try await other.whole()
        try await other.closeHome()
        try await teacher.resume()
        var back = false
        while !back, let diff = try await feed.next() {
            if case .reset(let rows) = diff { back = rows.contains { $0.entry == entry } }
        }
        XCTAssertTrue(back)
        feed.stop()
        let ended = try await feed.next()
        XCTAssertNil(ended)
    }

    func testAVaultThatRefusesOrThrowsIsToldInWordsAndNothingIsLost() async throws {
        let two = try await school.together()
        let phone = two.teacher.phone
        _ = try await two.teacher.says("kept", in: two.thread)
        try await two.teacher.store.tandem.closeHome()
        phone.vault.set(locked: true)
        do {
            try await phone.open().whole()
            XCTFail("it is locked")
        } catch TandemError.Locked(let code, _) {
            XCTAssertEqual(code, "vault_locked")
        }
        phone.vault.set(broken: true)
        do {
            try await phone.open().whole()
            XCTFail("it throws")
        } catch TandemError.Damaged(let code, _) {
            XCTAssertEqual(code, "vault_failed")
        }
        phone.vault.set()
        let again = try await Person(phone)
        _ = try await first(again.store.rows(of: two.thread)) { $0.contains { $0.fields["text"] == "kept" } }
    }

    func testAVaultThatBlocksHoldsUpNobodyElse() async throws {
        let other = try await school.person("Ana", .guardian)
        let phone = school.phone("Ms Rivera")
        try await phone.make("Ms Rivera", .teacher, school.relay)
        let vault = BlockingVault(phone.vault)
        defer { vault.goOn() }
        let opens = Task { try await Tandem.open(folder: phone.folder, vault: vault) }
        _ = try await first(vault.asked) { _ in true }
        for _ in 0..<50 {
            guard case .inbox = try await other.store.tandem.ask(query: .inbox) else { throw Unexpected() }
        }
        try await other.store.sync(deadlineMs: deadline)
        vault.goOn()
        let home = try await opens.value
        try await home.whole()
        try await home.closeHome()
    }

    func testWrongInputIsAnErrorThatSaysWhatToDo() async throws {
        let two = try await school.together()
        XCTAssertThrowsError(try readLink(text: "tandem://join/half")) { error in
            guard case TandemError.BadInput(let code, _, _) = error else { return XCTFail("\(error)") }
            XCTAssertEqual(code, "bad_link")
        }
        do {
            _ = try await two.teacher.says(String(repeating: "x", count: 1 << 20), in: two.thread)
            XCTFail("it is too long")
        } catch TandemError.BadInput(let code, _, _) {
            XCTAssertEqual(code, "too_long")
        }
        do {
            let post = Intent.post(thread: two.thread, kind: "concern", fields: ["what": "x"], answers: nil)
            _ = try await two.teacher.store.perform(post)
            XCTFail("it needs a way forward")
        } catch TandemError.BadInput(let code, let field, _) {
            XCTAssertEqual(code, "missing_field")
            XCTAssertEqual(field, "way_forward")
        }
        XCTAssertThrowsError(try two.teacher.store.tandem.thread(thread: "no id at all"))
    }

    func testAFaultOfOursIsAnErrorAndEverythingGoesOn() async throws {
        let two = try await school.together()
        XCTAssertThrowsError(try panics())
        for faulty in [panicsInside, panicsLater] {
            do {
                try await faulty()
                XCTFail("it panicked and said nothing")
            } catch {}
        }
        let entry = try await two.teacher.says("still here", in: two.thread)
        _ = try await first(two.teacher.store.rows(of: two.thread)) { $0.contains { $0.entry == entry } }
        try await untilCounted { liveCalls() == 0 }
    }

    func testAThousandCallsAtOnceAreAllAnswered() async throws {
        let two = try await school.together()
        let (teacher, thread) = (two.teacher, two.thread)
        try await untilCounted { liveCalls() == 0 }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for n in 1...1000 {
                group.addTask {
                    if n % 10 == 0 {
                        _ = try await teacher.says("\(n)", in: thread)
                    } else {
                        _ = try await teacher.store.tandem.ask(query: .inbox)
                    }
                }
            }
            try await group.waitForAll()
        }
        let rows = try await first(teacher.store.rows(of: thread)) { rows in
            rows.filter { $0.kind == "message" }.count >= 100
        }
        XCTAssertEqual(rows.filter { $0.kind == "message" }.count, 100)
        try await untilCounted { liveCalls() == 0 }
    }

    func testTenThousandFeedsLeaveNothingBehind() async throws {
        let two = try await school.together()
        let teacher = two.teacher.store.tandem
        try await untilCounted { liveCalls() == 0 }
        let before = liveFeeds()
        for n in 1...10_000 {
            let feed = try teacher.thread(thread: two.thread)
            if n % 100 == 0 { _ = try await feed.next() }
            feed.stop()
        }
        try await untilCounted { liveCalls() == 0 && liveFeeds() <= before }
        let entry = try await two.teacher.says("still here", in: two.thread)
        _ = try await first(two.teacher.store.rows(of: two.thread)) { $0.contains { $0.entry == entry } }
    }
}

/// Blocks until it is let go on, like a store of keys that waits for a chip.
private final class BlockingVault: KeyVault, @unchecked Sendable {
    let asked: AsyncStream<Void>
    private let ask: AsyncStream<Void>.Continuation
    private let gate = DispatchSemaphore(value: 0)
    private let inner: MemoryVault

    init(_ inner: MemoryVault) {
        (asked, ask) = AsyncStream.makeStream()
        self.inner = inner
    }

    func goOn() { gate.signal() }

    func load() throws -> Data? {
        ask.yield()
        gate.wait()
        // Whoever comes next is let through, too.
        gate.signal()
        return try inner.load()
    }

    func create(key: Data) throws { try inner.create(key: key) }
    func replace(key: Data) throws { try inner.replace(key: key) }
    func delete() throws { try inner.delete() }
}
