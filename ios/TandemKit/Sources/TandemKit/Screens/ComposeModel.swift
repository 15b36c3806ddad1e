import Observation

/// Something that is being written. What was written stays on this phone until it is said or thrown away.
@MainActor @Observable public final class ComposeModel {
    public internal(set) var state: ComposeState
    let store: TandemStore
    let drafts: any Drafts
    @ObservationIgnored private var quoted: Quoted?
    @ObservationIgnored private var answers: EntryId?
    /// What was kept from before is here; until then nothing is kept over it, and nothing is sent.
    @ObservationIgnored private var begun = false
    private let sending = Doing()

    public convenience init(
        _ store: TandemStore, thread: ThreadId, answers: EntryId? = nil, drafts: any Drafts
    ) {
        self.init(store, drafts: drafts, from: ComposeState(thread: thread))
        self.answers = answers
    }

    /// Begins with what is shown already.
    public init(_ store: TandemStore, drafts: any Drafts, from state: ComposeState) {
        (self.store, self.drafts, self.state) = (store, drafts, state)
    }

    /// Shows who will read it and what can be written, until the task is cancelled.
    public func run() async {
        await begin()
        let (store, thread) = (store, state.thread)
        await listen([
            { for await inbox in store.inbox() { self.show(inbox) } },
            { for await link in store.link() { self.show(link) } },
            { for await answer in store.asked(.members(thread)) { self.showReaders(answer) } },
            { await self.quotes() },
        ])
    }

    public func act(_ action: ComposeAction) {
        switch action {
        case .kind(let kind): write { self.state.kind = kind }
        case .field(let name, let text): write { self.state.fields[name] = text }
        case .answers(let entry): write { self.answers = entry }
        case .send: send()
        case .throwAway: state.asksToThrowAway = true
        case .throwAwayReally: throwAway()
        case .keep: state.asksToThrowAway = false
        case .read: state.problem = nil
        case .went: state.next = nil
        }
    }

    /// Waits until what was asked for is done.
    public func settled() async { await sending.ended() }

    private func begin() async {
        guard !begun else { return }
        var kept = drafts.draft(of: state.thread)
        if let draft = kept, await wasSaid(draft) {
            kept = nil
            try? drafts.keep(nil, of: state.thread)
        }
        // What was typed while this was read stays.
        state.kind = state.kind ?? kept?.kind
        state.fields.merge(kept?.fields ?? [:]) { typed, _ in typed }
        answers = answers ?? kept?.answers
        begun = true
        check()
    }

    private func show(_ inbox: [InboxRow]) {
        guard let row = inbox.first(where: { $0.thread == state.thread }) else { return }
        state.around.meet(row.people)
        state.to = .here(InboxItem(row, state.around.link))
        state.forms = row.role.map { forms(role: $0) } ?? []
        check()
    }

    private func show(_ link: LinkNow) {
        state.around.link = link
        if let row = state.to.value?.row { state.to = .here(InboxItem(row, link)) }
    }

    private func showReaders(_ answer: Result<Answer, Problem>) {
        switch answer {
        case .success(.members(let members)):
            state.around.meet(members.map(\.author))
            state.readers = members
        case .success: break
        // An id that is none, from a link or a push.
        case .failure(let problem): if state.to.value == nil { state.to = .missing(problem) }
        }
    }

    /// Keeps what is answered as it says now.
    private func quotes() async {
        guard let entry = answers else { return }
        for await answer in store.asked(.quote(state.thread, entry)) {
            guard case .success(.quote(let said)) = answer else { continue }
            quoted = Quoted(entry: entry, said: said)
            check()
        }
    }

    private func write(_ change: () -> Void) {
        guard !state.sending else { return }
        change()
        state.problem = nil
        check()
        keep()
    }

    private func keep() {
        guard begun else { return }
        do { try drafts.keep(draft, of: state.thread) } catch { state.problem = .notKept }
    }

    /// What was written, of all forms; the words of one that is not in use are not lost.
    private var draft: Draft? {
        guard let kind = state.form?.kind ?? state.kind else { return nil }
        return Draft(kind: kind, fields: state.fields, answers: answers)
    }

    private func check() {
        state.checkForm()
        state.ready = begun && state.canBeSent
        state.answers = answers.map { entry in
            quoted.flatMap { $0.entry == entry ? $0 : nil } ?? Quoted(entry: entry, said: nil)
        }
    }

    private func send() {
        guard state.ready, let kind = state.form?.kind else { return }
        let said = Draft(kind: kind, fields: state.said, answers: answers)
        let begun = sending.begin {
            do {
                try await self.say(said)
                self.state.fields = [:]
                self.answers = nil
                self.state.next = .thread(self.state.thread)
            } catch {
                self.state.problem = Problem(error)
                self.keep()
            }
            self.state.sending = false
            self.check()
        }
        if begun {
            state.problem = nil
            state.sending = true
            state.ready = false
        }
    }

    private func throwAway() {
        guard !state.sending else { return }
        do {
            try drafts.keep(nil, of: state.thread)
            state.fields = [:]
            answers = nil
            state.asksToThrowAway = false
            state.next = .thread(state.thread)
        } catch { state.problem = .notKept }
        check()
    }
}
