public struct LocalizedStringKey: ExpressibleByStringInterpolation, Sendable {
    let key: String
    public init(stringLiteral value: String) { key = value }
}

public struct Text: Equatable, Sendable {
    let words: String
    public init(_ key: LocalizedStringKey) { words = key.key }
    @_disfavoredOverload public init<S: StringProtocol>(_ content: S) { words = String(content) }
    public init(verbatim content: String) { words = content }
}
extension Text: Leaf { public var nodes: [Node] { [Node(.text, words)] } }

public struct Image: Equatable, Sendable {
    let name: String
    public init(systemName: String) { name = systemName }
    public init(decorative image: CGImage, scale: CGFloat) { name = "" }
    public func resizable() -> Image { self }
    public func interpolation(_ interpolation: Interpolation) -> Image { self }
    public enum Interpolation: Sendable { case none, low, medium, high }
}
extension Image: Leaf {
    /// A decorative one says nothing by itself.
    public var nodes: [Node] {
        var node = Node(.image, name)
        node.isHidden = name.isEmpty
        return [node]
    }
}

/// On Apple's systems it is CoreGraphics' class.
public final class CGImage: Sendable { public init() {} }

/// Its title is heard, not its icon.
public struct Label<Title: View, Icon: View>: Leaf {
    let title: Title, icon: Icon
    public init(@ViewBuilder title: () -> Title, @ViewBuilder icon: () -> Icon) {
        (self.title, self.icon) = (title(), icon())
    }
    public var nodes: [Node] {
        [Node(.label, "", icon.changed { $0.isHidden = true }.nodes + title.nodes)]
    }
}

public struct ButtonRole: Equatable, Sendable {
    let name: String
    public static let destructive = ButtonRole(name: "destructive"), cancel = ButtonRole(name: "cancel")
}

public struct Button<L: View>: Leaf {
    let action: @MainActor () -> Void
    let label: L
    public init(action: @escaping @MainActor () -> Void, @ViewBuilder label: () -> L) {
        (self.action, self.label) = (action, label())
    }
    public init(role: ButtonRole?, action: @escaping @MainActor () -> Void, @ViewBuilder label: () -> L) {
        (self.action, self.label) = (action, label())
    }
    public var nodes: [Node] { [Node(.button, "", label.nodes, touch: action)] }
}
extension Button where L == Text {
    @_disfavoredOverload
    public init<S: StringProtocol>(_ title: S, action: @escaping @MainActor () -> Void) {
        (self.action, label) = (action, Text(title))
    }
    @_disfavoredOverload
    public init<S: StringProtocol>(_ title: S, role: ButtonRole?, action: @escaping @MainActor () -> Void) {
        (self.action, label) = (action, Text(title))
    }
}
extension Button where L == Label<Text, Image> {
    @_disfavoredOverload public init<S: StringProtocol>(
        _ title: S, systemImage: String, action: @escaping @MainActor () -> Void
    ) {
        self.action = action
        label = Label {
            Text(title)
        } icon: {
            Image(systemName: systemImage)
        }
    }
}

public struct TextField<L: View>: Leaf {
    let title: L
    let text: Binding<String>
    public var nodes: [Node] {
        var node = Node(.field, "", title.nodes)
        node.value = text.wrappedValue
        return [node]
    }
}
extension TextField where L == Text {
    @_disfavoredOverload public init<S: StringProtocol>(_ title: S, text: Binding<String>) {
        (self.title, self.text) = (Text(title), text)
    }
    @_disfavoredOverload public init<S: StringProtocol>(_ title: S, text: Binding<String>, axis: Axis) {
        (self.title, self.text) = (Text(title), text)
    }
}

public struct Picker<L: View, V: Hashable, C: View>: Leaf {
    let content: C, label: L
    public init(selection: Binding<V>, @ViewBuilder content: () -> C, @ViewBuilder label: () -> L) {
        (self.content, self.label) = (content(), label())
    }
    public var nodes: [Node] { [Node(.picker, "", label.nodes + content.nodes)] }
}
extension Picker where L == Text {
    @_disfavoredOverload
    public init<S: StringProtocol>(_ title: S, selection: Binding<V>, @ViewBuilder content: () -> C) {
        (self.content, label) = (content(), Text(title))
    }
}

public struct DatePickerComponents: OptionSet, Sendable {
    public let rawValue: UInt
    public init(rawValue: UInt) { self.rawValue = rawValue }
    public static let date = Self(rawValue: 1), hourAndMinute = Self(rawValue: 2)
}
public struct DatePicker<L: View>: Leaf {
    let label: L
    public var nodes: [Node] { [Node(.day, "", label.nodes)] }
}
extension DatePicker where L == Text {
    @_disfavoredOverload public init<S: StringProtocol>(
        _ title: S, selection: Binding<Date>, in range: PartialRangeFrom<Date>,
        displayedComponents: DatePickerComponents
    ) { label = Text(title) }
}

public struct Menu<L: View, C: View>: Leaf {
    let content: C, label: L
    public init(@ViewBuilder content: () -> C, @ViewBuilder label: () -> L) {
        (self.content, self.label) = (content(), label())
    }
    public var nodes: [Node] { [Node(.menu, "", label.nodes + [Node(.dialog, "", content.nodes.systems)])] }
}

public struct ShareLink<L: View>: Leaf {
    let label: L
    public init(item: String, subject: Text? = nil, message: Text? = nil, @ViewBuilder label: () -> L) {
        self.label = label()
    }
    public var nodes: [Node] { [Node(.share, "", label.nodes)] }
}

public struct ProgressView<L: View>: Leaf {
    let title: L
    public var nodes: [Node] { [Node(.progress, "", title.nodes)] }
}
extension ProgressView where L == EmptyView { public init() { title = EmptyView() } }
extension ProgressView where L == Text {
    @_disfavoredOverload public init<S: StringProtocol>(_ title: S) { self.title = Text(title) }
}

public struct ContentUnavailableView<L: View, D: View, A: View>: Leaf {
    let label: L, description: D, actions: A
    public init(
        @ViewBuilder label: () -> L, @ViewBuilder description: () -> D = { EmptyView() },
        @ViewBuilder actions: () -> A = { EmptyView() }
    ) { (self.label, self.description, self.actions) = (label(), description(), actions()) }
    public var nodes: [Node] { [Node(.stack, "", label.nodes + description.nodes + actions.nodes)] }
}

/// Its content is walked whether it is open or not.
public struct DisclosureGroup<L: View, C: View>: Leaf {
    let isExpanded: Binding<Bool>, content: () -> C, label: L
    public init(
        isExpanded: Binding<Bool>, @ViewBuilder content: @escaping () -> C, @ViewBuilder label: () -> L
    ) { (self.isExpanded, self.content, self.label) = (isExpanded, content, label()) }
    public var nodes: [Node] {
        [Node(.disclosure, "", label.nodes) { isExpanded.wrappedValue.toggle() }] + content().nodes
    }
}
