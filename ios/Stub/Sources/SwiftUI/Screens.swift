// Navigation, what is shown above a screen, and the app.
public protocol ToolbarContent {}
public struct ToolbarItemPlacement: Sendable {
    public static let primaryAction = Self(), cancellationAction = Self(), confirmationAction = Self()
    public static let topBarTrailing = Self(), topBarLeading = Self(), principal = Self(), bottomBar = Self()
}
public struct ToolbarItem<C: View>: ToolbarContent {
    @MainActor public init(placement: ToolbarItemPlacement = .primaryAction, @ViewBuilder content: () -> C) {}
}
public struct ToolbarItems: ToolbarContent {}
@resultBuilder @MainActor public enum ToolbarContentBuilder {
    public static func buildBlock<each C: ToolbarContent>(_ content: repeat each C) -> ToolbarItems {
        ToolbarItems()
    }
    public static func buildIf<C: ToolbarContent>(_ content: C?) -> ToolbarItems { ToolbarItems() }
}

public enum TitleDisplayMode: Sendable { case inline, large, automatic }

extension View {
    @_disfavoredOverload public func navigationTitle<S: StringProtocol>(_ title: S) -> some View {
        Modified()
    }
    public func navigationBarTitleDisplayMode(_ mode: TitleDisplayMode) -> some View { Modified() }
    public func navigationDestination<D: Hashable, C: View>(
        for data: D.Type, @ViewBuilder destination: @escaping @MainActor (D) -> C
    ) -> some View { Modified() }
    public func toolbar<C: ToolbarContent>(@ToolbarContentBuilder content: () -> C) -> some View {
        Modified()
    }
    public func sheet<C: View>(
        isPresented: Binding<Bool>, onDismiss: (() -> Void)? = nil,
        @ViewBuilder content: @escaping @MainActor () -> C
    ) -> some View { Modified() }
    public func sheet<I: Identifiable, C: View>(
        item: Binding<I?>, onDismiss: (() -> Void)? = nil,
        @ViewBuilder content: @escaping @MainActor (I) -> C
    ) -> some View { Modified() }
    @_disfavoredOverload public func alert<S: StringProtocol, A: View, M: View>(
        _ title: S, isPresented: Binding<Bool>, @ViewBuilder actions: () -> A, @ViewBuilder message: () -> M
    ) -> some View { Modified() }
    @_disfavoredOverload public func confirmationDialog<S: StringProtocol, A: View, M: View>(
        _ title: S, isPresented: Binding<Bool>, titleVisibility: Visibility = .automatic,
        @ViewBuilder actions: () -> A, @ViewBuilder message: () -> M
    ) -> some View { Modified() }
}

@MainActor @preconcurrency public protocol Scene {
    associatedtype Body: Scene
    @SceneBuilder @MainActor @preconcurrency var body: Body { get }
}
extension Never: Scene {}
public struct WindowGroup<C: View>: Scene {
    public init(@ViewBuilder content: @escaping () -> C) {}
    public var body: Never { fatalError() }
}
@resultBuilder @MainActor public enum SceneBuilder {
    public static func buildBlock<S: Scene>(_ scene: S) -> S { scene }
}
