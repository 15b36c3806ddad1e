import TandemKit
import XCTest

/// What is written, on the real library: kept until it is said, and said once.
final class ComposeTests: XCTestCase {
    private var school: School!

    override func setUp() async throws { school = try School() }

    override func tearDown() async throws { school.end() }

    @MainActor private func compose(_ person: Person, _ thread: ThreadId) -> ComposeModel {
        ComposeModel(person.store, thread: thread, drafts: person.drafts)
    }

    @MainActor private func teacherWithThread() async throws -> (Person, ThreadId) {
        let teacher = try await school.person("Ms Rivera", .teacher)
        return (teacher, try await teacher.founds("Maya"))
    }

    @MainActor private func texts(_ person: Person, _ thread: ThreadId) async throws -> [String] {
        guard case .thread(_, let rows) = try await person.store.tandem.ask(query: .thread(thread)) else {
            throw Unexpected()
        }
        return rows.compactMap { $0.fields["text"] }
    }

    @MainActor func testWhatIsNeededIsMissingUntilItIsThere() async throws {
        let (teacher, thread) = try await teacherWithThread()
        let model = compose(teacher, thread)
        try await looking(at: model.run) {
            try await until { model.state.form?.kind == "message" }
            XCTAssertFalse(model.state.ready)
            XCTAssertEqual(model.state.missing, ["text"])
            model[field: "text"] = "   \n"
            XCTAssertFalse(model.state.ready, "blanks are no words")
            model[field: "text"] = "hello"
            XCTAssertTrue(model.state.ready)
            model.kind = "concern"
            XCTAssertEqual(model.state.form?.kind, "concern")
            XCTAssertEqual(model.state.missing, ["what", "way_forward"])
            model.kind = "message"
            XCTAssertEqual(
                model.state.said, ["text": "hello"], "what was written stays while the form changes")
        }
    }

    @MainActor func testADoubleTapSaysItOnce() async throws {
        let (teacher, thread) = try await teacherWithThread()
        let model = compose(teacher, thread)
        try await looking(at: model.run) {
            model[field: "text"] = "once"
            try await until { model.state.ready }
            model.act(.send)
            model.act(.send)
            XCTAssertTrue(model.state.sending)
            model[field: "text"] = "changed while it is said"
            await model.settled()
            model.act(.send)
            await model.settled()
            XCTAssertEqual(model.state.next, .thread(thread))
            let said = try await texts(teacher, thread)
            XCTAssertEqual(said, ["once"])
        }
    }

    @MainActor func testWhatWasWrittenOutlivesTheAppUntilItIsSaid() async throws {
        let (teacher, thread) = try await teacherWithThread()
        let first = compose(teacher, thread)
        try await looking(at: first.run) {
            try await until { first.state.form != nil }
            first.kind = "concern"
            first[field: "what"] = "Mornings are hard"
        }
        XCTAssertEqual(teacher.drafts.threads(), [thread])
        // Another process: nothing is shared but the folder.
        let again = ComposeModel(
            teacher.store, thread: thread,
            drafts: FileDrafts(folder: URL(fileURLWithPath: teacher.phone.folder + " drafts")))
        try await looking(at: again.run) {
            try await until { again.state.form?.kind == "concern" }
            XCTAssertEqual(again[field: "what"], "Mornings are hard")
            again[field: "way_forward"] = "Start at nine"
            try await until { again.state.ready }
            again.act(.send)
            await again.settled()
        }
        XCTAssertEqual(teacher.drafts.threads(), [])
    }

    @MainActor func testWhatWasSaidBeforeTheAppEndedIsNotOfferedAgain() async throws {
        let (teacher, thread) = try await teacherWithThread()
        _ = try await teacher.says("again", in: thread)
        let draft = Draft(kind: "message", fields: ["text": "again"], sendingAfter: 1)
        try teacher.drafts.keep(draft, of: thread)
        let unsaid = compose(teacher, thread)
        try await looking(at: unsaid.run) { try await until { unsaid[field: "text"] == "again" } }
        // Now it was said, and the app ended before the draft was gone.
        _ = try await teacher.says("again", in: thread)
        let said = compose(teacher, thread)
        try await looking(at: said.run) {
            try await until { said.state.form != nil }
            XCTAssertEqual(said[field: "text"], "")
        }
        XCTAssertEqual(teacher.drafts.threads(), [])
    }

    @MainActor func testAPastedMegabyteIsSaidToBeTooLongAndIsNotLost() async throws {
        let (teacher, thread) = try await teacherWithThread()
        let model = compose(teacher, thread)
        let book = String(repeating: "é", count: 1 << 19)
        try await looking(at: model.run) {
            try await until { model.state.form != nil }
            model[field: "text"] = book
            XCTAssertEqual(model.state.wrong?.code, "too_long")
            XCTAssertFalse(model.state.ready)
            model.act(.send)
            await model.settled()
        }
        XCTAssertEqual(teacher.drafts.draft(of: thread)?.fields["text"], book)
        let said = try await texts(teacher, thread)
        XCTAssertEqual(said, [])
    }

    @MainActor func testWhatIsThrownAwayIsAskedForAndGone() async throws {
        let (teacher, thread) = try await teacherWithThread()
        let model = compose(teacher, thread)
        try await looking(at: model.run) {
            try await until { model.state.form != nil }
            model[field: "text"] = "no"
            model.act(.throwAway)
            XCTAssertTrue(model.state.asksToThrowAway)
            model.act(.keep)
            XCTAssertNotNil(teacher.drafts.draft(of: thread))
            model.act(.throwAwayReally)
            XCTAssertNil(teacher.drafts.draft(of: thread))
            XCTAssertEqual(model.state.next, .thread(thread))
        }
    }

    @MainActor func testAFullDiskLosesNothingThatIsOnTheScreen() async throws {
        struct Full: Drafts {
            func draft(of thread: ThreadId) -> Draft? { nil }
            func threads() -> Set<ThreadId> { [] }
            func keep(_ draft: Draft?, of thread: ThreadId) throws { throw CocoaError(.fileWriteOutOfSpace) }
        }
        let (teacher, thread) = try await teacherWithThread()
        let model = ComposeModel(teacher.store, thread: thread, drafts: Full())
        try await looking(at: model.run) {
            try await until { model.state.form != nil }
            model[field: "text"] = "still here"
            XCTAssertEqual(model.state.problem?.kind, .notKept)
            XCTAssertEqual(model[field: "text"], "still here")
        }
    }

    func testADraftsNameIsNoWayOutOfItsFolder() throws {
        let folder = school.folder.appendingPathComponent("inside")
        let drafts = FileDrafts(folder: folder)
        try drafts.keep(Draft(kind: "message", fields: ["text": "x"]), of: "../../outside")
        XCTAssertEqual(try FileManager.default.contentsOfDirectory(atPath: folder.path), ["outside.json"])
        try Data("no draft".utf8).write(to: folder.appendingPathComponent("torn.json"))
        XCTAssertNil(drafts.draft(of: "torn"))
    }
}
