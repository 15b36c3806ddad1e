import SwiftUI
import TandemKit

/// Initials in a soft square; never a picture of a child. A title is read beside it, so it says nothing itself.
public struct Initials: View {
    private let letters: String
    @Environment(\.palette) private var palette
    @ScaledMetric(relativeTo: .headline) private var side: CGFloat = 40

    public init(of title: String) {
        letters = title.split(separator: " ").prefix(2).compactMap { $0.first.map(String.init) }.joined()
    }

    public var body: some View {
        Text(verbatim: letters)
            .font(.rowTitle)
            .foregroundStyle(palette.accent.color)
            .frame(width: side, height: side)
            .background(palette.raised.color, in: RoundedRectangle(cornerRadius: Space.corner))
            .accessibilityHidden(true)
    }
}

/// One thing that can be done, as wide as the screen and where the thumb is.
public struct ThumbButton: View {
    private let title: String
    private let symbol: String?
    private let isBusy: Bool
    private let action: @MainActor () -> Void

    public init(
        _ title: String, symbol: String? = nil, isBusy: Bool = false, action: @escaping @MainActor () -> Void
    ) {
        (self.title, self.symbol, self.isBusy, self.action) = (title, symbol, isBusy, action)
    }

    public var body: some View {
        Button(action: action) {
            HStack(spacing: Space.close) {
                if isBusy {
                    ProgressView().accessibilityHidden(true)
                } else if let symbol {
                    Image(systemName: symbol).accessibilityHidden(true)
                }
                Text(verbatim: title).font(.rowTitle).grows()
            }
            .frame(maxWidth: .infinity, minHeight: Space.target)
        }
        .buttonStyle(.borderedProminent)
        .disabled(isBusy)
    }
}

/// A button in a line of words.
public struct LineButton: View {
    private let title: String
    private let symbol: String
    private let role: ButtonRole?
    private let action: @MainActor () -> Void

    public init(
        _ title: String, symbol: String, role: ButtonRole? = nil, action: @escaping @MainActor () -> Void
    ) {
        (self.title, self.symbol, self.role, self.action) = (title, symbol, role, action)
    }

    public var body: some View {
        Button(role: role, action: action) {
            Label {
                Text(verbatim: title).font(.words).grows()
            } icon: {
                Image(systemName: symbol).accessibilityHidden(true)
            }
            .target()
        }
        .buttonStyle(.borderless)
    }
}

/// Gives a text to whatever the person chooses.
public struct ShareButton: View {
    private let text: String
    private let say: Say

    public init(_ text: String, say: Say) { (self.text, self.say) = (text, say) }

    public var body: some View {
        ShareLink(item: text) {
            Label {
                Text(verbatim: say("common.share")).font(.words)
            } icon: {
                Image(systemName: "square.and.arrow.up").accessibilityHidden(true)
            }
            .target()
        }
        // A row of a list takes every button without a style of its own for its own.
        .buttonStyle(.borderless)
    }
}

/// A screen without anything in it: what will come, and who can begin it.
public struct NothingYet<Actions: View>: View {
    private let title: String
    private let words: String?
    private let symbol: String
    private let actions: Actions

    public init(
        _ title: String, _ words: String? = nil, symbol: String, @ViewBuilder actions: () -> Actions
    ) {
        (self.title, self.words, self.symbol, self.actions) = (title, words, symbol, actions())
    }

    public var body: some View {
        ContentUnavailableView {
            Label {
                Text(verbatim: title).accessibilityAddTraits(.isHeader)
            } icon: {
                Image(systemName: symbol).accessibilityHidden(true)
            }
        } description: {
            if let words { Text(verbatim: words) }
        } actions: {
            actions
        }
    }
}

/// What is read from this phone: not yet, here, or why not, with another try where a screen has none of its own.
public struct Reading<Value: Sendable, Content: View>: View {
    private let loaded: Loaded<Value>
    private let say: Say
    private let again: (@MainActor () -> Void)?
    private let content: (Value) -> Content

    public init(
        _ loaded: Loaded<Value>, say: Say, again: (@MainActor () -> Void)? = nil,
        @ViewBuilder content: @escaping (Value) -> Content
    ) {
        (self.loaded, self.say, self.again, self.content) = (loaded, say, again, content)
    }

    public var body: some View {
        switch loaded {
        case .reading: ProgressView(say("common.loading")).padding(Space.wide).filling(.center)
        case .missing(let why):
            NothingYet(say(why.said), symbol: "exclamationmark.circle") {
                if let again {
                    LineButton(say("remedy.try_now"), symbol: "arrow.clockwise", action: again)
                }
            }
        case .here(let value): content(value)
        }
    }
}
