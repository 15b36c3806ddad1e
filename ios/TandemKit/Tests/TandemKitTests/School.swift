import Foundation
import TandemKit
import XCTest

/// A vault as a phone has one: it can be locked, and fail in ways of its own.
final class MemoryVault: KeyVault, @unchecked Sendable {
    struct Reset: Error {}

    private let lock = NSLock()
    private var key: Data?
    private var isLocked = false
    private var isBroken = false

    func set(locked: Bool = false, broken: Bool = false) {
        lock.withLock { (isLocked, isBroken) = (locked, broken) }
    }

    private func opened<T>(_ act: () throws -> T) throws -> T {
        try lock.withLock {
            if isBroken { throw Reset() }
            if isLocked { throw KeyVaultError.Locked }
            return try act()
        }
    }

    func load() throws -> Data? { try opened { key } }

    func create(key: Data) throws {
        try opened {
            if self.key != nil { throw KeyVaultError.Taken }
            self.key = key
        }
    }

    func replace(key: Data) throws { try opened { self.key = key } }

    func delete() throws { try opened { key = nil } }
}

/// A person's phone: a home in a folder of its own.
struct Phone {
    let folder: String
    let vault = MemoryVault()

    func make(_ name: String, _ role: Role, _ relay: String) async throws {
        let profile = Profile(name: name, role: role, relay: relay)
        try await createHome(folder: folder, profile: profile, vault: vault)
    }

    func open() async throws -> Tandem { try await Tandem.open(folder: folder, vault: vault) }
}

/// A folder with a relay in it, which is a process of its own, and with phones. One test has it to itself.
final class School: @unchecked Sendable {
    let folder: URL
    private(set) var relay = ""
    private var listen = "127.0.0.1:0"
    private var process = Process()

    init() throws {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent(
            "tandem-swift-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try start()
    }

    func start() throws {
        let bin = try XCTUnwrap(
            ProcessInfo.processInfo.environment["TANDEM_BIN"], "cargo xtask swift says where")
        process = Process()
        process.executableURL = URL(fileURLWithPath: bin)
        let data = folder.appendingPathComponent("relay").path
        process.arguments = ["relay", "run", "--json", "--listen", listen, "--data", data]
        let out = Pipe()
        process.standardOutput = out
        process.standardError = FileHandle.nullDevice
        try process.run()
        var said = Data()
        while !said.contains(UInt8(ascii: "\n")) {
            let more = out.fileHandleForReading.availableData
            if more.isEmpty { throw XCTSkip("the relay ended: \(String(decoding: said, as: UTF8.self))") }
            said.append(more)
        }
        let line = try JSONSerialization.jsonObject(with: said) as? [String: Any]
        relay = try XCTUnwrap(line?["link"] as? String)
        listen = try XCTUnwrap(line?["listen"] as? String)
    }

    func stop() {
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
    }

    func phone(_ name: String) -> Phone { Phone(folder: folder.appendingPathComponent(name).path) }

    func end() {
        stop()
        try? FileManager.default.removeItem(at: folder)
    }
}
