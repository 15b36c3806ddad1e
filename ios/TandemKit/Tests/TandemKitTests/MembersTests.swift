import TandemKit
import XCTest

/// Who is in and who may come, on the real library and a real relay.
final class MembersTests: XCTestCase {
    private var school: School!

    override func setUp() async throws { school = try School() }

    override func tearDown() async throws { school.end() }

    @MainActor private func errand(_ model: MembersModel) -> MembersSheet.Errand? { model.state.sheet?.of }

    @MainActor private func person(_ model: MembersModel, _ name: String) throws -> PersonId {
        try XCTUnwrap(model.state.members.value?.first { $0.row.author.name == name }?.id)
    }

    @MainActor private func knows(_ model: MembersModel, _ name: String) -> Bool {
        model.state.members.value?.contains { $0.row.author.name == name } ?? false
    }

    @MainActor func testAnInviteIsMadeOnceAndCanBeTakenBack() async throws {
        let teacher = try await school.person("Ms Rivera", .teacher)
        let thread = try await teacher.founds("Maya")
        let model = MembersModel(teacher.store, thread: thread)
        try await looking(at: model.run) {
            try await until { !model.state.invitable.isEmpty }
            model.act(.invite)
            model.role = .guardian
            model.inPerson = false
            model.act(.go)
            model.act(.go)
            await model.settled()
            guard case .invite(let invite)? = self.errand(model), let link = invite.link else {
                return XCTFail("\(model.state)")
            }
            guard case .join = try readLink(text: link) else { return XCTFail(link) }
            try await until { model.state.invites.count == 1 }
            model.act(.putAway)
            model.act(.takeBack(model.state.invites[0].id))
            guard case .sure? = self.errand(model) else { return XCTFail("it is asked first") }
            model.act(.go)
            await model.settled()
            XCTAssertNil(model.state.sheet)
            try await until { model.state.invites.first?.words.open == false }
        }
    }

    @MainActor func testCodesAreComparedAndAWrongOneNotesNothing() async throws {
        let two = try await school.together()
        let (ours, theirs) = (
            MembersModel(two.teacher.store, thread: two.thread),
            MembersModel(two.parent.store, thread: two.thread)
        )
        try await looking(at: both(ours.run, theirs.run)) {
            try await until { self.knows(ours, "Ana") && self.knows(theirs, "Ms Rivera") }
            ours.act(.compare(try self.person(ours, "Ana")))
            theirs.act(.compare(try self.person(theirs, "Ms Rivera")))
            try await until { self.code(ours) != nil && self.code(theirs) != nil }
            ours.typed = "12345"
            ours.act(.go)
            await ours.settled()
            XCTAssertEqual(ours.state.sheet?.problem?.code, "bad_code")
            ours.typed = String(repeating: "0", count: 30)
            ours.act(.go)
            await ours.settled()
            XCTAssertEqual(ours.state.sheet?.problem?.code, "wrong_code")
            ours.typed = try XCTUnwrap(self.code(theirs))
            ours.act(.go)
            await ours.settled()
            guard case .compare(let compare)? = self.errand(ours) else { return XCTFail("\(ours.state)") }
            XCTAssertTrue(compare.verified)
            try await until {
                ours.state.members.value?.first { $0.row.author.name == "Ana" }?.row.verified ?? false
            }
        }
    }

    @MainActor private func code(_ model: MembersModel) -> String? {
        if case .compare(let compare)? = errand(model) { compare.ours.value } else { nil }
    }

    @MainActor func testALinkOfAnotherKindLetsNobodyIn() async throws {
        let teacher = try await school.person("Ms Rivera", .teacher)
        let thread = try await teacher.founds("Maya")
        let model = MembersModel(teacher.store, thread: thread)
        model.act(.addPhone)
        for wrong in [
            school.relay, "tandem://join/half", "an image of a cat", String(repeating: "x", count: 1 << 20),
        ] {
            model.link = wrong
            XCTAssertEqual(model.state.sheet?.problem?.code, "bad_link")
            model.act(.go)
            await model.settled()
        }
        model.act(.scanned(nil))
        XCTAssertEqual(model.state.sheet?.problem?.field, "link", "an image that is no QR code")
        model.link = ""
        XCTAssertNil(model.state.sheet?.problem)
    }

    @MainActor func testAnotherPhoneOfOnesOwnIsLetInByWhatItShows() async throws {
        let two = try await school.together()
        let phone = school.phone("Ana's tablet")
        try await phone.make("Ana", .guardian, school.relay)
        let tablet = try await Person(phone)
        let offers = JoinModel(tablet.store)
        let model = MembersModel(two.parent.store, thread: two.thread)
        try await looking(at: both(offers.run, model.run)) {
            offers.act(.offerThisPhone)
            offers.act(.offerThisPhone)
            try await until { offers.state.offer != nil }
            model.act(.addPhone)
            model.link = try XCTUnwrap(offers.state.offer?.row.link)
            model.act(.go)
            await model.settled()
            XCTAssertNil(model.state.sheet)
            try await until { model.state.uptakes.count == 1 }
            for _ in 0..<3 {
                try await tablet.store.sync(deadlineMs: deadline)
                try await two.sync()
            }
        }
        _ = try await first(tablet.store.inbox()) { $0.contains { $0.thread == two.thread } }
    }

    @MainActor func testWhoLeavesIsAskedFirstAndIsOut() async throws {
        let two = try await school.together()
        let model = MembersModel(two.parent.store, thread: two.thread)
        try await looking(at: model.run) {
            try await until { model.state.members.value != nil && model.state.top.value != nil }
            model.act(.leave)
            XCTAssertEqual(self.errand(model), .sure(.leave))
            model.act(.putAway)
            XCTAssertNil(model.state.sheet)
            model.act(.leave)
            model.act(.go)
            model.act(.go)
            await model.settled()
            XCTAssertEqual(model.state.next, .inbox)
            try await two.sync()
            try await until { model.state.top.value?.words.closed != nil }
            XCTAssertEqual(model.state.invitable, [])
        }
    }
}

/// Two screens at once.
@MainActor private func both(
    _ one: @escaping @MainActor () async -> Void, _ other: @escaping @MainActor () async -> Void
) -> @MainActor () async -> Void {
    {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await one() }
            group.addTask { await other() }
        }
    }
}
