import Foundation

/// Makes a thread's lines from its rows: days between them, words beside them. Words of rows that did not
/// change are kept, so that one change of a long thread costs one row.
@MainActor final class ThreadLines {
    private struct Said {
        let row: ThreadRow
        let words: RowWords
    }

    private var said: [EntryId: Said] = [:]
    private var role: Role?
    private var alone = false

    func lines(_ rows: [ThreadRow], in top: InboxItem?, moments: Moments) -> [ThreadItem] {
        // What is said of a row depends on who reads it and whether anybody else does.
        let (role, alone) = (top?.row.role, top?.words.alone ?? false)
        if (self.role, self.alone) != (role, alone) { said = [:] }
        (self.role, self.alone) = (role, alone)
        say(rows, in: top)
        var items: [ThreadItem] = []
        items.reserveCapacity(rows.count + 8)
        var day: Date?
        for row in rows {
            guard let words = said[row.entry]?.words else { continue }
            let here = moments.day(of: row.at)
            if here != day {
                items.append(.day(here, id: "day:\(row.entry)"))
                day = here
            }
            if words.event != nil {
                items.append(.event(row, words))
            } else {
                items.append(.entry(EntryItem(row: row, words: words)))
            }
        }
        return items
    }

    /// Says these rows, and forgets what was said of others.
    private func say(_ rows: [ThreadRow], in top: InboxItem?) {
        var kept: [EntryId: Said] = [:]
        kept.reserveCapacity(rows.count)
        for row in rows {
            let before = said[row.entry]
            let words = before?.row == row ? before?.words : nil
            kept[row.entry] = Said(row: row, words: words ?? row.words(in: top))
        }
        said = kept
    }
}
