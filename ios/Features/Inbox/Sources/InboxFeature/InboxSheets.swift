import SwiftUI
import TandemDesign
import TandemKit

/// Names a thread that is founded.
struct FoundSheet: View {
    @Bindable private var model: InboxModel
    private let say: Say
    @FocusState private var isWriting: Bool

    init(_ model: InboxModel, say: Say) { (self.model, self.say) = (model, say) }

    var body: some View {
        NavigationStack {
            Form {
                Section {
                    TextField(say("inbox.found_label"), text: $model.title)
                        .focused($isWriting)
                        .onSubmit { model.act(.foundSay) }
                    FieldProblem(model.state.founding?.problem, say: say)
                } header: {
                    Text(verbatim: say("inbox.found_label"))
                } footer: {
                    Text(verbatim: say("inbox.found_hint"))
                }
            }
            .safeAreaInset(edge: .bottom) {
                ThumbButton(say("inbox.found_do"), isBusy: model.state.founding?.busy ?? false) {
                    model.act(.foundSay)
                }
                .disabled(hasNoName)
                .accessibilityHint(hasNoName ? say("inbox.found_needs_name") : "")
                .padding(Space.normal)
            }
            .navigationTitle(say("inbox.found"))
            .toolbar {
                ToolbarItem(placement: .cancellationAction) {
                    Button(say("common.cancel"), role: .cancel) { model.act(.foundNot) }
                }
            }
        }
        .onAppear { isWriting = true }
    }

    private var hasNoName: Bool { Say.line(model.title).isEmpty }
}

/// Where to write, when there is more than one thread.
struct ChooseSheet: View {
    private let among: [InboxItem]
    private let say: Say
    private let choose: @MainActor (ThreadId?) -> Void

    init(_ among: [InboxItem], say: Say, choose: @escaping @MainActor (ThreadId?) -> Void) {
        (self.among, self.say, self.choose) = (among, say, choose)
    }

    var body: some View {
        NavigationStack {
            List {
                ForEach(among) { item in
                    Button {
                        choose(item.id)
                    } label: {
                        HStack(spacing: Space.close) {
                            Initials(of: item.row.title)
                            VStack(alignment: .leading) {
                                Text(verbatim: Say.line(item.row.title)).font(.rowTitle)
                                Text(verbatim: say.list(item.row.people.map { say.name($0.name) })).font(
                                    .state)
                            }
                        }
                        .frame(minHeight: Space.row)
                    }
                    .buttonStyle(.plain)
                }
            }
            .navigationTitle(say("inbox.choose"))
            .toolbar {
                ToolbarItem(placement: .cancellationAction) {
                    Button(say("common.cancel"), role: .cancel) { choose(nil) }
                }
            }
        }
    }
}
