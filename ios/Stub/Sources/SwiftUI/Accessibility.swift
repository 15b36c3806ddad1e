public struct AccessibilityTraits: OptionSet, Sendable {
    public let rawValue: UInt64
    public init(rawValue: UInt64) { self.rawValue = rawValue }
    public static let isHeader = Self(rawValue: 1), isButton = Self(rawValue: 2),
        isSelected = Self(rawValue: 4)
    public static let updatesFrequently = Self(rawValue: 8), isStaticText = Self(rawValue: 16)
}
public struct AccessibilityChildBehavior: Hashable, Sendable {
    let name: String
    public static let combine = Self(name: "combine"), contain = Self(name: "contain")
    public static let ignore = Self(name: "ignore")
}

extension View {
    @_disfavoredOverload public func accessibilityLabel<S: StringProtocol>(_ label: S) -> some View {
        changed { $0.label = String(label) }
    }
    public func accessibilityLabel(_ label: Text) -> some View { changed { $0.label = label.words } }
    @_disfavoredOverload public func accessibilityHint<S: StringProtocol>(_ hint: S) -> some View {
        changed { $0.hint = String(hint) }
    }
    public func accessibilityHidden(_ hidden: Bool) -> some View { changed { $0.isHidden = hidden } }
    public func accessibilityAddTraits(_ traits: AccessibilityTraits) -> some View {
        changed { if traits.contains(.isHeader) { $0.isHeader = true } }
    }
    public func accessibilityElement(children: AccessibilityChildBehavior = .ignore) -> some View {
        changed { node in
            node.joins = children
            if children == .ignore { node.isHidden = false }
        }
    }
}
