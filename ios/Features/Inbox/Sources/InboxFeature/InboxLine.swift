import SwiftUI
import TandemDesign
import TandemKit

/// One thread: whom it is with, its last words, what is new, what waits and what to be careful about.
struct InboxLine: View {
    private let item: InboxItem
    private let hasDraft: Bool
    private let say: Say
    @Environment(\.palette) private var palette

    init(_ item: InboxItem, hasDraft: Bool, say: Say) {
        (self.item, self.hasDraft, self.say) = (item, hasDraft, say)
    }

    var body: some View {
        HStack(alignment: .top, spacing: Space.close) {
            Initials(of: item.row.title)
            VStack(alignment: .leading, spacing: Space.tight) {
                // Side by side while both have room.
                ViewThatFits(in: .horizontal) {
                    HStack(alignment: .firstTextBaseline) {
                        title
                        Spacer(minLength: Space.close)
                        time
                    }
                    VStack(alignment: .leading) {
                        title
                        time
                    }
                }
                if !item.row.people.isEmpty {
                    Text(verbatim: say.list(item.row.people.map { say.name($0.name) })).font(.state)
                        .lineLimit(2)
                }
                last
                states
            }
        }
        .foregroundStyle(palette.quiet.color)
        .frame(minHeight: Space.row)
        .accessibilityElement(children: .combine)
    }

    private var title: some View {
        Text(verbatim: Say.line(item.row.title)).font(.rowTitle).foregroundStyle(palette.ink.color).lineLimit(
            2)
    }

    @ViewBuilder private var time: some View {
        if let last = item.row.last { Text(verbatim: say.moments.moment(last.at)).font(.state) }
    }

    @ViewBuilder private var last: some View {
        if let last = item.row.last, let stands = item.words.last {
            Label {
                lastWords(say("inbox.mine", ["text": .text(text: last.text)]))
            } icon: {
                Image(systemName: stands.mark.symbol).accessibilityLabel(say(stands.sentences))
            }
        } else if let last = item.row.last {
            lastWords(Say.line(last.text))
        }
    }

    private func lastWords(_ words: String) -> some View {
        Text(verbatim: words)
            .font(.words)
            .fontWeight(item.row.unseen > 0 ? .semibold : .regular)
            .foregroundStyle(palette.ink.color)
            .lineLimit(2)
    }

    @ViewBuilder private var states: some View {
        let row = item.row
        if row.unseen > 0 {
            small(say("fresh.unread", ["n": .count(count: UInt64(row.unseen))]), "circle.fill")
        }
        if hasDraft { small(say("inbox.draft"), Mark.draft.symbol) }
        ForEach(item.words.asides, id: \.self) { AsideLine($0, say: say) }
    }

    private func small(_ words: String, _ symbol: String) -> some View {
        Label {
            Text(verbatim: words).grows()
        } icon: {
            Image(systemName: symbol).foregroundStyle(palette.accent.color).accessibilityHidden(true)
        }
        .font(.state)
    }
}
