/// How much of a thread is shown: from an entry on, which stays the first while others come behind it.
struct ThreadPage {
    /// More than a screen has room for, in one go.
    static let size = 50

    private var first: EntryId?

    /// The rows that are shown.
    mutating func shown(of rows: [ThreadRow]) -> ArraySlice<ThreadRow> {
        let newest = max(0, rows.count - Self.size)
        let start = first.flatMap { first in rows.firstIndex { $0.entry == first } } ?? newest
        first = rows.isEmpty ? nil : rows[start].entry
        return rows[start...]
    }

    /// Begins so much earlier; says whether there was anything earlier.
    mutating func grow(in rows: [ThreadRow]) -> Bool {
        let start = shown(of: rows).startIndex
        guard start > 0 else { return false }
        first = rows[max(0, start - Self.size)].entry
        return true
    }
}
