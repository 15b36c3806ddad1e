import Foundation
import Observation

/// One thread: typed rows by days, how far each got, and what may be done about it.
@MainActor @Observable public final class ThreadModel {
    public private(set) var state: ThreadState
    private let store: TandemStore
    private let drafts: any Drafts
    @ObservationIgnored private var rows: [ThreadRow]?
    @ObservationIgnored private var top: InboxRow?
    /// How many rows stand before the first that is shown.
    @ObservationIgnored private var earlier = 0
    /// The first row that came near the screen, and the one before which rows were asked for.
    @ObservationIgnored private var near: EntryId?
    @ObservationIgnored private var asked: EntryId?
    @ObservationIgnored private var more: (@Sendable () -> Void)?
    /// What is on the screen just now, each with its coming, which are counted.
    @ObservationIgnored private var onScreen: [EntryId: Int] = [:]
    @ObservationIgnored private var comings = 0
    /// What will be on the screen when somebody looks at it again; none while somebody does.
    @ObservationIgnored private var unseen: Set<EntryId>?
    /// Comings that have not lasted long enough yet.
    @ObservationIgnored private var staying: [Int: Task<Void, Never>] = [:]
    /// What stayed long enough, and what of it is marked.
    @ObservationIgnored private var stayed: Set<EntryId> = []
    @ObservationIgnored private var marked: Set<EntryId> = []
    private let lines = ThreadLines()
    private let moving = Doing()
    private let looking = Doing()
    private let marking = Doing()

    /// Passes when something that stays on the screen for that long counts as seen.
    private let still: @MainActor () async -> Void

    public convenience init(_ store: TandemStore, thread: ThreadId, drafts: any Drafts) {
        self.init(store, drafts: drafts, from: ThreadState(thread: thread))
    }

    /// Begins with what is shown already.
    public init(
        _ store: TandemStore, drafts: any Drafts, from state: ThreadState,
        still: @escaping @MainActor () async -> Void = { try? await Task.sleep(for: .milliseconds(500)) }
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
            (more, asked) = (pages.more, nil)
            await listen([
                { for await page in pages.shown { self.show(page) } },
                { for await inbox in store.inbox() { self.show(inbox) } },
                { for await link in store.link() { self.show(link) } },
            ])
        } catch {
            // An id that is none, from a link or a push.
            state.items = .missing(Problem(error))
            state.top = .missing(Problem(error))
        }
        // Whoever left looks at nothing of it.
        (onScreen, near) = ([:], nil)
        unseen = unseen.map { _ in [] }
    }

    public func act(_ action: ThreadAction) {
        switch action {
        case .earlier:
            near = rows?.first?.entry
            showEarlier()
        case .onScreen(let entries): came(entries)
        case .offScreen(let entries):
            for entry in entries { onScreen[entry] = nil }
            unseen?.subtract(entries)
        case .lookedAt(let isLookedAt): looked(at: isLookedAt)
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
        for stays in staying.values { await stays.value }
        await marking.ended()
    }

    private func show(_ page: ThreadPage) {
        (rows, earlier) = (page.rows, page.earlier)
        state.around.meet(page.rows.map(\.author))
        refresh()
        showEarlier()
    }

    /// Asks once for what stands before the first row, if that is near the screen.
    private func showEarlier() {
        guard let more, earlier > 0, let first = rows?.first?.entry, first == near, first != asked else {
            return
        }
        asked = first
        more()
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

    /// These count as seen if they stay from now on. What left and comes again begins anew.
    private func came(_ entries: Set<EntryId>) {
        guard unseen == nil else {
            unseen?.formUnion(entries)
            return
        }
        let new = entries.filter { onScreen[$0] == nil }
        guard !new.isEmpty else { return }
        comings += 1
        let coming = comings
        for entry in new { onScreen[entry] = coming }
        staying[coming] = Task {
            await still()
            stayed.formUnion(new.filter { onScreen[$0] == coming })
            staying[coming] = nil
            mark()
        }
    }

    /// What is there while nobody can look begins to count when somebody can.
    private func looked(at isLookedAt: Bool) {
        if !isLookedAt {
            unseen = (unseen ?? []).union(onScreen.keys)
            onScreen = [:]
        } else if let there = unseen {
            unseen = nil
            came(there)
        }
    }

    /// Marks what stayed, each once; what could not be marked is marked with what stays next.
    private func mark() {
        guard !stayed.isSubset(of: marked) else { return }
        marking.begin { [store, thread = state.thread] in
            // Goes on until nothing more stayed while it marked.
            while !self.stayed.isSubset(of: self.marked) {
                let new = self.stayed.subtracting(self.marked)
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
