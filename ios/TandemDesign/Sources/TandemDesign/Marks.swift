import SwiftUI
import TandemKit

extension Mark {
    /// The shorthand's symbol. It differs from every other by its shape.
    public var symbol: String {
        switch self {
        case .draft: "pencil"
        case .clock: "clock"
        case .phone: "iphone"
        case .tick: "checkmark"
        case .tickInPhone: "checkmark.rectangle.portrait"
        case .eye: "eye"
        case .ear: "ear"
        case .stopped: "minus.circle"
        }
    }
}

/// How something stands: the shorthand alone, or with what it means. To whoever can't see it, it is always said.
public struct StandsLine: View {
    private let stands: Stands
    private let isExplained: Bool
    private let say: Say
    @Environment(\.palette) private var palette

    public init(_ stands: Stands, isExplained: Bool = true, say: Say) {
        (self.stands, self.isExplained, self.say) = (stands, isExplained, say)
    }

    public var body: some View {
        HStack(alignment: .firstTextBaseline, spacing: Space.tight) {
            Image(systemName: stands.mark.symbol).accessibilityHidden(true)
            if isExplained { Text(verbatim: say(stands.sentences)).grows() }
        }
        .font(.state)
        .foregroundStyle(needsYou ? palette.onAmber.color : palette.quiet.color)
        .accessibilityElement(children: .ignore)
        .accessibilityLabel(say(stands.sentences))
    }

    private var needsYou: Bool { stands.mark == .stopped }
}

/// A kind's symbol; its name stands beside it.
public enum KindSymbol {
    public static func of(_ kind: String) -> String {
        switch kind {
        case "message": "text.bubble"
        case "concern": "questionmark.bubble"
        case "step": "checklist"
        default: "doc.text"
        }
    }
}
