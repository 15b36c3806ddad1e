import Foundation

// What fields and sheets of a view are bound to: reading is the state, setting is an action.

extension WelcomeModel {
    public var name: String {
        get { state.name }
        set { act(.name(newValue)) }
    }

    public var link: String {
        get { state.link }
        set { act(.link(newValue)) }
    }

    public var role: Role? {
        get { state.role }
        set { if let newValue { act(.asRole(newValue)) } }
    }
}

extension JoinModel {
    public var link: String {
        get { state.link }
        set { act(.link(newValue)) }
    }
}

extension InboxModel {
    public var isFounding: Bool {
        get { state.founding != nil }
        set { act(newValue ? .foundBegin : .foundNot) }
    }

    public var title: String {
        get { state.founding?.title ?? "" }
        set { act(.foundTitle(newValue)) }
    }
}

extension ComposeModel {
    public subscript(field name: String) -> String {
        get { state.fields[name] ?? "" }
        set { act(.field(name: name, text: newValue)) }
    }

    public subscript(day name: String, in moments: Moments) -> Date {
        get { moments.day(of: self[field: name]) ?? moments.now }
        set { self[field: name] = moments.iso(newValue) }
    }

    public var kind: String {
        get { state.form?.kind ?? state.kind ?? "" }
        set { act(.kind(newValue)) }
    }

    public var asksToThrowAway: Bool {
        get { state.asksToThrowAway }
        set { act(newValue ? .throwAway : .keep) }
    }
}

extension MembersModel {
    public var hasSheet: Bool {
        get { state.sheet != nil }
        set { if !newValue { act(.putAway) } }
    }

    public var typed: String {
        get { if case .compare(let compare)? = state.sheet?.of { compare.typed } else { "" } }
        set { act(.typed(newValue)) }
    }

    public var role: Role? {
        get { if case .invite(let invite)? = state.sheet?.of { invite.role } else { nil } }
        set { if let newValue { act(.inviteAs(newValue)) } }
    }

    public var inPerson: Bool {
        get { if case .invite(let invite)? = state.sheet?.of { invite.inPerson } else { true } }
        set { act(.inPerson(newValue)) }
    }

    public var link: String {
        get { if case .letIn(let letIn)? = state.sheet?.of { letIn.link } else { "" } }
        set { act(.link(newValue)) }
    }
}

extension AboutModel {
    public var setsTerm: Bool {
        get { state.term != nil }
        set { act(newValue ? .setTerm : .termNot) }
    }

    public var term: String {
        get { state.term ?? "" }
        set { act(.term(days: newValue)) }
    }

    /// What is wrong with the term, as long as its field is there.
    public var termProblem: Problem? {
        state.problem.flatMap { $0.field == "term" && setsTerm ? $0 : nil }
    }

    public var asksForNewKeys: Bool {
        get { state.asksForNewKeys }
        set { act(newValue ? .newKeys : .newKeysNot) }
    }

    public var showsDiagnostics: Bool {
        get { state.diagnostics != nil }
        set { act(newValue ? .showDiagnostics : .hideDiagnostics) }
    }
}
