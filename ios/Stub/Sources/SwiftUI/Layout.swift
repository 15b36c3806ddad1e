public enum Axis: Sendable {
    case horizontal, vertical
    public struct Set: OptionSet, Sendable {
        public let rawValue: Int8
        public init(rawValue: Int8) { self.rawValue = rawValue }
        public static let horizontal = Self(rawValue: 1), vertical = Self(rawValue: 2)
    }
}
public enum Edge: Sendable {
    case top, leading, bottom, trailing
    public struct Set: OptionSet, Sendable {
        public let rawValue: Int8
        public init(rawValue: Int8) { self.rawValue = rawValue }
        public static let top = Self(rawValue: 1), leading = Self(rawValue: 2), bottom = Self(rawValue: 4)
        public static let trailing = Self(rawValue: 8), horizontal: Set = [.leading, .trailing]
        public static let vertical: Set = [.top, .bottom], all: Set = [.horizontal, .vertical]
    }
}
public enum VerticalEdge: Sendable { case top, bottom }
public enum HorizontalEdge: Sendable { case leading, trailing }
public struct HorizontalAlignment: Equatable, Sendable {
    public static let leading = Self(), center = Self(), trailing = Self()
}
public struct VerticalAlignment: Equatable, Sendable {
    public static let top = Self(), center = Self(), bottom = Self(), firstTextBaseline = Self()
}
public struct Alignment: Equatable, Sendable {
    public static let center = Self(), leading = Self(), trailing = Self(), top = Self(), bottom = Self()
    public static let topLeading = Self(), bottomTrailing = Self(), bottomLeading = Self()
}
public enum TextAlignment: Sendable, CaseIterable { case leading, center, trailing }
public struct UnitPoint: Hashable, Sendable {
    public static let top = Self(), center = Self(), bottom = Self()
}

public struct VStack<C: View>: Leaf {
    public init(
        alignment: HorizontalAlignment = .center, spacing: CGFloat? = nil, @ViewBuilder content: () -> C
    ) {}
}
public struct HStack<C: View>: Leaf {
    public init(
        alignment: VerticalAlignment = .center, spacing: CGFloat? = nil, @ViewBuilder content: () -> C
    ) {}
}
public struct ZStack<C: View>: Leaf {
    public init(alignment: Alignment = .center, @ViewBuilder content: () -> C) {}
}
public struct LazyVStack<C: View>: Leaf {
    public init(
        alignment: HorizontalAlignment = .center, spacing: CGFloat? = nil, @ViewBuilder content: () -> C
    ) {}
}
public struct ViewThatFits<C: View>: Leaf {
    public init(in axes: Axis.Set = [.horizontal, .vertical], @ViewBuilder content: () -> C) {}
}
public struct Group<C: View>: Leaf { public init(@ViewBuilder content: () -> C) {} }
public struct Form<C: View>: Leaf { public init(@ViewBuilder content: () -> C) {} }
public struct ScrollView<C: View>: Leaf {
    public init(_ axes: Axis.Set = .vertical, @ViewBuilder content: () -> C) {}
}
public struct ScrollViewReader<C: View>: Leaf {
    public init(@ViewBuilder content: @escaping (ScrollViewProxy) -> C) {}
}
public struct ScrollViewProxy { public func scrollTo<ID: Hashable>(_ id: ID, anchor: UnitPoint? = nil) {} }
public struct Spacer: Leaf { public init(minLength: CGFloat? = nil) {} }
public struct Divider: Leaf { public init() {} }

public struct Section<H: View, C: View, F: View>: Leaf {
    public init(@ViewBuilder content: () -> C, @ViewBuilder header: () -> H, @ViewBuilder footer: () -> F) {}
}
extension Section where H == EmptyView, F == EmptyView {
    public init(@ViewBuilder content: () -> C) {}
}
extension Section where F == EmptyView {
    public init(@ViewBuilder content: () -> C, @ViewBuilder header: () -> H) {}
}
extension Section where H == EmptyView {
    public init(@ViewBuilder content: () -> C, @ViewBuilder footer: () -> F) {}
}
extension Section where H == Text, F == EmptyView {
    @_disfavoredOverload public init<S: StringProtocol>(_ title: S, @ViewBuilder content: () -> C) {}
}

public struct List<C: View>: Leaf {
    public init(@ViewBuilder content: () -> C) {}
}
public struct ForEach<D: RandomAccessCollection, ID: Hashable, C: View>: Leaf {
    public init(_ data: D, @ViewBuilder content: @escaping @MainActor (D.Element) -> C)
    where D.Element: Identifiable, ID == D.Element.ID {}
    public init(
        _ data: D, id: KeyPath<D.Element, ID>, @ViewBuilder content: @escaping @MainActor (D.Element) -> C
    ) {}
}

public struct NavigationStack<Data, C: View>: Leaf {
    public init(@ViewBuilder root: () -> C) where Data == Never {}
    public init(path: Binding<Data>, @ViewBuilder root: () -> C)
    where
        Data: MutableCollection & RandomAccessCollection & RangeReplaceableCollection, Data.Element: Hashable
    {}
}
public struct NavigationLink<L: View>: Leaf {
    public init<P: Hashable>(value: P?, @ViewBuilder label: () -> L) {}
}
