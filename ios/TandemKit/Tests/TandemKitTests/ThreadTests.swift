import Observation
import TandemKit
import XCTest

/// A thread as it is read, on the real library and a real relay.
final class ThreadTests: XCTestCase {
    private var school: School!

    override func setUp() async throws { school = try School() }

    override func tearDown() async throws { school.end() }

    @MainActor private func thread(_ person: Person, _ thread: ThreadId) -> ThreadModel {
        ThreadModel(person.store, thread: thread, drafts: person.drafts)
    }

    @MainActor private func entry(_ model: ThreadModel, _ id: EntryId) -> EntryItem? {
        for case .entry(let item) in model.state.items.value ?? [] where item.row.entry == id { return item }
        return nil
    }

    @MainActor private func mark(_ model: ThreadModel, _ id: EntryId) -> Mark? {
        entry(model, id)?.words.stands?.mark
    }

    @MainActor func testWhatIsSaidOfflineGoesItsWayAndTheMarkSaysHowFar() async throws {
        let two = try await school.together()
        let model = thread(two.teacher, two.thread)
        let said = try await two.teacher.says("We are at the lake.", in: two.thread)
        try await looking(at: model.run) {
            try await until { self.mark(model, said) == .phone }
            XCTAssertEqual(self.entry(model, said)?.text, "We are at the lake.")
            try await two.teacher.store.sync(deadlineMs: deadline)
            try await until { self.mark(model, said) == .tick }
            try await two.parent.store.sync(deadlineMs: deadline)
            try await two.teacher.store.sync(deadlineMs: deadline)
            try await until { self.mark(model, said) == .tickInPhone }
            try await read(two, said)
            try await two.teacher.store.sync(deadlineMs: deadline)
            try await until { self.mark(model, said) == .eye }
        }
    }

    /// The parent has it on the screen, and is in touch.
    @MainActor private func read(_ two: Two, _ said: EntryId) async throws {
        let theirs = thread(two.parent, two.thread)
        try await looking(at: theirs.run) {
            try await until { self.entry(theirs, said) != nil && theirs.state.top.value?.row.unseen == 1 }
            theirs.act(.onScreen([said]))
            try await until { theirs.state.top.value?.row.unseen == 0 }
        }
        try await two.parent.store.sync(deadlineMs: deadline)
    }

    /// How many entries of the parent's thread are not marked as seen. Asked anew: what the screen shows may be
    /// from before.
    @MainActor private func unseen(_ two: Two) async throws -> UInt32? {
        guard case .inbox(let rows, _) = try await two.parent.store.tandem.ask(query: .inbox) else {
            throw Unexpected()
        }
        return rows.first?.unseen
    }

    /// Two entries that the parent has and has not seen, in a thread whose clock the test moves.
    @MainActor private func unread(_ clock: Clock) async throws -> (Two, ThreadModel, [EntryId]) {
        let two = try await school.together()
        let said = [
            try await two.teacher.says("one", in: two.thread),
            try await two.teacher.says("two", in: two.thread),
        ]
        try await two.sync()
        let model = ThreadModel(
            two.parent.store, drafts: two.parent.drafts, from: ThreadState(thread: two.thread),
            still: { await clock.passes() })
        return (two, model, said)
    }

    @MainActor func testWhatStayedOnTheScreenIsMarkedAsSeenAndNotWhatWasPassedOver() async throws {
        let clock = Clock()
        let (two, model, said) = try await unread(clock)
        try await looking(at: model.run) {
            try await until { self.entry(model, said[1]) != nil }
            model.act(.onScreen([said[0]]))
            model.act(.offScreen([said[0]]))
            model.act(.onScreen([said[1]]))
            try await until { clock.waiting.count == 2 }
            clock.pass()
            await model.settled()
            let left = try await self.unseen(two)
            XCTAssertEqual(left, 1, "what was passed over is not seen")
            // It comes again and stays.
            model.act(.onScreen(Set(said)))
            try await until { clock.waiting.count == 1 }
            clock.pass()
            try await until { model.state.top.value?.row.unseen == 0 }
        }
    }

    @MainActor func testWhatLeavesAndComesAgainBeginsAnew() async throws {
        let clock = Clock()
        let (two, model, said) = try await unread(clock)
        try await looking(at: model.run) {
            try await until { model.state.top.value?.row.unseen == 2 && self.entry(model, said[1]) != nil }
            model.act(.onScreen([said[0]]))
            model.act(.onScreen([said[1]]))
            try await until { clock.waiting.count == 2 }
            model.act(.offScreen([said[0]]))
            model.act(.onScreen([said[0]]))
            try await until { clock.waiting.count == 3 }
            // The time of the first two is over; what came again has not stayed for so long.
            clock.pass(2)
            try await until { model.state.top.value?.row.unseen == 1 }
            model.act(.offScreen([said[0]]))
            clock.pass()
            await model.settled()
            let left = try await self.unseen(two)
            XCTAssertEqual(left, 1)
        }
    }

    @MainActor func testWhatComesInTheBackgroundIsSeenWhenSomebodyLooks() async throws {
        let clock = Clock()
        let (two, model, said) = try await unread(clock)
        try await looking(at: model.run) {
            try await until { self.entry(model, said[1]) != nil }
            model.act(.onScreen([said[0]]))
            model.act(.lookedAt(false))
            model.act(.onScreen([said[1]]))
            try await until { clock.waiting.count == 1 }
            clock.pass()
            await model.settled()
            let left = try await self.unseen(two)
            XCTAssertEqual(left, 2, "nobody could see either")
            model.act(.lookedAt(true))
            try await until { clock.waiting.count == 1 }
            clock.pass()
            try await until { model.state.top.value?.row.unseen == 0 }
        }
    }

    @MainActor func testWhoLeavesTheScreenSeesNothingMore() async throws {
        let clock = Clock()
        let (two, model, said) = try await unread(clock)
        try await looking(at: model.run) {
            try await until { self.entry(model, said[1]) != nil }
            model.act(.onScreen(Set(said)))
            try await until { clock.waiting.count == 1 }
        }
        clock.pass()
        await model.settled()
        let left = try await unseen(two)
        XCTAssertEqual(left, 2)
    }

    @MainActor func testDaysStandBetweenAndEventsInLinesOfTheirOwn() async throws {
        let two = try await school.together()
        let said = try await two.teacher.says("hello", in: two.thread)
        let model = thread(two.teacher, two.thread)
        try await looking(at: model.run) {
            try await until { self.entry(model, said) != nil && model.state.around.names.count == 2 }
            try await until { self.hasEvents(model) }
            let items = model.state.items.value ?? []
            guard case .day? = items.first else { return XCTFail("\(items)") }
            XCTAssertEqual(Set(items.map(\.id)).count, items.count, "keys are stable")
            XCTAssertTrue(model.state.canWrite)
            XCTAssertEqual(model.state.around.names.values.sorted(), ["Ana", "Ms Rivera"])
        }
    }

    @MainActor private func hasEvents(_ model: ThreadModel) -> Bool {
        model.state.items.value?.contains { if case .event = $0 { true } else { false } } ?? false
    }

    @MainActor func testAMarkSaysWhatItMeansWhenItIsTouchedAndIsPutAwayAgain() async throws {
        let teacher = try await school.person("Ms Rivera", .teacher)
        let id = try await teacher.founds("Maya")
        let model = thread(teacher, id)
        model.act(.explain("an entry"))
        XCTAssertEqual(model.state.explained, "an entry")
        model.act(.explain("an entry"))
        XCTAssertNil(model.state.explained)
    }

    @MainActor func testAStepIsMovedOnceByATapTwice() async throws {
        let teacher = try await school.person("Ms Rivera", .teacher)
        let id = try await teacher.founds("Maya")
        let step = Intent.post(
            thread: id, kind: "step", fields: ["text": "Call", "owner": "school"], answers: nil)
        guard case .said(let entry, _) = try await teacher.store.perform(step) else { throw Unexpected() }
        let model = thread(teacher, id)
        try await looking(at: model.run) {
            try await until { self.entry(model, entry)?.words.moves.contains { $0.state == .doing } ?? false }
            model.act(.move(step: entry, to: .doing))
            model.act(.move(step: entry, to: .done))
            XCTAssertEqual(model.state.moving, entry)
            await model.settled()
            XCTAssertNil(model.state.moving)
            try await until { self.entry(model, entry)?.row.fields["state"] == "doing" }
        }
    }

    @MainActor func testAnswersSayWhatTheyAnswer() async throws {
        let two = try await school.together()
        let question = try await two.teacher.says("Tomorrow?", in: two.thread)
        let answer = Intent.post(
            thread: two.thread, kind: "message", fields: ["text": "Yes"], answers: question)
        guard case .said(let yes, _) = try await two.teacher.store.perform(answer) else { throw Unexpected() }
        let model = thread(two.teacher, two.thread)
        try await looking(at: model.run) {
            try await until { self.entry(model, yes) != nil }
            XCTAssertEqual(self.entry(model, yes)?.answers?.said?.author.name, "Ms Rivera")
            XCTAssertEqual(self.entry(model, yes)?.answers?.said?.line, "Tomorrow?")
        }
    }

    @MainActor func testALongThreadIsShownPageByPageFromItsEnd() async throws {
        let teacher = try await school.person("Ms Rivera", .teacher)
        let id = try await teacher.founds("Maya")
        var said: [EntryId] = []
        for n in 1...500 { said.append(try await teacher.says("number \(n)", in: id)) }
        let answer = Intent.post(thread: id, kind: "message", fields: ["text": "That."], answers: said[0])
        guard case .said(let newest, _) = try await teacher.store.perform(answer) else { throw Unexpected() }
        let model = thread(teacher, id)
        try await looking(at: model.run) {
            try await until { self.entry(model, newest) != nil }
            XCTAssertEqual(self.shown(model), Array((said + [newest]).suffix(50)))
            let quoted = self.entry(model, newest)?.answers?.said?.line
            XCTAssertEqual(quoted, "number 1", "what is answered need not be shown")
            // What comes at the end takes nothing away at the beginning.
            let one = try await teacher.says("one more", in: id)
            try await until { self.entry(model, one) != nil }
            XCTAssertEqual(self.shown(model), Array((said + [newest, one]).suffix(51)))
            for page in 1...11 {
                model.act(.earlier)
                try await until { self.shown(model).count == min(51 + 50 * page, 502) }
            }
            XCTAssertEqual(self.shown(model), said + [newest, one])
        }
    }

    @MainActor func testAPageMoreIsAskedForOnceForEachFirstRowAlsoBeforeThereIsSomebodyToAsk() async throws {
        let teacher = try await school.person("Ms Rivera", .teacher)
        let id = try await teacher.founds("Maya")
        for n in 1...220 { _ = try await teacher.says("number \(n)", in: id) }
        let model = thread(teacher, id)
        try await looking(at: model.run) {
            try await until { self.shown(model).count == 50 }
            for _ in 1...3 { model.act(.earlier) }
            try await until { self.shown(model).count > 50 }
            // What comes now comes after all that was asked for.
            let newest = try await teacher.says("one more", in: id)
            try await until { self.entry(model, newest) != nil }
            XCTAssertEqual(self.shown(model).count, 101)
        }
        // Somebody comes back, and the first row is there before the screen's model runs.
        model.act(.earlier)
        try await looking(at: model.run) { try await until { self.shown(model).count == 151 } }
    }

    /// The entries that are shown, in order.
    @MainActor private func shown(_ model: ThreadModel) -> [EntryId] {
        (model.state.items.value ?? []).compactMap {
            if case .entry(let item) = $0 { item.row.entry } else { nil }
        }
    }

    @MainActor func testAnIdThatIsNoneIsSaidAndEndsNothing() async throws {
        let teacher = try await school.person("Ms Rivera", .teacher)
        let model = thread(teacher, "no id at all")
        await model.run()
        XCTAssertEqual(model.state.items.problem?.kind, .unexpected)
    }
}

/// A clock that stands until a test moves it.
@MainActor @Observable private final class Clock {
    private(set) var waiting: [CheckedContinuation<Void, Never>] = []

    func passes() async { await withCheckedContinuation { waiting.append($0) } }

    /// The time is over of those that have waited longest, or of all.
    func pass(_ count: Int = .max) {
        let over = waiting.prefix(count)
        waiting.removeFirst(over.count)
        for one in over { one.resume() }
    }
}
