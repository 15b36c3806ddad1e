import SwiftUI
import TandemDesign
import TandemKit

/// Something that was said: by whom, its parts, how far it got, and what can be done with it.
struct EntryView: View {
    private let entry: EntryItem
    private let isNewestOwn: Bool
    private let model: ThreadModel
    private let say: Say
    private let go: Go
    @Environment(\.palette) private var palette
    @Environment(\.services) private var services

    init(_ entry: EntryItem, isNewestOwn: Bool, model: ThreadModel, say: Say, go: @escaping Go) {
        (self.entry, self.isNewestOwn, self.model, self.say, self.go) = (entry, isNewestOwn, model, say, go)
    }

    var body: some View {
        let row = entry.row
        VStack(alignment: .leading, spacing: Space.close) {
            head
            if let answers = entry.answers { QuoteLine(answers, say: say) }
            ForEach(entry.words.parts, id: \.self) { part in
                VStack(alignment: .leading) {
                    if let label = part.label {
                        Text(verbatim: say(label)).font(.state).foregroundStyle(palette.quiet.color)
                    }
                    Text(verbatim: part.said.map { say($0) } ?? part.text ?? "").font(.words).grows()
                }
                .accessibilityElement(children: .combine)
            }
            ForEach(entry.words.remarks, id: \.self) { remark in
                Label {
                    Text(verbatim: say(remark)).grows()
                } icon: {
                    Image(systemName: "info.circle").accessibilityHidden(true)
                }
                .font(.state)
            }
            moves
            stands
        }
        .padding(Space.normal)
        .filling()
        .foregroundStyle(row.mine ? palette.onSoft.color : palette.ink.color)
        .background(
            row.mine ? palette.soft.color : palette.raised.color,
            in: RoundedRectangle(cornerRadius: Space.corner))
    }

    private var head: some View {
        HStack(alignment: .firstTextBaseline, spacing: Space.close) {
            VStack(alignment: .leading) {
                if entry.row.kind != "message" {
                    Label {
                        Text(verbatim: say(entry.words.kind))
                    } icon: {
                        Image(systemName: KindSymbol.of(entry.row.kind)).accessibilityHidden(true)
                    }
                }
                Text(verbatim: entry.row.mine ? say("person.you") : say.name(entry.row.author.name))
                Text(verbatim: say.moments.time(entry.row.at)).foregroundStyle(palette.quiet.color)
            }
            .font(.state)
            .accessibilityElement(children: .combine)
            Spacer(minLength: 0)
            Menu {
                if model.state.canWrite {
                    Button(say("thread.answer"), systemImage: "arrowshape.turn.up.left") {
                        go(.compose(model.state.thread, answers: entry.row.entry))
                    }
                }
                Button(say("remedy.copy_text"), systemImage: "doc.on.doc") { copy() }
            } label: {
                Image(systemName: "ellipsis").target()
            }
            .accessibilityLabel(say("thread.more"))
        }
    }

    @ViewBuilder private var moves: some View {
        if !entry.words.moves.isEmpty {
            VStack(alignment: .leading, spacing: Space.tight) {
                ForEach(entry.words.moves, id: \.self) { move in
                    Button {
                        model.act(.move(step: entry.row.entry, to: move.state))
                    } label: {
                        Text(verbatim: say(move.label)).font(.words).target()
                    }
                    .buttonStyle(.bordered)
                    .disabled(model.state.moving != nil)
                }
            }
        }
    }

    /// What has not left says so at once, and so does the newest; of what is with others the mark is enough until
    /// it is touched.
    @ViewBuilder private var stands: some View {
        if let stands = entry.words.stands {
            let isHere = [.draft, .clock, .phone, .stopped].contains(stands.mark)
            let isOpen = isHere || isNewestOwn || model.state.explained == entry.row.entry
            Button {
                model.act(.explain(entry.row.entry))
            } label: {
                StandsLine(stands, isExplained: isOpen, say: say).target()
            }
            .buttonStyle(.plain)
            if isOpen {
                RemedyButtons(stands.remedies, say: say) { remedy in
                    switch remedy {
                    case .tryNow: { model.act(.tryNow) }
                    case .copyText: { copy() }
                    case .showMembers: { go(.members(model.state.thread)) }
                    case .updateApp: services.update
                    case .askForLink, .askSchool: nil
                    }
                }
            }
        }
    }

    /// The entry as text that can go anywhere.
    private func copy() {
        let lines = entry.words.parts.map { part in
            let words = part.said.map { say($0) } ?? part.text ?? ""
            return part.label.map { "\(say($0)): \(words)" } ?? words
        }
        services.copy(lines.joined(separator: "\n"))
    }
}
