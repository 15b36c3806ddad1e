import Foundation

/// What was written and not said yet.
public struct Draft: Codable, Equatable, Sendable {
    /// The kind's name.
    public var kind: String
    /// What was written, by field.
    public var fields: [String: String]
    /// What it answers.
    public var answers: EntryId?
    /// It is being said, or was when the app ended: so many own entries said the same before. If there are
    /// more by now, it was said.
    public var sendingAfter: Int?

    public init(kind: String, fields: [String: String], answers: EntryId? = nil, sendingAfter: Int? = nil) {
        (self.kind, self.fields, self.answers) = (kind, fields, answers)
        self.sendingAfter = sendingAfter
    }

    /// Nothing worth keeping.
    public var isEmpty: Bool { fields.values.allSatisfy { $0.isEmpty } }
}

/// Keeps drafts on this phone until they are said or thrown away, one for each thread.
public protocol Drafts: Sendable {
    /// What is kept, if anything.
    func draft(of thread: ThreadId) -> Draft?

    /// Threads of which something is kept.
    func threads() -> Set<ThreadId>

    /// Keeps it in the place of what was kept; `nil` throws that away.
    func keep(_ draft: Draft?, of thread: ThreadId) throws
}

/// Drafts as files in a folder, which the system's protection covers until the first unlocking.
public final class FileDrafts: Drafts {
    private let folder: URL

    public init(folder: URL) { self.folder = folder }

    public func draft(of thread: ThreadId) -> Draft? {
        guard let data = try? Data(contentsOf: file(of: thread)) else { return nil }
        // What can't be read is as good as nothing; the next one takes its place.
        return try? JSONDecoder().decode(Draft.self, from: data)
    }

    public func threads() -> Set<ThreadId> {
        let files = try? FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
        let drafts = (files ?? []).filter { $0.pathExtension == "json" }
        return Set(drafts.map { $0.deletingPathExtension().lastPathComponent })
    }

    public func keep(_ draft: Draft?, of thread: ThreadId) throws {
        let file = file(of: thread)
        guard let draft, !draft.isEmpty else {
            if FileManager.default.fileExists(atPath: file.path) {
                try FileManager.default.removeItem(at: file)
            }
            return
        }
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try JSONEncoder().encode(draft).write(to: file, options: Self.options)
    }

    /// A thread's id is in the alphabet of ids; whatever else comes is no way out of the folder.
    private func file(of thread: ThreadId) -> URL {
        let name = String(thread.unicodeScalars.filter { CharacterSet.alphanumerics.contains($0) })
        return folder.appendingPathComponent("\(name).json")
    }

    #if os(iOS)
        private static let options: Data.WritingOptions = [
            .atomic, .completeFileProtectionUntilFirstUserAuthentication,
        ]
    #else
        private static let options: Data.WritingOptions = [.atomic]
    #endif
}
