import SwiftUI
import TandemDesign
import TandemKit

/// A day between what was said.
struct DayLine: View {
    private let words: String
    @Environment(\.palette) private var palette

    init(_ day: Date, say: Say) {
        switch say.moments.daysAgo(day) {
        case 0: words = say("thread.today")
        case 1: words = say("thread.yesterday")
        default: words = say.moments.day(day)
        }
    }

    var body: some View {
        Text(verbatim: words)
            .font(.state)
            .foregroundStyle(palette.quiet.color)
            .grows()
            .filling(.center)
            .padding(.top, Space.normal)
            .accessibilityAddTraits(.isHeader)
    }
}

/// Somebody came or went: quiet, in a line of its own.
struct EventLine: View {
    private let words: RowWords
    private let say: Say
    @Environment(\.palette) private var palette

    init(_ words: RowWords, say: Say) { (self.words, self.say) = (words, say) }

    var body: some View {
        VStack(spacing: Space.tight) {
            if let event = words.event { Text(verbatim: say(event)) }
            ForEach(words.remarks, id: \.self) { Text(verbatim: say($0)) }
        }
        .font(.state)
        .foregroundStyle(palette.quiet.color)
        .multilineTextAlignment(.center)
        .grows()
        .filling(.center)
        .padding(.horizontal, Space.wide)
    }
}

/// What an entry answers.
struct QuoteLine: View {
    private let quoted: Quoted
    private let say: Say
    @Environment(\.palette) private var palette

    init(_ quoted: Quoted, say: Say) { (self.quoted, self.say) = (quoted, say) }

    var body: some View {
        HStack(alignment: .top, spacing: Space.close) {
            Image(systemName: "arrowshape.turn.up.left").foregroundStyle(palette.accent.color)
                .accessibilityHidden(true)
            VStack(alignment: .leading) {
                if let said = quoted.said {
                    Text(verbatim: say("thread.answers", ["who": .text(text: say.name(said.author.name))]))
                    Text(verbatim: Say.line(said.line)).lineLimit(2)
                } else {
                    Text(verbatim: say("thread.answers_unknown"))
                }
            }
        }
        .font(.state)
        .accessibilityElement(children: .combine)
    }
}
