import TandemKit
import XCTest

/// The one home of a phone: the first start, and what the system does to the app.
final class HomeTests: XCTestCase {
    private var school: School!

    override func setUp() async throws { school = try School() }

    override func tearDown() async throws { school.end() }

    @MainActor private func home(_ phone: Phone) -> Home { Home(folder: phone.folder, vault: phone.vault) }

    @MainActor private func problem(_ home: Home) -> Problem? {
        if case .shut(let why) = home.stage { why } else { nil }
    }

    @MainActor private func hasNone(_ home: Home) -> Bool {
        if case .none = home.stage { true } else { false }
    }

    @MainActor func testTheFirstStartMakesAHomeWithALinkAndFollowsIt() async throws {
        let teacher = try await school.person("Ms Rivera", .teacher)
        let link = try await teacher.invites(into: try await teacher.founds("Maya"))
        let home = home(school.phone("Ana"))
        await home.comes()
        XCTAssertTrue(hasNone(home))
        let model = WelcomeModel(home)
        XCTAssertEqual(model.role, .guardian)
        model.name = "Ana"
        XCTAssertFalse(model.state.ready)
        model.link = link
        XCTAssertTrue(model.state.ready)
        XCTAssertFalse(model.state.asks.isEmpty)
        model.act(.begin)
        model.act(.begin)
        await model.settled()
        XCTAssertNil(model.state.problem)
        XCTAssertEqual(model.state.next, .join(link: nil))
        let store = try XCTUnwrap(home.store)
        guard case .inbox(_, let joins) = try await store.tandem.ask(query: .inbox) else {
            throw Unexpected()
        }
        XCTAssertEqual(joins.map(\.state), [.joining])
        await home.goes()
    }

    @MainActor func testWhatWasTappedBeforeTheHomeWasOpenIsGoneToOnceItIs() async throws {
        let phone = school.phone("Ms Rivera")
        try await phone.make("Ms Rivera", .teacher, school.relay)
        let home = home(phone)
        let way = Way(home)
        way.tapped(link: school.relay)
        XCTAssertEqual(way.path, [])
        await home.comes()
        way.opened()
        XCTAssertEqual(way.path, [.join(link: school.relay)])
        way.path = []
        way.opened()
        XCTAssertEqual(way.path, [], "once")
        way.tapped(thread: "a thread")
        XCTAssertEqual(way.path, [.thread("a thread")], "it is open")
        await home.goes()
    }

    @MainActor func testOnAPhoneWithoutAHomeALinkIsForTheFirstStart() async throws {
        let home = home(school.phone("Ana"))
        let way = Way(home)
        way.tapped(link: "half a link")
        await home.comes()
        way.begin()
        XCTAssertEqual(way.welcome?.link, "half a link")
        way.tapped(link: school.relay)
        XCTAssertEqual(way.welcome?.link, school.relay)
        // The first start goes on when its home is open, until it says where to.
        way.welcome?.name = "Ana"
        way.welcome?.act(.begin)
        await way.welcome?.settled()
        XCTAssertNotNil(home.store)
        way.tapped(thread: "a thread")
        XCTAssertEqual(way.path, [])
        way.began(at: .inbox)
        way.opened()
        XCTAssertEqual(way.path, [.thread("a thread")])
        await home.goes()
    }

    @MainActor func testALinkThatIsNoneAndAnImageThatIsNoCodeAreSaidAtTheField() async throws {
        let home = home(school.phone("Ana"))
        let model = WelcomeModel(home)
        model.name = "Ana"
        let half = String(school.relay.dropLast(12))
        for wrong in ["tandem://join/half", "hello", half, String(repeating: "tandem://", count: 1 << 17)] {
            model.link = wrong
            XCTAssertEqual(model.state.problem?.field, "link")
            XCTAssertFalse(model.state.ready)
            model.act(.begin)
            await model.settled()
        }
        model.link = school.relay
        XCTAssertNil(model.state.problem)
        model.act(.scanned(nil))
        XCTAssertEqual(model.state.problem?.code, "bad_link")
        XCTAssertEqual(model.link, school.relay, "what was there stays")
        XCTAssertNil(home.store)
    }

    @MainActor func testAPhoneThatIsAnotherOneOfSomebodysOffersItself() async throws {
        let home = home(school.phone("Ana's tablet"))
        let model = WelcomeModel(home, link: school.relay)
        model.name = "Ana"
        model.act(.offerThisPhone)
        await model.settled()
        XCTAssertEqual(model.state.next, .join(link: nil))
        let store = try XCTUnwrap(home.store)
        guard case .offers(let offer, _) = try await store.tandem.ask(query: .offers) else {
            throw Unexpected()
        }
        XCTAssertEqual(offer?.state, .open)
    }

    @MainActor func testLeftAloneItSleepsWithTheStoreClosedAndComesBackWithAllOfIt() async throws {
        let phone = school.phone("Ms Rivera")
        try await phone.make("Ms Rivera", .teacher, school.relay)
        let home = home(phone)
        await home.comes()
        let store = try XCTUnwrap(home.store)
        guard case .founded(let thread) = try await store.perform(.foundThread(title: "Maya")) else {
            throw Unexpected()
        }
        let rows = try store.rows(of: thread)
        await home.goes()
        // The store is closed: somebody else could open it now.
        let other = try await phone.open()
        try await other.whole()
        try await other.closeHome()
        // Somebody flips between apps faster than anything closes.
        for _ in 0..<5 {
            let goes = Task { await home.goes() }
            let comes = Task { await home.comes() }
            await goes.value
            await comes.value
        }
        await home.comes()
        let post = Intent.post(thread: thread, kind: "message", fields: ["text": "back"], answers: nil)
        _ = try await store.perform(post)
        _ = try await first(rows) { $0.contains { $0.fields["text"] == "back" } }
        await home.goes()
    }

    @MainActor func testALookInTheBackgroundGetsThroughAndLeavesTheStoreClosed() async throws {
        let two = try await school.together()
        _ = try await two.teacher.says("hello", in: two.thread)
        try await two.teacher.store.sync(deadlineMs: deadline)
        try await two.parent.store.tandem.closeHome()
        let home = home(two.parent.phone)
        let found = await home.looks(deadlineMs: deadline)
        XCTAssertTrue(found)
        let again = try await two.parent.phone.open()
        _ = try await first(TandemStore(again).rows(of: two.thread)) {
            $0.contains { $0.fields["text"] == "hello" }
        }
        try await again.closeHome()
    }

    @MainActor func testWhenTheSystemsTimeIsOverTheStoreIsClosedBeforeItIsSaidToBe() async throws {
        let two = try await school.together()
        _ = try await two.parent.says("into the air", in: two.thread)
        try await two.parent.store.tandem.closeHome()
        school.stop()
        try await untilCounted { liveCalls() == 0 }
        let home = home(two.parent.phone)
        let look = Task { await home.looks(deadlineMs: 60_000) }
        try await until { home.store != nil }
        try await untilCounted { liveCalls() > 0 }
        look.cancel()
        let found = await look.value
        XCTAssertFalse(found)
        let again = try await two.parent.phone.open()
        try await again.whole()
        guard case .waiting(let waiting) = try await again.ask(query: .waiting) else { throw Unexpected() }
        XCTAssertTrue(waiting.contains { $0.what == .entry })
        try await again.closeHome()
    }

    @MainActor func testAPushBringsWhatIsNewWhateverItSaysAndLeavesTheStoreClosed() async throws {
        let two = try await school.together()
        try await two.parent.store.tandem.closeHome()
        let home = home(two.parent.phone)
        let pushes: [[AnyHashable: Any]] = [
            [:], ["aps": ["content-available": 1]], [7: Date.now, "a": Double.nan],
            ["thread": String(repeating: "\u{0}", count: 1 << 20)],
        ]
        for (n, push) in pushes.enumerated() {
            _ = try await two.teacher.says("number \(n)", in: two.thread)
            try await two.teacher.store.sync(deadlineMs: deadline)
            let report = await home.pushed(Push.bytes(push), deadlineMs: deadline)
            XCTAssertEqual(report?.received, 1, "push \(n)")
        }
        let again = try await two.parent.phone.open()
        _ = try await first(TandemStore(again).rows(of: two.thread)) { rows in
            (0..<4).allSatisfy { n in rows.contains { $0.fields["text"] == "number \(n)" } }
        }
        try await again.closeHome()
    }

    @MainActor func testAPushToAPhoneWithoutAHomeOrWithALockedOneDoesNothing() async throws {
        let phone = school.phone("Ana")
        let home = home(phone)
        let none = await home.pushed(Data(), deadlineMs: deadline)
        XCTAssertNil(none)
        XCTAssertTrue(hasNone(home))
        try await phone.make("Ana", .guardian, school.relay)
        phone.vault.set(locked: true)
        let locked = await home.pushed(Data(), deadlineMs: deadline)
        XCTAssertNil(locked)
        phone.vault.set()
        await home.comes()
        try await XCTUnwrap(home.store).tandem.whole()
        await home.goes()
    }

    @MainActor func testALockedPhoneIsSaidInWordsAndOpensWhenItIsUnlocked() async throws {
        let phone = school.phone("Ana")
        try await phone.make("Ana", .guardian, school.relay)
        let home = home(phone)
        phone.vault.set(locked: true)
        await home.comes()
        try await shut(home, .locked, "vault_locked")
        phone.vault.set(broken: true)
        await home.comes()
        try await shut(home, .damaged, "vault_failed")
        phone.vault.set()
        await home.comes()
        let store = try XCTUnwrap(home.store)
        try await store.tandem.whole()
        await home.goes()
    }

    /// Said to be shut, at once or when the store behind what is shown could not be opened.
    @MainActor private func shut(_ home: Home, _ kind: Problem.Kind, _ code: String) async throws {
        XCTAssertEqual(problem(home)?.kind, kind)
        XCTAssertEqual(problem(home)?.code, code)
    }

    @MainActor func testAPathThatFlapsLosesNothing() async throws {
        let two = try await school.together()
        try await two.parent.store.tandem.closeHome()
        let home = home(two.parent.phone)
        await home.comes()
        two.teacher.store.tandem.setOnline(online: true)
        var said: [EntryId] = []
        for n in 1...6 {
            home.pathChanged(NetworkPath(online: n % 2 == 0, expensive: true, constrained: false))
            said.append(try await two.teacher.says("number \(n)", in: two.thread))
        }
        let (store, all) = (try XCTUnwrap(home.store), said)
        _ = try await first(store.rows(of: two.thread)) { rows in
            all.allSatisfy { entry in rows.contains { $0.entry == entry } }
        }
        await home.goes()
    }
}
