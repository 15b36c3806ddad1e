/// Who is in a thread, their devices, and who may come.
public struct MembersState: Equatable, Sendable {
    public let thread: ThreadId
    public var around = Around()
    public var top: Loaded<InboxItem> = .reading
    public var members: Loaded<[MemberItem]> = .reading
    /// Those that are open first.
    public var invites: [InviteItem] = []
    public var uptakes: [UptakeItem] = []
    /// As what somebody can be invited; empty: this person invites nobody.
    public var invitable: [RoleChoice] = []
    public var sheet: MembersSheet?
    public var problem: Problem?
    public var next: Place?

    public init(thread: ThreadId) { self.thread = thread }
}

public struct MemberItem: Equatable, Identifiable, Sendable {
    public let row: MemberRow
    public let words: MemberWords

    public var id: PersonId { row.author.person }

    public init(row: MemberRow, words: MemberWords) { (self.row, self.words) = (row, words) }
}

public struct InviteItem: Equatable, Identifiable, Sendable {
    public let row: InviteRow
    public let words: InviteWords

    public var id: InviteId { row.invite }

    public init(row: InviteRow, words: InviteWords) { (self.row, self.words) = (row, words) }
}

/// What is being done over the list.
public struct MembersSheet: Equatable, Sendable {
    public var of: Errand
    /// It is noted just now.
    public var busy = false
    public var problem: Problem?

    public init(_ errand: Errand) { of = errand }

    public enum Errand: Equatable, Sendable {
        /// Codes are compared with somebody.
        case compare(Compare)
        /// Somebody is invited.
        case invite(Invite)
        /// Another phone is let in by what it shows.
        case letIn(LetIn)
        /// Asked first, since it can't be undone.
        case sure(Deed)
    }

    public struct Compare: Equatable, Sendable {
        public let with: MemberRow
        public var ours: Loaded<String> = .reading
        public var typed = ""
        public var verified = false

        public init(
            with: MemberRow, ours: Loaded<String> = .reading, typed: String = "", verified: Bool = false
        ) {
            (self.with, self.ours, self.typed, self.verified) = (with, ours, typed, verified)
        }
    }

    public struct Invite: Equatable, Sendable {
        public var role: Role?
        public var inPerson = true
        /// Once it is made.
        public var link: String?

        public init(role: Role? = nil, inPerson: Bool = true, link: String? = nil) {
            (self.role, self.inPerson, self.link) = (role, inPerson, link)
        }
    }

    public struct LetIn: Equatable, Sendable {
        /// Whose, if they lost theirs; nil: an own phone.
        public var again: MemberRow?
        public var link = ""
        public var ready = false

        public init(again: MemberRow? = nil, link: String = "", ready: Bool = false) {
            (self.again, self.link, self.ready) = (again, link, ready)
        }
    }
}

/// What can't be undone.
public enum Deed: Equatable, Sendable {
    /// Takes a person out, or one of their devices.
    case remove(MemberRow, device: DeviceKey?)
    case leave
    /// Takes an invite back.
    case takeBack(InviteRow)
    /// Goes on without somebody who has stopped the thread.
    case goOnWithout(MemberRow)
}

public enum MembersAction: Equatable, Sendable {
    case compare(PersonId)
    case typed(String)
    case invite
    case inviteAs(Role)
    case inPerson(Bool)
    case addPhone
    case readmit(PersonId)
    case link(String)
    /// What the camera or an image held; nil when it was no QR code.
    case scanned(String?)
    case remove(PersonId, device: DeviceKey?)
    case leave
    case takeBack(InviteId)
    case goOnWithout(PersonId)
    /// The sheet's button: compares, invites, lets in, or does what was asked about.
    case go
    case putAway
    case read
    case went
}
