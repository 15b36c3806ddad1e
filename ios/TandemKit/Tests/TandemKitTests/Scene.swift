import Foundation
import Observation
import TandemKit
import XCTest

/// A sync's deadline.
let deadline: UInt32 = 20_000

/// Nothing waits for this long: what is waited for comes, or the test fails.
private let patience = Duration.seconds(60)

struct Unexpected: Error {}

/// A person's open phone, as screens see it.
struct Person {
    let phone: Phone
    let store: TandemStore
    let drafts: FileDrafts

    init(_ phone: Phone) async throws {
        self.phone = phone
        store = TandemStore(try await phone.open())
        drafts = FileDrafts(folder: URL(fileURLWithPath: phone.folder + " drafts"))
    }

    func says(_ text: String, in thread: ThreadId) async throws -> EntryId {
        let post = Intent.post(thread: thread, kind: "message", fields: ["text": text], answers: nil)
        guard case .said(let entry, _) = try await store.perform(post) else { throw Unexpected() }
        return entry
    }

    func founds(_ title: String) async throws -> ThreadId {
        guard case .founded(let thread) = try await store.perform(.foundThread(title: title)) else {
            throw Unexpected()
        }
        return thread
    }

    func invites(into thread: ThreadId, as role: Role = .guardian) async throws -> InviteLink {
        let invite = Intent.invite(thread: thread, role: role, inPerson: false)
        guard case .invited(let link) = try await store.perform(invite) else { throw Unexpected() }
        return link
    }
}

/// A teacher and a parent in one thread.
struct Two {
    let teacher: Person
    let parent: Person
    let thread: ThreadId

    /// As often as an answer to an answer needs.
    func sync() async throws {
        for person in [teacher, parent, teacher, parent, teacher] {
            try await person.store.sync(deadlineMs: deadline)
        }
    }
}

extension School {
    func person(_ name: String, _ role: Role) async throws -> Person {
        let phone = phone(name)
        try await phone.make(name, role, relay)
        return try await Person(phone)
    }

    func together() async throws -> Two {
        let teacher = try await person("Ms Rivera", .teacher)
        let parent = try await person("Ana", .guardian)
        let thread = try await teacher.founds("Maya")
        _ = try await parent.store.perform(.join(link: try await teacher.invites(into: thread)))
        let two = Two(teacher: teacher, parent: parent, thread: thread)
        try await two.sync()
        _ = try await first(parent.store.inbox()) { !$0.isEmpty }
        return two
    }
}

/// The first of a stream of which this holds.
func first<Value: Sendable>(
    _ stream: AsyncStream<Value>, where so: @escaping @Sendable (Value) -> Bool
) async throws -> Value {
    let look = Task { () -> Value? in
        for await value in stream where so(value) { return value }
        return nil
    }
    let watchdog = Task {
        try await Task.sleep(for: patience)
        look.cancel()
    }
    defer { watchdog.cancel() }
    guard let value = await look.value else { throw Unexpected() }
    return value
}

/// Waits until something that is observed is so.
@MainActor func until(_ so: @escaping @MainActor () -> Bool) async throws {
    let (changes, change) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
    let watchdog = Task {
        try await Task.sleep(for: patience)
        change.finish()
    }
    defer { watchdog.cancel() }
    // It is told before the change is made; whoever waits goes on after it.
    let isSo = { withObservationTracking(so, onChange: { change.yield() }) }
    if isSo() { return }
    for await _ in changes where isSo() { return }
    throw Unexpected()
}

/// Waits for what tells nobody when it changes: a count of the library's.
func untilCounted(_ so: @Sendable () -> Bool) async throws {
    for _ in 0..<12_000 {
        if so() { return }
        try await Task.sleep(for: .milliseconds(5))
    }
    throw Unexpected()
}

/// A screen that is looked at while a test goes on.
@MainActor func looking(at run: @escaping @MainActor () async -> Void, _ test: () async throws -> Void)
    async throws
{
    let looks = Task { await run() }
    do {
        try await test()
    } catch {
        looks.cancel()
        await looks.value
        throw error
    }
    // A screen that somebody leaves ends what it listens to.
    looks.cancel()
    await looks.value
}
