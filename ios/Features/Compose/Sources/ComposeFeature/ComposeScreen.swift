import SwiftUI
import TandemDesign
import TandemKit

/// Something that is being written.
public struct ComposeScreen: View {
    @Bindable private var model: ComposeModel
    private let go: Go
    @Environment(\.say) private var words

    public init(_ model: ComposeModel, go: @escaping Go) { (self.model, self.go) = (model, go) }

    public var body: some View {
        let say = words.knowing(model.state.around.names)
        Reading(model.state.to, say: say) { to in
            Form {
                if let closed = to.words.closed {
                    Text(verbatim: say(closed)).font(.words).grows()
                } else {
                    readers(say)
                    kinds(say)
                    answered(say)
                    ForEach(model.state.form?.fields ?? [], id: \.name) {
                        FieldLine($0, model: model, say: say)
                    }
                    FieldProblem(model.state.wrong, say: say)
                    problem(say)
                }
            }
            .scrollDismissesKeyboard(.interactively)
        }
        .safeAreaInset(edge: .bottom) { foot(say) }
        .navigationTitle(title(say))
        .navigationBarTitleDisplayMode(.inline)
        .toolbar {
            ToolbarItem(placement: .topBarTrailing) {
                Button {
                    model.act(.throwAway)
                } label: {
                    Image(systemName: "trash").target()
                }
                .disabled(!hasWords)
                .accessibilityLabel(say("compose.throw"))
            }
        }
        .confirmationDialog(
            say("compose.throw_title"), isPresented: $model.asksToThrowAway, titleVisibility: .visible
        ) {
            Button(say("compose.throw"), role: .destructive) { model.act(.throwAwayReally) }
            Button(say("compose.keep"), role: .cancel) { model.act(.keep) }
        } message: {
            Text(verbatim: say("compose.throw_happens"))
        }
        .going(to: model.state.next, go) { model.act(.went) }
        .living { await model.run() }
    }

    private var hasWords: Bool { model.state.fields.values.contains { !$0.isEmpty } }

    private func title(_ say: Say) -> String {
        guard let people = model.state.to.value?.row.people else { return say("compose.title") }
        if people.isEmpty { return say("compose.to_nobody_yet") }
        return say("compose.to", ["who": .people(people: people.map(\.person))])
    }

    private func readers(_ say: Say) -> some View {
        Button {
            go(.members(model.state.thread))
        } label: {
            Label {
                Text(verbatim: readBy(say)).grows()
            } icon: {
                Image(systemName: "person.2").accessibilityHidden(true)
            }
            .target()
        }
    }

    private func readBy(_ say: Say) -> String {
        let others = model.state.readers.filter { !$0.mine }.map(\.author.person)
        if model.state.readers.isEmpty { return say("compose.who_reads") }
        if others.isEmpty { return say("compose.read_by_nobody") }
        return say("compose.read_by", ["who": .people(people: others)])
    }

    @ViewBuilder private func kinds(_ say: Say) -> some View {
        if model.state.forms.count > 1 {
            Picker(say("compose.title"), selection: $model.kind) {
                ForEach(model.state.forms, id: \.kind) { form in
                    Label {
                        Text(verbatim: say(form.title))
                    } icon: {
                        Image(systemName: KindSymbol.of(form.kind)).accessibilityHidden(true)
                    }
                    .tag(form.kind)
                }
            }
            .pickerStyle(.inline)
            .labelsHidden()
        }
    }

    @ViewBuilder private func answered(_ say: Say) -> some View {
        if let quoted = model.state.answers {
            HStack(alignment: .top) {
                VStack(alignment: .leading) {
                    if let said = quoted.said {
                        let who = say.name(said.author.name)
                        Text(verbatim: say("thread.answers", ["who": .text(text: who)])).font(.state)
                        Text(verbatim: Say.line(said.line)).font(.state)
                            .lineLimit(2)
                    } else {
                        Text(verbatim: say("thread.answers_unknown")).font(.state)
                    }
                }
                .accessibilityElement(children: .combine)
                Spacer(minLength: 0)
                Button {
                    model.act(.answers(nil))
                } label: {
                    Image(systemName: "xmark").target()
                }
                .buttonStyle(.plain)
                .accessibilityLabel(say("compose.answer_not"))
            }
        }
    }

    @ViewBuilder private func problem(_ say: Say) -> some View {
        let fields = model.state.form?.fields.map(\.name) ?? []
        if let problem = model.state.problem, !fields.contains(problem.field ?? "") {
            ProblemLine(problem, say: say) { model.act(.read) }
        }
    }

    @ViewBuilder private func foot(_ say: Say) -> some View {
        if model.state.form != nil, model.state.to.value?.words.closed == nil {
            let why = missing(say)
            VStack(alignment: .leading, spacing: Space.tight) {
                if let why { Text(verbatim: why).font(.state).grows() }
                ThumbButton(say("compose.send"), symbol: "paperplane", isBusy: model.state.sending) {
                    model.act(.send)
                }
                .disabled(!model.state.ready)
                .accessibilityHint(why ?? "")
            }
            .padding(Space.normal)
        }
    }

    /// Why it can't be sent yet.
    private func missing(_ say: Say) -> String? {
        if model.state.ready || model.state.sending { return nil }
        let needed = model.state.form?.fields.filter { model.state.missing.contains($0.name) } ?? []
        if needed.isEmpty { return model.state.wrong.map { say($0.said) } }
        return say("compose.needed", ["fields": .text(text: say.list(needed.map { say($0.label) }))])
    }
}
