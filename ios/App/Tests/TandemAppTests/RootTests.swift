#if os(Linux)
    import SwiftUI
    import TandemApp
    import TandemKit
    import XCTest

    /// The views around the screens, walked in the stand-in.
    final class RootTests: XCTestCase {
        private let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        private let vault = OpenVault()

        override func tearDown() async throws { try? FileManager.default.removeItem(at: folder) }

        @MainActor private func surroundings() -> Surroundings {
            let home = Home(folder: folder.appendingPathComponent("home").path, vault: vault)
            let drafts = FileDrafts(folder: folder.appendingPathComponent("drafts"))
            return Surroundings(
                home: home, drafts: drafts, strings: Keys(), services: .none, whileClosing: { _ in })
        }

        /// What is on the screen just now appears.
        @MainActor private func appear(_ nodes: [Node]) {
            for node in nodes {
                for seen in node.appears { seen() }
                appear(node.children)
            }
        }

        @MainActor func testALinkThatWasTappedBeforeTheHomeWasOpenIsFollowedOnceItIs() async throws {
            let around = surroundings()
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            try await createHome(
                folder: folder.appendingPathComponent("home").path,
                profile: Profile(
                    name: "Ms Rivera", role: .teacher, relay: relayOf(link: try readLink(text: link))),
                vault: vault)
            let root = RootView(around)
            around.way.tapped(link: link)
            appear(root.nodes)
            XCTAssertEqual(around.way.path, [])
            await around.home.comes()
            appear(root.nodes)
            XCTAssertEqual(around.way.path, [.join(link: link)])
            around.way.path = []
            appear(root.nodes)
            XCTAssertEqual(around.way.path, [], "once")
            await around.home.goes()
        }
    }

    private let link = "tandem://relay/127.0.0.1:1/" + String(repeating: "a", count: 52)

    /// Keys for their own words.
    private struct Keys: Strings {
        let locale = Locale(identifier: "en")
        func template(key: String, count: UInt64?) -> String { key }
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
#endif
