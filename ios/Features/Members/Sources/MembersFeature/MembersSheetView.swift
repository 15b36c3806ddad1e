import SwiftUI
import TandemDesign
import TandemKit

/// What is being done about who is in.
struct MembersSheetView: View {
    private let model: MembersModel
    private let say: Say

    init(_ model: MembersModel, say: Say) { (self.model, self.say) = (model, say) }

    var body: some View {
        NavigationStack {
            Form {
                switch model.state.sheet?.of {
                case .compare(let compare): CompareView(compare: compare, model: model, say: say)
                case .invite(let invite): InviteView(invite: invite, model: model, say: say)
                case .letIn(let letIn): LetInView(letIn: letIn, model: model, say: say)
                case .sure(let deed): Text(verbatim: DeedWords(deed, say).happens).font(.words).grows()
                case nil: EmptyView()
                }
                if let problem = model.state.sheet?.problem, problem.field != "link" {
                    ProblemLine(problem, say: say) { model.act(.read) }
                }
            }
            .safeAreaInset(edge: .bottom) { go.padding(Space.normal) }
            .navigationTitle(title)
            .navigationBarTitleDisplayMode(.inline)
            .toolbar {
                ToolbarItem(placement: .cancellationAction) {
                    Button(say(isDone ? "common.close" : "common.cancel"), role: .cancel) {
                        model.act(.putAway)
                    }
                }
            }
        }
        .interactiveDismissDisabled(model.state.sheet?.busy ?? false)
    }

    private var title: String {
        switch model.state.sheet?.of {
        case .compare: say("members.compare_title")
        case .invite: say("members.invite_title")
        case .letIn(let letIn): say(letIn.again == nil ? "members.add_phone" : "members.readmit")
        case .sure(let deed): DeedWords(deed, say).title
        case nil: ""
        }
    }

    /// What was to be done here is done.
    private var isDone: Bool {
        switch model.state.sheet?.of {
        case .compare(let compare): compare.verified
        case .invite(let invite): invite.link != nil
        case .letIn, .sure, nil: false
        }
    }

    @ViewBuilder private var go: some View {
        let isBusy = model.state.sheet?.busy ?? false
        switch model.state.sheet?.of {
        case .sure(let deed):
            Button(role: .destructive) {
                model.act(.go)
            } label: {
                Text(verbatim: DeedWords(deed, say).yes)
                    .font(.rowTitle)
                    .frame(maxWidth: .infinity, minHeight: Space.target)
            }
            .buttonStyle(.bordered)
            .disabled(isBusy)
        case .compare(let compare):
            button(
                compare.verified ? say("common.close") : say("members.compare_do"), isBusy,
                missing: compare.verified || !compare.typed.isEmpty ? nil : say("members.compare_needs"))
        case .invite(let invite):
            button(
                invite.link == nil ? say("members.invite_do") : say("common.close"), isBusy,
                missing: invite.role == nil ? say("members.invite_needs") : nil)
        case .letIn(let letIn):
            button(say("members.let_in_do"), isBusy, missing: letIn.ready ? nil : say("members.let_in_needs"))
        case nil: EmptyView()
        }
    }

    private func button(_ title: String, _ isBusy: Bool, missing: String?) -> some View {
        ThumbButton(title, isBusy: isBusy) { model.act(.go) }
            .disabled(missing != nil)
            .accessibilityHint(missing ?? "")
    }
}
