// Navigation, what is shown above a screen, and the app.
@MainActor public protocol ToolbarContent { var nodes: [Node] { get } }
public struct ToolbarItemPlacement: Sendable {
    public static let primaryAction = Self(), cancellationAction = Self(), confirmationAction = Self()
    public static let topBarTrailing = Self(), topBarLeading = Self(), principal = Self(), bottomBar = Self()
}
public struct ToolbarItem<C: View>: ToolbarContent {
    let content: C
    @MainActor public init(placement: ToolbarItemPlacement = .primaryAction, @ViewBuilder content: () -> C) {
        self.content = content()
    }
    public var nodes: [Node] { content.nodes.systems }
}
public struct ToolbarItems: ToolbarContent {
    let items: [any ToolbarContent]
    public var nodes: [Node] { items.flatMap { $0.nodes } }
}
@resultBuilder @MainActor public enum ToolbarContentBuilder {
    public static func buildBlock<each C: ToolbarContent>(_ content: repeat each C) -> ToolbarItems {
        var items: [any ToolbarContent] = []
        repeat items.append(each content)
        return ToolbarItems(items: items)
    }
}

public enum TitleDisplayMode: Sendable { case inline, large, automatic }

extension View {
    @_disfavoredOverload public func navigationTitle<S: StringProtocol>(_ title: S) -> some View {
        let title = String(title)
        return beside { [Node(.title, title)] }
    }
    public func navigationBarTitleDisplayMode(_ mode: TitleDisplayMode) -> some View { self }
    public func navigationDestination<D: Hashable, C: View>(
        for data: D.Type, @ViewBuilder destination: @escaping @MainActor (D) -> C
    ) -> some View { self }
    public func toolbar<C: ToolbarContent>(@ToolbarContentBuilder content: () -> C) -> some View {
        let items = content()
        return beside { items.nodes }
    }
    public func sheet<C: View>(
        isPresented: Binding<Bool>, onDismiss: (() -> Void)? = nil,
        @ViewBuilder content: @escaping @MainActor () -> C
    ) -> some View {
        beside { isPresented.wrappedValue ? [Node(.sheet, "", content().nodes)] : [] }
    }
    @_disfavoredOverload public func confirmationDialog<S: StringProtocol, A: View, M: View>(
        _ title: S, isPresented: Binding<Bool>, titleVisibility: Visibility = .automatic,
        @ViewBuilder actions: () -> A, @ViewBuilder message: () -> M
    ) -> some View {
        let (title, actions, message) = (String(title), actions(), message())
        return beside {
            guard isPresented.wrappedValue else { return [] }
            return [Node(.dialog, "", [Node(.title, title)] + message.nodes + actions.nodes.systems)]
        }
    }
}
