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
    let content: C
    public init(
        alignment: HorizontalAlignment = .center, spacing: CGFloat? = nil, @ViewBuilder content: () -> C
    ) { self.content = content() }
    public var nodes: [Node] { [Node(.stack, "", content.nodes)] }
}
public struct HStack<C: View>: Leaf {
    let content: C
    public init(
        alignment: VerticalAlignment = .center, spacing: CGFloat? = nil, @ViewBuilder content: () -> C
    ) { self.content = content() }
    public var nodes: [Node] { [Node(.stack, "", content.nodes)] }
}
public struct LazyVStack<C: View>: Leaf {
    let content: C
    public init(
        alignment: HorizontalAlignment = .center, spacing: CGFloat? = nil, @ViewBuilder content: () -> C
    ) { self.content = content() }
    public var nodes: [Node] { [Node(.list, "", content.nodes)] }
}
/// Nothing is laid out, so nothing is too wide: the first fits, and at the largest text sizes the last.
public struct ViewThatFits<C: View>: Leaf {
    let content: C
    public init(in axes: Axis.Set = [.horizontal, .vertical], @ViewBuilder content: () -> C) {
        self.content = content()
    }
    public var nodes: [Node] {
        let large = EnvironmentValues.current.dynamicTypeSize.isAccessibilitySize
        let fits = large ? content.nodes.last : content.nodes.first
        return fits.map { [$0] } ?? []
    }
}
public struct Form<C: View>: Leaf {
    let content: C
    public init(@ViewBuilder content: () -> C) { self.content = content() }
    public var nodes: [Node] { [Node(.list, "", content.nodes)] }
}
public struct ScrollView<C: View>: Leaf {
    let content: C
    public init(_ axes: Axis.Set = .vertical, @ViewBuilder content: () -> C) { self.content = content() }
    public var nodes: [Node] { content.nodes }
}
public struct Spacer: Leaf {
    public init(minLength: CGFloat? = nil) {}
    public var nodes: [Node] { [] }
}

public struct Section<H: View, C: View, F: View>: Leaf {
    let content: C, header: H, footer: F
    public init(@ViewBuilder content: () -> C, @ViewBuilder header: () -> H, @ViewBuilder footer: () -> F) {
        (self.content, self.header, self.footer) = (content(), header(), footer())
    }
    public var nodes: [Node] {
        let head = header.changed { $0.isHeader = true }.nodes
        return [Node(.section, "", head + content.nodes + footer.nodes)]
    }
}
extension Section where H == EmptyView, F == EmptyView {
    public init(@ViewBuilder content: () -> C) {
        self.init(content: content, header: { EmptyView() }, footer: { EmptyView() })
    }
}
extension Section where F == EmptyView {
    public init(@ViewBuilder content: () -> C, @ViewBuilder header: () -> H) {
        self.init(content: content, header: header, footer: { EmptyView() })
    }
}
extension Section where H == EmptyView {
    public init(@ViewBuilder content: () -> C, @ViewBuilder footer: () -> F) {
        self.init(content: content, header: { EmptyView() }, footer: footer)
    }
}
extension Section where H == Text, F == EmptyView {
    @_disfavoredOverload public init<S: StringProtocol>(_ title: S, @ViewBuilder content: () -> C) {
        self.init(content: content, header: { Text(title) }, footer: { EmptyView() })
    }
}

public struct List<C: View>: Leaf {
    let content: C
    public init(@ViewBuilder content: () -> C) { self.content = content() }
    public var nodes: [Node] { [Node(.list, "", content.nodes)] }
}
public struct ForEach<D: RandomAccessCollection, ID: Hashable, C: View>: Leaf {
    let data: D, content: @MainActor (D.Element) -> C, id: KeyPath<D.Element, ID>
    public init(_ data: D, @ViewBuilder content: @escaping @MainActor (D.Element) -> C)
    where D.Element: Identifiable, ID == D.Element.ID {
        (self.data, self.content, id) = (data, content, \D.Element.id)
    }
    public init(
        _ data: D, id: KeyPath<D.Element, ID>, @ViewBuilder content: @escaping @MainActor (D.Element) -> C
    ) { (self.data, self.content, self.id) = (data, content, id) }
    public var nodes: [Node] {
        // Two of one id are one view to SwiftUI, with whatever is in either.
        precondition(Set(data.map { $0[keyPath: id] }).count == data.count, "rows of one list have one id")
        return data.flatMap { content($0).nodes }
    }
}

public struct NavigationStack<Data, C: View>: Leaf {
    let root: C
    public init(@ViewBuilder root: () -> C) where Data == Never { self.root = root() }
    public init(path: Binding<Data>, @ViewBuilder root: () -> C)
    where
        Data: MutableCollection & RandomAccessCollection & RangeReplaceableCollection, Data.Element: Hashable
    { self.root = root() }
    public var nodes: [Node] { [Node(.navigation, "", root.nodes)] }
}
public struct NavigationLink<L: View>: Leaf {
    let label: L
    public init<P: Hashable>(value: P?, @ViewBuilder label: () -> L) { self.label = label() }
    public var nodes: [Node] { [Node(.link, "", label.nodes)] }
}
