import Foundation
import Observation

/// One thread: typed rows by days, how far each got, and what may be done about it.
@MainActor @Observable public final class ThreadModel {
    public private(set) var state: ThreadState
    private let store: TandemStore
    private let drafts: any Drafts
    @ObservationIgnored private var rows: [ThreadRow]?
    @ObservationIgnored private var top: InboxRow?
    @ObservationIgnored private var wasOnScreen: Set<EntryId> = []
    @ObservationIgnored private var marked: Set<EntryId> = []
    @ObservationIgnored private var more: (@Sendable () -> Void)?
    private let lines = ThreadLines()
    private let moving = Doing()
    private let looking = Doing()
    private let marking = Doing()

    private let still: Duration

    public convenience init(
        _ store: TandemStore, thread: ThreadId, drafts: any Drafts, still: Duration = .milliseconds(500)
    ) {
        self.init(store, drafts: drafts, from: ThreadState(thread: thread), still: still)
    }

    /// Begins with what is shown already. What was on the screen for so long (`still`) counts as seen.
    public init(
        _ store: TandemStore, drafts: any Drafts, from state: ThreadState,
        still: Duration = .milliseconds(500)
    ) {
        (self.store, self.drafts, self.state, self.still) = (store, drafts, state, still)
    }

    /// Shows what is here and how it changes, until the task is cancelled.
    public func run() async {
        state.draft = drafts.draft(of: state.thread) != nil
        let (store, thread) = (store, state.thread)
        do {
            // Whoever comes back finds at least what they had.
            let pages = try store.pages(of: thread, atLeast: rows?.count ?? 0)
            more = pages.more
            await listen([
                { for await page in pages.shown { self.show(page.rows) } },
                { for await inbox in store.inbox() { self.show(inbox) } },
                { for await link in store.link() { self.show(link) } },
            ])
        } catch {
            // An id that is none, from a link or a push.
            state.items = .missing(Problem(error))
            state.top = .missing(Problem(error))
        }
    }

    public func act(_ action: ThreadAction) {
        switch action {
        case .earlier: more?()
        case .onScreen(let entries): see(entries)
        case .explain(let entry): state.explained = state.explained == entry ? nil : entry
        case .move(let step, let to): move(step, to)
        case .tryNow: tryNow()
        case .read: state.problem = nil
        case .went: state.next = nil
        }
    }

    /// Waits until what was asked for is done.
    public func settled() async {
        await moving.ended()
        await looking.ended()
        await marking.ended()
    }

    private func show(_ rows: [ThreadRow]) {
        self.rows = rows
        state.around.meet(rows.map(\.author))
        refresh()
    }

    private func show(_ inbox: [InboxRow]) {
        top = inbox.first { $0.thread == state.thread }
        if let top { state.around.meet(top.people) }
        refresh()
    }

    private func show(_ link: LinkNow) {
        state.around.link = link
        refresh()
    }

    private func refresh() {
        if let top { state.top = .here(InboxItem(top, state.around.link)) }
        state.canWrite = state.top.value?.canWrite ?? false
        guard let rows else { return }
        let moments = Moments(now: .now, locale: .current, timeZone: .current)
        state.items = .here(
            lines.lines(rows, in: state.top.value, moments: moments))
    }

    /// Marks what was on the screen, each once; what could not be marked is marked with what comes next.
    private func see(_ entries: Set<EntryId>) {
        wasOnScreen.formUnion(entries)
        guard !wasOnScreen.isSubset(of: marked) else { return }
        marking.begin { [store, still, thread = state.thread] in
            // Goes on until nothing came onto the screen while it waited and marked.
            while !self.wasOnScreen.isSubset(of: self.marked) {
                try? await Task.sleep(for: still)
                let new = self.wasOnScreen.subtracting(self.marked)
                let mark = Intent.markSeen(thread: thread, entries: Array(new))
                guard (try? await store.perform(mark)) != nil else { return }
                self.marked.formUnion(new)
            }
        }
    }

    private func move(_ step: EntryId, _ to: StepState) {
        let begun = moving.begin { [store, thread = state.thread] in
            do {
                _ = try await store.perform(.takeStep(thread: thread, entry: step, state: to))
            } catch { self.state.problem = Problem(error) }
            self.state.moving = nil
        }
        if begun { state.moving = step }
    }

    private func tryNow() {
        looking.begin { [store] in
            do { try await store.look() } catch {
                self.state.problem = Problem(error)
            }
        }
    }
}
