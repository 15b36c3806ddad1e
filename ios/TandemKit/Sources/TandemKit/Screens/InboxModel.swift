import Observation

/// The inbox: all threads, the honest line, what waits.
@MainActor @Observable public final class InboxModel {
    public private(set) var state: InboxState
    private let store: TandemStore
    private let drafts: any Drafts
    private var rows: [InboxRow] = []
    private var joinRows: [JoinRow] = []
    private let doing = Doing()
    private let looking = Doing()

    /// Begins with what is shown already, if anything is.
    public init(_ store: TandemStore, drafts: any Drafts, from state: InboxState = InboxState()) {
        (self.store, self.drafts, self.state) = (store, drafts, state)
    }

    /// Shows what is here and how it changes, until the task is cancelled.
    public func run() async {
        state.drafts = drafts.threads()
        let store = store
        await listen([
            { for await rows in store.inbox() { self.show(rows) } },
            { for await link in store.link() { self.show(link) } },
            { for await answer in store.asked(.inbox) { self.show(answer) } },
            { for await answer in store.asked(.device) { self.showDevice(answer) } },
        ])
    }

    public func act(_ action: InboxAction) {
        switch action {
        case .lookNow: lookNow()
        case .foundBegin: state.founding = state.founding ?? Founding()
        case .foundTitle(let title): state.founding?.title = title
        case .foundSay: found()
        case .foundNot: if state.founding?.busy == false { state.founding = nil }
        case .read: state.problem = nil
        case .went: state.next = nil
        }
    }

    /// Waits until what was asked for is done.
    public func settled() async {
        await doing.ended()
        await looking.ended()
    }

    private func show(_ rows: [InboxRow]) {
        self.rows = rows
        for row in rows { state.around.meet(row.people) }
        refresh()
    }

    private func show(_ link: LinkNow) {
        state.around.link = link
        refresh()
    }

    private func show(_ answer: Result<Answer, Problem>) {
        switch answer {
        case .success(.inbox(_, let joins)):
            joinRows = joins
            state.joins = joins.map { JoinItem($0) }
            state.line = homeLine(inbox: rows, joins: joinRows, link: state.around.link)
        case .success: break
        case .failure(let why): if state.rows == .reading { state.rows = .missing(why) }
        }
    }

    private func showDevice(_ answer: Result<Answer, Problem>) {
        guard case .success(.device(let device)) = answer else { return }
        state.canFound = founders().contains { $0.role == device.role }
    }

    private func refresh() {
        let items = rows.map { InboxItem($0, state.around.link) }
        state.rows = .here(items)
        state.line = homeLine(inbox: rows, joins: joinRows, link: state.around.link)
        let open = items.filter(\.canWrite)
        state.write =
            switch open.count {
            case 0: nil
            case 1: .into(open[0].id)
            default: .choose(open)
            }
    }

    private func lookNow() {
        let begun = looking.begin { [store] in
            do { try await store.look() } catch {
                self.state.problem = Problem(error)
            }
            self.state.looking = false
        }
        if begun { state.looking = true }
    }

    private func found() {
        guard let title = state.founding?.title.trimmed, !title.isEmpty else { return }
        let begun = doing.begin { [store] in
            do {
                let answer = try await store.perform(.foundThread(title: title))
                guard case .founded(let thread) = answer else { throw Problem.unexpected }
                self.state.founding = nil
                self.state.next = .thread(thread)
            } catch {
                self.state.founding?.problem = Problem(error)
                self.state.founding?.busy = false
            }
        }
        if begun { state.founding?.busy = true }
    }
}
