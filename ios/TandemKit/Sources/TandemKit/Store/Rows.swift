@_exported import TandemFFI

extension Array where Element == ThreadRow {
    /// The list after one change of it. What does not fit is ignored; the next `reset` puts it right.
    public func after(_ diff: ThreadDiff) -> [ThreadRow] {
        switch diff {
        case .reset(let rows): return rows
        case .insert(let at, let row): return inserting(row, at: at)
        case .update(let at, let row): return updating(row, at: at)
        case .remove(let at): return removing(at: at)
        }
    }
}

extension Array where Element == InboxRow {
    /// The same for the inbox.
    public func after(_ diff: InboxDiff) -> [InboxRow] {
        switch diff {
        case .reset(let rows): return rows
        case .insert(let at, let row): return inserting(row, at: at)
        case .update(let at, let row): return updating(row, at: at)
        case .remove(let at): return removing(at: at)
        }
    }
}

extension Array {
    private func inserting(_ row: Element, at place: UInt32) -> [Element] {
        guard place <= count else { return self }
        var rows = self
        rows.insert(row, at: Int(place))
        return rows
    }

    private func updating(_ row: Element, at place: UInt32) -> [Element] {
        guard place < count else { return self }
        var rows = self
        rows[Int(place)] = row
        return rows
    }

    private func removing(at place: UInt32) -> [Element] {
        guard place < count else { return self }
        var rows = self
        rows.remove(at: Int(place))
        return rows
    }
}
