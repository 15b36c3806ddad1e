/// What can be said of what is being written, and that it is said once.
extension ComposeState {
    /// Chooses the form in use, and says what is missing in it and what can't be said as it is.
    mutating func checkForm() {
        form = forms.first { $0.kind == kind } ?? forms.first
        var flaws: [DraftFlaw] = []
        if let form, let role = to.value?.row.role {
            flaws = draftFlaws(role: role, kind: form.kind, fields: said)
        }
        missing = Set(flaws.filter(\.missing).compactMap(\.field))
        wrong = flaws.first { !$0.missing }.map {
            Problem(kind: .badInput, said: $0.said, code: $0.code, field: $0.field)
        }
    }

    /// What is needed is there, and nothing is being sent.
    var canBeSent: Bool {
        form != nil && to.value?.canWrite == true && missing.isEmpty && wrong == nil && !sending
    }

    /// The form's fields that have something in them.
    public var said: [String: String] {
        var said: [String: String] = [:]
        for field in form?.fields ?? [] {
            if let text = fields[field.name], !text.trimmed.isEmpty { said[field.name] = text }
        }
        return said
    }
}

extension ComposeModel {
    /// Says it. If the app ends meanwhile, the draft knows how to find out whether it was said.
    func say(_ draft: Draft) async throws {
        var kept = draft
        kept.sendingAfter = await entries(like: draft)
        try drafts.keep(kept, of: state.thread)
        let post = Intent.post(
            thread: state.thread, kind: draft.kind, fields: draft.fields, answers: draft.answers)
        _ = try await store.perform(post)
        // A draft that can't be thrown away now is found to be said the next time.
        try? drafts.keep(nil, of: state.thread)
    }

    /// The app ended while this was being said, and it was said before that.
    func wasSaid(_ draft: Draft) async -> Bool {
        guard let before = draft.sendingAfter, let now = await entries(like: draft) else { return false }
        return now > before
    }

    /// How many own entries say just this; nil when that can't be read.
    private func entries(like draft: Draft) async -> Int? {
        guard case .thread(_, let rows)? = try? await store.tandem.ask(query: .thread(state.thread)) else {
            return nil
        }
        let same = rows.filter { row in
            row.mine && row.kind == draft.kind && row.answers == draft.answers
                && draft.fields.allSatisfy { row.fields[$0.key] == $0.value }
        }
        return same.count
    }
}

extension ThreadRow {
    /// What is said of it to whoever reads it here.
    func words(in top: InboxItem?) -> RowWords {
        rowWords(row: self, role: top?.row.role, alone: top?.words.alone ?? false)
    }

    /// Whether somebody said this, rather than that somebody came or went.
    var isEntry: Bool { kind != "roster" }
}

extension Problem {
    /// There is no room for what was written.
    static let notKept = Problem(TandemError.NotKept(code: "not_kept", words: ""))
}
