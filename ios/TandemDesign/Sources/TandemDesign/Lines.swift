import SwiftUI
import TandemKit

/// The honest line under a title: how fresh the screen is.
public struct HonestLine: View {
    private let words: String
    @Environment(\.palette) private var palette

    public init(_ phrases: [Phrase], say: Say) { words = say(phrases) }

    public var body: some View {
        if !words.isEmpty {
            Text(verbatim: words)
                .font(.state)
                .foregroundStyle(palette.quiet.color)
                .grows()
                .filling()
                .accessibilityAddTraits(.updatesFrequently)
        }
    }
}

/// A sentence that needs somebody's attention, with a symbol of its own.
public struct WarningLine: View {
    private let words: String
    @Environment(\.palette) private var palette

    public init(_ phrase: Phrase, say: Say) { words = say(phrase) }

    public var body: some View {
        Label {
            Text(verbatim: words).grows()
        } icon: {
            Image(systemName: "exclamationmark.triangle").accessibilityHidden(true)
        }
        .font(.state)
        .foregroundStyle(palette.onAmber.color)
        .padding(.horizontal, Space.close)
        .padding(.vertical, Space.tight)
        .background(palette.amberSoft.color, in: RoundedRectangle(cornerRadius: Space.corner))
    }
}

/// Something said beside a thread's last words: quiet when it is only to be known, a warning when it does not
/// go on without this person.
public struct AsideLine: View {
    private let aside: Aside
    private let say: Say
    @Environment(\.palette) private var palette

    public init(_ aside: Aside, say: Say) { (self.aside, self.say) = (aside, say) }

    public var body: some View {
        if aside.needsYou {
            WarningLine(aside.said, say: say)
        } else {
            Label {
                Text(verbatim: say(aside.said)).grows()
            } icon: {
                Image(systemName: aside.mark?.symbol ?? "info.circle").accessibilityHidden(true)
            }
            .font(.state)
            .foregroundStyle(palette.quiet.color)
        }
    }
}

/// What went wrong, until it is read.
public struct ProblemLine: View {
    private let problem: Problem
    private let say: Say
    private let read: @MainActor () -> Void
    @Environment(\.palette) private var palette

    public init(_ problem: Problem, say: Say, read: @escaping @MainActor () -> Void) {
        (self.problem, self.say, self.read) = (problem, say, read)
    }

    public var body: some View {
        HStack(alignment: .firstTextBaseline, spacing: Space.close) {
            Image(systemName: "exclamationmark.circle").accessibilityHidden(true)
            Text(verbatim: say(problem.said)).font(.words).grows().filling()
            Button(action: read) {
                Image(systemName: "xmark").target()
            }
            .buttonStyle(.plain)
            .accessibilityLabel(say("common.close"))
        }
        .foregroundStyle(palette.onAmber.color)
        .padding(.horizontal, Space.normal)
        .background(palette.amberSoft.color, in: RoundedRectangle(cornerRadius: Space.corner))
        .accessibilityElement(children: .contain)
    }
}

/// What is wrong with a field, at the field.
public struct FieldProblem: View {
    private let words: String?
    @Environment(\.palette) private var palette

    public init(_ problem: Problem?, say: Say) { words = problem.map { say($0.said) } }

    public var body: some View {
        if let words {
            Label {
                Text(verbatim: words).grows()
            } icon: {
                Image(systemName: "exclamationmark.circle").accessibilityHidden(true)
            }
            .font(.state)
            .foregroundStyle(palette.onAmber.color)
        }
    }
}
