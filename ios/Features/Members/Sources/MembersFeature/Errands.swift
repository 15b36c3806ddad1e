import SwiftUI
import TandemDesign
import TandemKit

/// Both look at each other's phone: this one's code to read out, theirs to type.
struct CompareView: View {
    let compare: MembersSheet.Compare
    @Bindable var model: MembersModel
    let say: Say

    var body: some View {
        let who: KeyValuePairs<String, ArgValue> = ["who": .text(text: say.name(compare.with.author.name))]
        if compare.verified {
            Label {
                Text(verbatim: say("members.compared", who)).font(.words).grows()
            } icon: {
                Image(systemName: "checkmark.shield").accessibilityHidden(true)
            }
        } else {
            Text(verbatim: say("members.compare_how", who)).font(.words).grows()
            Section(say("members.our_code")) {
                switch compare.ours {
                case .reading: Text(verbatim: say("common.loading")).font(.words)
                case .missing(let why): FieldProblem(why, say: say)
                case .here(let code):
                    Text(verbatim: code).font(.screenTitle.monospaced()).grows().textSelection(.enabled)
                }
            }
            Section {
                TextField(say("members.their_code", who), text: $model.typed, axis: .vertical)
                    .font(.screenTitle.monospaced())
                    .autocorrectionDisabled()
            } header: {
                Text(verbatim: say("members.their_code", who))
            } footer: {
                Text(verbatim: say("members.their_code_hint"))
            }
        }
    }
}

/// Somebody is invited: as what, and how they get the link; then the link.
struct InviteView: View {
    let invite: MembersSheet.Invite
    @Bindable var model: MembersModel
    let say: Say

    var body: some View {
        if let link = invite.link {
            Text(verbatim: say(invite.inPerson ? "members.invite_show" : "members.invite_send")).font(.words)
                .grows()
            LinkCard(link, say: say)
        } else {
            RolePicker(say("members.invite_as"), choices: model.state.invitable, role: $model.role, say: say)
            Picker(selection: $model.inPerson) {
                choice("members.in_person", "members.in_person_more").tag(true)
                choice("members.by_link", "members.by_link_more").tag(false)
            } label: {
                Text(verbatim: say("members.invite_how"))
            }
            .pickerStyle(.inline)
        }
    }

    private func choice(_ title: String, _ more: String) -> some View {
        VStack(alignment: .leading) {
            Text(verbatim: say(title)).font(.words)
            Text(verbatim: say(more)).font(.state).grows()
        }
    }
}

/// Another phone is let in by what it shows.
struct LetInView: View {
    let letIn: MembersSheet.LetIn
    @Bindable var model: MembersModel
    let say: Say

    var body: some View {
        if let again = letIn.again {
            Text(verbatim: say("members.readmit_how", ["who": .text(text: say.name(again.author.name))]))
                .font(.words)
                .grows()
        } else {
            Text(verbatim: say("members.add_phone_how")).font(.words).grows()
        }
        LinkField(
            say("members.let_in_link"), text: $model.link, problem: linkProblem, say: say
        ) { model.act(.scanned($0)) }
    }

    /// Any other is said below.
    private var linkProblem: Problem? {
        model.state.sheet?.problem.flatMap { $0.field == "link" ? $0 : nil }
    }
}

/// What is said before something that can't be undone.
struct DeedWords {
    let title: String
    let happens: String
    let yes: String

    init(_ deed: Deed, _ say: Say) {
        switch deed {
        case .remove(let member, nil):
            let who: KeyValuePairs<String, ArgValue> = ["who": .text(text: say.name(member.author.name))]
            title = say("members.remove_title", who)
            happens = say("members.remove_happens", who)
            yes = say("members.remove")
        case .remove:
            title = say("members.remove_phone_title")
            happens = say("members.remove_phone_happens")
            yes = say("members.remove_phone")
        case .leave:
            title = say("members.leave_title")
            happens = say("members.leave_happens")
            yes = say("members.leave")
        case .takeBack:
            title = say("members.take_back_title")
            happens = say("members.take_back_happens")
            yes = say("members.take_back")
        case .goOnWithout(let member):
            let who: KeyValuePairs<String, ArgValue> = ["who": .text(text: say.name(member.author.name))]
            title = say("members.go_on_title", who)
            happens = say("members.go_on_happens", who)
            yes = say("members.go_on_without")
        }
    }
}
