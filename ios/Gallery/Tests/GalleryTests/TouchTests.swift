import Foundation
import Observation
import SwiftUI
import TandemDesign
import TandemKit
import ThreadFeature
import XCTest

@testable import Gallery

/// What a touch on a screen leads to, as far as that is a view's own doing.
final class TouchTests: XCTestCase {
    private let sight = Sight(language: "en")

    @MainActor private func screen(_ id: String) throws -> AnyView {
        try XCTUnwrap(gallery.first { $0.id == id }).view()
    }

    /// Touches what is called so.
    @MainActor private func touch(_ name: String, on view: some View) throws {
        let all = try walked(view, sight).flatMap(\.all)
        let control = try XCTUnwrap(all.first { $0.touch != nil && plain($0.name) == name }, name)
        XCTAssertFalse(control.isDisabled)
        control.touch?()
    }

    @MainActor func testWhereToWriteIsAskedWhenThereIsMoreThanOneThread() async throws {
        let inbox = try screen("inbox ready")
        try touch("Write", on: inbox)
        let nodes = try walked(inbox, sight)
        XCTAssertTrue(nodes.flatMap(\.texts).map(plain).contains("Write where?"))
        let sheet = try XCTUnwrap(nodes.flatMap(\.all).first { $0.kind == .sheet })
        XCTAssertEqual(sheet.all.filter { $0.kind == .button && !$0.isSystems }.count, 4)
        try touch("Cancel", on: inbox)
        XCTAssertFalse(try walked(inbox, sight).flatMap(\.all).contains { $0.kind == .sheet })
    }

    @MainActor func testAnUpdateIsOfferedOnlyWhereThereIsAWayToIt() async throws {
        var services = Services.none
        for isThere in [true, false] {
            if !isThere { services.update = nil }
            let stuck = try screen("waiting stuck").environment(\.services, services)
            let all = try walked(stuck, sight).flatMap(\.all)
            let names = all.filter { $0.touch != nil }.map { plain($0.name) }
            XCTAssertEqual(names.contains("Get the newest version"), isThere, "\(names)")
        }
    }

    @MainActor func testEarlierLinesOfALongThreadComeWhenTheFirstIsNearTheScreenAndNotBefore() async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        defer { try? FileManager.default.removeItem(at: folder) }
        let vault = OpenVault()
        let relay = relayOf(link: try readLink(text: link))
        try await createHome(
            folder: folder.path, profile: Profile(name: "Ms Rivera", role: .teacher, relay: relay),
            vault: vault)
        let store = TandemStore(try await Tandem.open(folder: folder.path, vault: vault))
        guard case .founded(let thread) = try await store.perform(.foundThread(title: "Maya")) else {
            return XCTFail("it is a teacher's")
        }
        for n in 1...120 {
            let text = ["text": "Number \(n)"]
            _ = try await store.perform(
                .post(thread: thread, kind: "message", fields: text, answers: nil))
        }
        let model = ThreadModel(store, thread: thread, drafts: StillDrafts())
        let runs = Task { await model.run() }
        while said(model) < 50 { await changed { _ = model.state.items } }
        let screen = ThreadScreen(model) { _ in }
        XCTAssertEqual(said(model), 50)
        for line in try lines(screen).dropFirst() { appear(line) }
        XCTAssertEqual(said(model), 50, "the first line was not near the screen")
        for shown in [100, 120] {
            appear(try XCTUnwrap(lines(screen).first))
            while said(model) < shown { await changed { _ = model.state.items } }
            XCTAssertEqual(said(model), shown)
        }
        runs.cancel()
        await runs.value
        try await store.tandem.closeHome()
    }

    @MainActor func testEachEntrySaysWhenItComesOntoTheScreenAndWhenItLeaves() async throws {
        let said = try lines(screen("thread ready")).filter { $0.kind == .stack && !$0.disappears.isEmpty }
        let entries = Conversation.all.filter { if case .entry = $0 { true } else { false } }
        XCTAssertEqual(said.count, entries.count)
        XCTAssertFalse(said.contains { $0.appears.isEmpty })
    }

    /// The line is near the screen.
    @MainActor private func appear(_ line: Node) { for seen in line.appears { seen() } }

    /// The lines of a thread, from the first on.
    @MainActor private func lines(_ screen: some View) throws -> [Node] {
        let lists = try walked(screen, sight).flatMap(\.all).filter { $0.kind == .list }
        return try XCTUnwrap(lists.first).children
    }

    @MainActor private func said(_ model: ThreadModel) -> Int {
        (model.state.items.value ?? []).filter { if case .entry = $0 { true } else { false } }.count
    }

    /// Waits for the next change of what is looked at.
    @MainActor private func changed(_ look: () -> Void) async {
        let (changes, change) = AsyncStream<Void>.makeStream()
        withObservationTracking(look) { change.finish() }
        for await _ in changes {}
    }
}

/// A vault that anybody may open.
private final class OpenVault: KeyVault, @unchecked Sendable {
    private let lock = NSLock()
    private var key: Data?

    func load() throws -> Data? { lock.withLock { key } }
    func create(key: Data) throws { lock.withLock { self.key = key } }
    func replace(key: Data) throws { lock.withLock { self.key = key } }
    func delete() throws { lock.withLock { key = nil } }
}
