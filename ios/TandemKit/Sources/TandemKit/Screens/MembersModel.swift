import Observation

/// Who is in a thread, and what this person may do about it.
@MainActor @Observable public final class MembersModel {
    public internal(set) var state: MembersState
    let store: TandemStore
    let doing = Doing()
    /// Which opening of a sheet an answer is for.
    @ObservationIgnored private var opened = 0

    public convenience init(_ store: TandemStore, thread: ThreadId) {
        self.init(store, from: MembersState(thread: thread))
    }

    /// Begins with what is shown already.
    public init(_ store: TandemStore, from state: MembersState) { (self.store, self.state) = (store, state) }

    /// Shows who is in and how that changes, until the task is cancelled.
    public func run() async {
        let (store, thread) = (store, state.thread)
        await listen([
            { for await inbox in store.inbox() { self.show(inbox) } },
            { for await link in store.link() { self.show(link) } },
            { for await answer in store.asked(.members(thread)) { self.showMembers(answer) } },
            { for await answer in store.asked(.invites(thread)) { self.showInvites(answer) } },
            { for await answer in store.asked(.offers) { self.showUptakes(answer) } },
        ])
    }

    public func act(_ action: MembersAction) {
        switch action {
        case .compare(let person): compare(person)
        case .typed(let code): changeCompare { $0.typed = code }
        case .invite: open(.invite(MembersSheet.Invite(role: state.invitable.first?.role)))
        case .inviteAs(let role): changeInvite { if $0.link == nil { $0.role = role } }
        case .inPerson(let inPerson): changeInvite { if $0.link == nil { $0.inPerson = inPerson } }
        case .addPhone: open(.letIn(MembersSheet.LetIn()))
        case .readmit(let person):
            if let row = member(person) { open(.letIn(MembersSheet.LetIn(again: row))) }
        case .link(let text): offered(text)
        case .scanned(let text): scanned(text)
        case .remove(let person, let device):
            if let row = member(person) { open(.sure(.remove(row, device: device))) }
        case .leave: open(.sure(.leave))
        case .takeBack(let invite):
            let item = state.invites.first { $0.id == invite }
            if let row = item?.row { open(.sure(.takeBack(row))) }
        case .goOnWithout(let person): if let row = member(person) { open(.sure(.goOnWithout(row))) }
        case .go: go()
        case .putAway: if state.sheet?.busy != true { state.sheet = nil }
        case .read:
            state.problem = nil
            state.sheet?.problem = nil
        case .went: state.next = nil
        }
    }

    /// Waits until what was asked for is done.
    public func settled() async { await doing.ended() }

    private func member(_ person: PersonId) -> MemberRow? {
        state.members.value?.first { $0.id == person }?.row
    }

    private func open(_ errand: MembersSheet.Errand) {
        guard state.sheet?.busy != true else { return }
        opened += 1
        state.sheet = MembersSheet(errand)
    }

    private func compare(_ person: PersonId) {
        guard let row = member(person) else { return }
        open(.compare(MembersSheet.Compare(with: row)))
        let (store, thread, opening) = (store, state.thread, opened)
        Task {
            var ours: Loaded<String> = .missing(.unexpected)
            do {
                if case .code(let code) = try await store.tandem.ask(query: .code(thread, person)) {
                    ours = .here(code)
                }
            } catch { ours = .missing(Problem(error)) }
            if self.opened == opening { self.changeCompare { $0.ours = ours } }
        }
    }

    private func offered(_ text: String) {
        changeLetIn { letIn in
            letIn.link = text
            if case .device = try? readLink(text: text.trimmed) {
                letIn.ready = true
            } else {
                letIn.ready = false
            }
        }
        if case .letIn(let letIn) = state.sheet?.of {
            let wrong = !letIn.ready && !text.trimmed.isEmpty
            state.sheet?.problem = wrong ? .field("link", "bad_link") : nil
        }
    }

    private func scanned(_ text: String?) {
        if let text { return offered(text) }
        state.sheet?.problem = .field("link", "bad_link")
    }

    func changeCompare(_ change: (inout MembersSheet.Compare) -> Void) {
        guard case .compare(var compare) = state.sheet?.of else { return }
        change(&compare)
        state.sheet?.of = .compare(compare)
    }

    func changeInvite(_ change: (inout MembersSheet.Invite) -> Void) {
        guard case .invite(var invite) = state.sheet?.of else { return }
        change(&invite)
        state.sheet?.of = .invite(invite)
    }

    private func changeLetIn(_ change: (inout MembersSheet.LetIn) -> Void) {
        guard case .letIn(var letIn) = state.sheet?.of else { return }
        change(&letIn)
        state.sheet?.of = .letIn(letIn)
    }

    private func show(_ inbox: [InboxRow]) {
        guard let row = inbox.first(where: { $0.thread == state.thread }) else { return }
        state.around.meet(row.people)
        state.top = .here(InboxItem(row, state.around.link))
        state.invitable = roleChoices(roles: row.admits)
    }

    private func show(_ link: LinkNow) {
        state.around.link = link
        if let row = state.top.value?.row { state.top = .here(InboxItem(row, link)) }
    }

    private func showMembers(_ answer: Result<Answer, Problem>) {
        switch answer {
        case .success(.members(let rows)):
            state.around.meet(rows.map(\.author))
            state.members = .here(rows.map { MemberItem(row: $0, words: memberWords(row: $0)) })
        case .success: break
        case .failure(let why): if state.members == .reading { state.members = .missing(why) }
        }
    }

    private func showInvites(_ answer: Result<Answer, Problem>) {
        guard case .success(.invites(let rows)) = answer else { return }
        state.around.meet(rows.compactMap(\.usedBy))
        let items = rows.map { InviteItem(row: $0, words: inviteWords(row: $0)) }
        state.invites = items.filter(\.words.open) + items.filter { !$0.words.open }
    }

    private func showUptakes(_ answer: Result<Answer, Problem>) {
        guard case .success(.offers(_, let uptakes)) = answer else { return }
        state.uptakes = uptakes.map { UptakeItem($0) }
    }
}
