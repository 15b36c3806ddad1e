import MembersFeature
import SwiftUI
import TandemKit

/// Somebody who is in.
func member(
    _ author: Author, verified: Bool = false, devices: Int = 1, by: Author? = Cast.rivera,
    misdeeds: [Misdeed] = []
) -> MemberItem {
    let isOwn = author == Cast.rivera
    let keys = (1...devices).map {
        KeyRow(
            device: Cast.device("\(author.name) \($0)"), since: Cast.ago(4000 * $0),
            verified: verified || isOwn || $0 == 1, seated: $0 != 2)
    }
    let row = MemberRow(
        author: author, mine: isOwn, verified: verified || isOwn, vouchedBy: isOwn ? nil : by,
        since: Cast.ago(9000), devices: keys, misdeeds: misdeeds, removable: !isOwn || devices > 1,
        dispensable: !isOwn)
    return MemberItem(row: row, words: memberWords(row: row))
}

private func invite(_ role: Role, _ state: InviteState, inPerson: Bool = false) -> InviteItem {
    let row = InviteRow(
        invite: Cast.invite("\(role) \(state)"), thread: Cast.thread("Maya"), role: role, inPerson: inPerson,
        made: Cast.ago(100), until: Cast.ago(-1300), state: state, usedBy: state == .used ? Cast.ana : nil)
    return InviteItem(row: row, words: inviteWords(row: row))
}

private let usual = [
    member(Cast.rivera), member(Cast.ana, verified: true), member(Cast.sam),
    member(Cast.lincoln, verified: true),
]

private func members(
    _ name: String, _ people: [MemberItem] = usual, _ change: (inout MembersState) -> Void = { _ in }
) -> Shown {
    let row = Cast.inboxRow("Maya", people.filter { !$0.row.mine }.map(\.row.author))
    return shown(
        name,
        with(MembersState(thread: row.thread)) {
            $0.around = Cast.around()
            $0.top = .here(Cast.item(row))
            $0.members = .here(people)
            $0.invitable = roleChoices(roles: row.admits)
            change(&$0)
        })
}

private func shown(_ name: String, _ state: MembersState) -> Shown {
    Shown("members", name) { MembersScreen(MembersModel(Still.store, from: state)) { _ in } }
}

private func sheet(
    _ name: String, _ errand: MembersSheet.Errand, busy: Bool = false, problem: Problem? = nil
) -> Shown {
    members(name) {
        $0.sheet = with(MembersSheet(errand)) { ($0.busy, $0.problem) = (busy, problem) }
    }
}

private let nothing = with(MembersState(thread: Cast.thread("Maya"))) { $0.around = Cast.around() }

private let invites = [
    invite(.guardian, .open, inPerson: true), invite(.lead, .open), invite(.guardian, .used),
    invite(.teacher, .expired), invite(.teacher, .revoked),
]

private let erased = Cast.inboxRow(
    "Maya", erased: ErasedRow(at: Cast.ago(90), because: .operator, words: ""))

private let sam = member(Cast.sam).row
private let code = "48213 90571 22846 71930 55602 18447"

private func comparing(_ typed: String = "", verified: Bool = false) -> MembersSheet.Errand {
    .compare(MembersSheet.Compare(with: sam, ours: .here(code), typed: typed, verified: verified))
}

private let listed = [
    shown("loading", nothing),
    members("alone", [member(Cast.rivera)]),
    members("ready"),
    members("offline") {
        $0.around = Cast.around(Cast.dead)
        $0.top = .here(Cast.item(Cast.inboxRow("Maya", waiting: 1), Cast.dead))
    },
    members("partial", [member(Cast.rivera), member(Cast.nameless, by: nil)]),
    members("invites") { ($0.invites, $0.uptakes) = (invites, uptakes) },
    members(
        "stuck",
        [member(Cast.rivera, devices: 2), member(Cast.sam, misdeeds: [.stoppedThread, .twoWords])]),
    members("error") { $0.problem = problem("too_many", .notAllowed) },
    shown("missing", with(nothing) { $0.members = .missing(problem("damaged", .damaged)) }),
    members("closed") { ($0.invitable, $0.top) = ([], .here(Cast.item(erased))) },
    members("parent") { $0.invitable = [] },
    members("long names", [member(Cast.rivera), member(Cast.long, devices: 3)]),
    members("right to left", [member(Cast.hebrew, verified: true), member(Cast.arabic)]),
    members("500 rows", (1...500).map { member(Cast.author("Person \($0)", .guardian)) }),
]

private let sheets = [
    sheet("compare reading", .compare(MembersSheet.Compare(with: sam))),
    sheet("compare", comparing("48213 90571")),
    sheet("compare wrong", comparing(code), problem: problem("wrong_code", .badInput)),
    sheet("compare equal", comparing(code, verified: true)),
    sheet("invite", .invite(MembersSheet.Invite())),
    sheet("invite chosen", .invite(MembersSheet.Invite(role: .guardian, inPerson: false))),
    sheet("invite busy", .invite(MembersSheet.Invite(role: .guardian)), busy: true),
    sheet("invite link", .invite(MembersSheet.Invite(role: .guardian, link: link))),
    sheet("add phone", .letIn(MembersSheet.LetIn())),
    sheet("readmit", .letIn(MembersSheet.LetIn(again: sam, link: link, ready: true))),
    sheet(
        "let in error", .letIn(MembersSheet.LetIn(again: sam, link: "half")),
        problem: problem("bad_link", .badInput, "link")),
]

private let questions = [
    sheet("sure remove", .sure(.remove(sam, device: nil))),
    sheet("sure remove phone", .sure(.remove(sam, device: sam.devices[0].device))),
    sheet("sure leave", .sure(.leave)),
    sheet("sure take back", .sure(.takeBack(invite(.guardian, .open).row))),
    sheet("sure go on", .sure(.goOnWithout(sam)), problem: problem("not_allowed", .notAllowed)),
]

@MainActor let membersStates = listed + sheets + questions
