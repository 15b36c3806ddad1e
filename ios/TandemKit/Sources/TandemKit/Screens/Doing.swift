/// Runs what a person asked for, so that the same is not done twice by a second tap.
@MainActor final class Doing {
    private(set) var task: Task<Void, Never>?

    /// Whether it goes on.
    var isBusy: Bool { task != nil }

    /// Begins it, unless something goes on already. Says whether it was begun.
    @discardableResult func begin(_ work: @escaping @MainActor () async -> Void) -> Bool {
        guard task == nil else { return false }
        task = Task {
            await work()
            self.task = nil
        }
        return true
    }

    /// Waits until what goes on is over.
    func ended() async { await task?.value }
}

/// Listens to several streams at once until the task that waits is cancelled, or all have ended.
@MainActor func listen(_ listeners: [@MainActor () async -> Void]) async {
    await withTaskGroup(of: Void.self) { group in
        for listener in listeners { group.addTask { await listener() } }
    }
}
