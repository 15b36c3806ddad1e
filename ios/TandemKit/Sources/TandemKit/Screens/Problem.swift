/// What went wrong, in words; the kind says what a person can do about it.
public struct Problem: Error, Equatable, Sendable {
    public enum Kind: Equatable, Sendable {
        case badInput, notAllowed, unreachable, turnedAway, locked, notKept, damaged, updateNeeded
        /// The person stopped it.
        case cancelled
        /// The app itself did something wrong; nothing was lost.
        case unexpected
    }

    public let kind: Kind
    public let said: Phrase
    /// Which case it is, for diagnostics.
    public let code: String
    /// The field that it is about, if it is about one.
    public let field: String?

    public init(kind: Kind, said: Phrase, code: String = "", field: String? = nil) {
        (self.kind, self.said, self.code, self.field) = (kind, said, code, field)
    }

    /// What an error of the library's says to a person.
    public init(_ error: any Error) {
        guard let error = error as? TandemError else {
            self = error as? Problem ?? .unexpected
            return
        }
        switch error {
        case .BadInput(let code, let field, _): self.init(.badInput, code, field)
        case .NotAllowed(let code, _): self.init(.notAllowed, code)
        case .Unreachable(let code, _): self.init(.unreachable, code)
        case .TurnedAway(let code, _): self.init(.turnedAway, code)
        case .Locked(let code, _): self.init(.locked, code)
        case .NotKept(let code, _): self.init(.notKept, code)
        case .Damaged(let code, _): self.init(.damaged, code)
        case .UpdateNeeded(let code, _): self.init(.updateNeeded, code)
        case .Cancelled(let code, _): self.init(.cancelled, code)
        }
    }

    /// Something that should not be; nothing is lost by it.
    public static let unexpected = Problem(.unexpected, "other")

    /// What was entered is not what the field takes.
    static func field(_ field: String, _ code: String) -> Problem { Problem(.badInput, code, field) }

    private init(_ kind: Kind, _ code: String, _ field: String? = nil) {
        self.init(kind: kind, said: errorWords(code: code, field: field), code: code, field: field)
    }
}
