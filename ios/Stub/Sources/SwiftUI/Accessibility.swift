public struct AccessibilityTraits: SetAlgebra, Sendable {
    public init() {}
    public static let isHeader = Self(), isButton = Self(), isSelected = Self(), updatesFrequently = Self()
    public static let isStaticText = Self()
    public typealias Element = AccessibilityTraits
    public func contains(_ member: Self) -> Bool { false }
    public func union(_ other: Self) -> Self { self }
    public func intersection(_ other: Self) -> Self { self }
    public func symmetricDifference(_ other: Self) -> Self { self }
    public mutating func insert(_ member: Self) -> (inserted: Bool, memberAfterInsert: Self) {
        (true, member)
    }
    public mutating func remove(_ member: Self) -> Self? { nil }
    public mutating func update(with member: Self) -> Self? { nil }
    public mutating func formUnion(_ other: Self) {}
    public mutating func formIntersection(_ other: Self) {}
    public mutating func formSymmetricDifference(_ other: Self) {}
}
public struct AccessibilityChildBehavior: Hashable, Sendable {
    public static let combine = Self(), contain = Self(), ignore = Self()
}

extension View {
    @_disfavoredOverload public func accessibilityLabel<S: StringProtocol>(_ label: S) -> some View {
        Modified()
    }
    public func accessibilityLabel(_ label: Text) -> some View { Modified() }
    @_disfavoredOverload public func accessibilityHint<S: StringProtocol>(_ hint: S) -> some View {
        Modified()
    }
    @_disfavoredOverload public func accessibilityValue<S: StringProtocol>(_ value: S) -> some View {
        Modified()
    }
    public func accessibilityHidden(_ hidden: Bool) -> some View { Modified() }
    public func accessibilityAddTraits(_ traits: AccessibilityTraits) -> some View { Modified() }
    public func accessibilityElement(children: AccessibilityChildBehavior = .ignore) -> some View {
        Modified()
    }
    public func accessibilityIdentifier(_ identifier: String) -> some View { Modified() }
    public func accessibilitySortPriority(_ priority: Double) -> some View { Modified() }
    @_disfavoredOverload public func accessibilityAction<S: StringProtocol>(
        named name: S, _ handler: @escaping () -> Void
    ) -> some View { Modified() }
}
