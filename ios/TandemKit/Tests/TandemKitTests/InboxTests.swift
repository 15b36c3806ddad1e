import TandemKit
import XCTest

/// The inbox and what waits, on the real library and a real relay.
final class InboxTests: XCTestCase {
    private var school: School!

    override func setUp() async throws { school = try School() }

    override func tearDown() async throws { school.end() }

    @MainActor func testATeacherBeginsTheFirstThreadAndATapTwiceFoundsOne() async throws {
        let teacher = try await school.person("Ms Rivera", .teacher)
        let model = InboxModel(teacher.store, drafts: teacher.drafts)
        try await looking(at: model.run) {
            try await until { model.state.rows == .here([]) && model.state.canFound }
            XCTAssertNil(model.state.write)
            model.act(.foundBegin)
            model.act(.foundSay)
            XCTAssertEqual(model.state.founding?.busy, false, "it needs a title first")
            model.title = "  Maya "
            model.act(.foundSay)
            model.act(.foundSay)
            await model.settled()
            try await until { model.state.rows.value?.map(\.row.title) == ["Maya"] }
            guard case .thread(let thread)? = model.state.next else { return XCTFail("\(model.state)") }
            XCTAssertEqual(model.state.write, .into(thread))
            XCTAssertNil(model.state.founding)
        }
    }

    @MainActor func testWhereThereAreSeveralThreadsOneIsChosenFirst() async throws {
        let teacher = try await school.person("Ms Rivera", .teacher)
        for title in ["Maya", "Leo"] { _ = try await teacher.founds(title) }
        let model = InboxModel(teacher.store, drafts: teacher.drafts)
        try await looking(at: model.run) {
            try await until { model.state.rows.value?.count == 2 }
            guard case .choose(let among)? = model.state.write else { return XCTFail("\(model.state)") }
            XCTAssertEqual(Set(among.map(\.row.title)), ["Maya", "Leo"])
        }
    }

    @MainActor func testWithoutARelayLookingSaysThereIsNoSignalAndWithOneItGetsThrough() async throws {
        let two = try await school.together()
        school.stop()
        let impatient = TandemStore(two.teacher.store.tandem, patienceMs: 500)
        let model = InboxModel(impatient, drafts: two.teacher.drafts)
        try await looking(at: model.run) {
            model.act(.lookNow)
            model.act(.lookNow)
            XCTAssertTrue(model.state.looking)
            await model.settled()
            XCTAssertEqual(model.state.problem?.kind, .unreachable)
        }
        try school.start()
        let patient = InboxModel(two.teacher.store, drafts: two.teacher.drafts)
        try await looking(at: patient.run) {
            patient.act(.lookNow)
            await patient.settled()
            XCTAssertNil(patient.state.problem)
            try await until { !patient.state.line.isEmpty }
        }
    }

    @MainActor func testAKnockIsSeenAtTheInvitersAndAJoinThatWaitsAtTheOther() async throws {
        let teacher = try await school.person("Ms Rivera", .teacher)
        let parent = try await school.person("Ana", .guardian)
        let thread = try await teacher.founds("Maya")
        let link = try await teacher.invites(into: thread)
        let model = JoinModel(parent.store, link: "  \(link)\n")
        try await looking(at: model.run) {
            XCTAssertTrue(model.state.ready)
            XCTAssertFalse(model.state.asks.isEmpty)
            model.act(.follow)
            model.act(.follow)
            await model.settled()
            XCTAssertEqual(model.state.link, "")
            try await until { model.state.joins.value?.map(\.row.state) == [.joining] }
            for person in [teacher, parent, teacher, parent] {
                try await person.store.sync(deadlineMs: deadline)
            }
            try await until { model.state.joins.value?.first?.row.state ?? .joined == .joined }
        }
        _ = try await first(parent.store.inbox()) { $0.map(\.title) == ["Maya"] }
    }

    @MainActor func testWhatWaitsIsListedWithItsWordsUntilItHasLeft() async throws {
        let two = try await school.together()
        let entry = try await two.teacher.says("into the air", in: two.thread)
        let model = WaitingModel(two.teacher.store)
        try await looking(at: model.run) {
            try await until { model.state.items.value?.contains { $0.row.entry == entry } ?? false }
            try await until { model.state.items.value?.first { $0.row.entry == entry }?.title == "Maya" }
            let item = model.state.items.value?.first { $0.row.entry == entry }
            XCTAssertEqual(item?.text, "into the air")
            XCTAssertEqual(item?.words.stands.mark, .phone)
            model.act(.tryNow)
            await model.settled()
            try await until { model.state.items.value?.isEmpty ?? false }
        }
    }

    @MainActor func testATermThatIsNoneIsSaidAtItsFieldAndOneThatIsIsKept() async throws {
        let teacher = try await school.person("Ms Rivera", .teacher)
        let model = AboutModel(teacher.store)
        try await looking(at: model.run) {
            try await until { model.state.retention != nil && model.state.device.value != nil }
            model.setsTerm = true
            model.term = "soon"
            model.act(.keepTerm)
            XCTAssertEqual(model.state.problem?.field, "term")
            model.term = "0"
            model.act(.keepTerm)
            await model.settled()
            XCTAssertEqual(model.state.problem?.code, "bad_term")
            model.term = "30"
            model.act(.keepTerm)
            await model.settled()
            XCTAssertFalse(model.setsTerm)
            try await until { model.state.days == 30 }
            model.act(.showDiagnostics)
            await model.settled()
            XCTAssertTrue(model.showsDiagnostics)
        }
    }
}
