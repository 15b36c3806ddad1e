/// What the sheet's button does.
extension MembersModel {
    func go() {
        guard let sheet = state.sheet, !sheet.busy else { return }
        switch sheet.of {
        case .compare(let compare): verify(compare)
        case .invite(let invite): make(invite)
        case .letIn(let letIn): letIn.ready ? take(letIn) : nil
        case .sure(let deed): carryOut(deed)
        }
    }

    private func verify(_ compare: MembersSheet.Compare) {
        guard !compare.verified else { return putAway() }
        let (thread, person) = (state.thread, compare.with.author.person)
        run(.verify(thread: thread, person: person, code: compare.typed)) { _ in
            self.changeCompare { $0.verified = true }
        }
    }

    private func make(_ invite: MembersSheet.Invite) {
        guard invite.link == nil else { return putAway() }
        guard let role = invite.role else { return }
        run(.invite(thread: state.thread, role: role, inPerson: invite.inPerson)) { answer in
            guard case .invited(let link) = answer else { throw Problem.unexpected }
            self.changeInvite { $0.link = link }
        }
    }

    private func take(_ letIn: MembersSheet.LetIn) {
        guard case .device(let link) = try? readLink(text: letIn.link.trimmed) else { return }
        let person = letIn.again?.author.person
        run(person.map { .readmit(person: $0, link: link) } ?? .addDevice(link: link)) { _ in
            self.state.sheet = nil
        }
    }

    private func carryOut(_ deed: Deed) {
        let thread = state.thread
        switch deed {
        case .remove(let member, let device):
            run(.remove(thread: thread, person: member.author.person, device: device)) { _ in
                self.state.sheet = nil
            }
        case .leave:
            run(.leave(thread: thread)) { _ in
                self.state.sheet = nil
                self.state.next = .inbox
            }
        case .takeBack(let invite): run(.revokeInvite(invite: invite.invite)) { _ in self.state.sheet = nil }
        case .goOnWithout(let member):
            run(.refound(thread: thread, without: member.author.person)) { _ in self.state.sheet = nil }
        }
    }

    private func putAway() { state.sheet = nil }

    /// Performs it once; the sheet stays, with what went wrong, until it is done.
    private func run(_ intent: Intent, then: @escaping @MainActor (Answer) throws -> Void) {
        let begun = doing.begin { [store] in
            do { try then(try await store.perform(intent)) } catch {
                self.state.sheet?.problem = Problem(error)
            }
            self.state.sheet?.busy = false
        }
        if begun {
            state.sheet?.problem = nil
            state.sheet?.busy = true
        }
    }
}
