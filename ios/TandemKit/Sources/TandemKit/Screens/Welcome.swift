/// The first start: a name, a role and a link make a home; or this phone is another one of somebody's.
public struct WelcomeState: Equatable, Sendable {
    public var name = ""
    /// As what somebody can found threads, the likeliest first.
    public var roles: [RoleChoice] = []
    public var role: Role?
    /// The link as it was pasted, scanned or tapped.
    public var link = ""
    /// What the link is for, once it can be read.
    public var asks: [Phrase] = []
    /// What is wrong with the link; the field says `link`. Or with the name: `name`. Or why no home was made.
    public var problem: Problem?
    public var ready = false
    /// The home is being made.
    public var busy = false
    public var next: Place?

    public init() {}
}

public enum WelcomeAction: Equatable, Sendable {
    case name(String)
    case asRole(Role)
    case link(String)
    /// What the camera or an image held; nil when it was no QR code.
    case scanned(String?)
    /// Makes the home and follows the link.
    case begin
    /// Makes the home and offers this phone to be let in as somebody's.
    case offerThisPhone
    /// The problem was read.
    case read
    /// The view went to `next`.
    case went
}
