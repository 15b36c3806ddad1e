// Signatures only, nothing runs. Add to this module what the views need, as Apple's reference has it; what
// passes here is type-checked against these lines and nothing else.
@_exported import Foundation
@_exported import Observation

@MainActor @preconcurrency public protocol View {
    associatedtype Body: View
    @ViewBuilder @MainActor @preconcurrency var body: Body { get }
}

extension Never: View { public var body: Never { fatalError() } }

/// A view of this module's: it has no body.
public protocol Leaf: View where Body == Never {}
extension Leaf { public var body: Never { fatalError() } }

extension Optional: View where Wrapped: View { public var body: Never { fatalError() } }

@resultBuilder @MainActor public enum ViewBuilder {
    public static func buildBlock() -> EmptyView { EmptyView() }
    public static func buildExpression<V: View>(_ view: V) -> V { view }
    public static func buildBlock<V: View>(_ view: V) -> V { view }
    public static func buildBlock<each V: View>(_ view: repeat each V) -> TupleView<(repeat each V)> {
        TupleView()
    }
    public static func buildIf<V: View>(_ view: V?) -> V? { view }
    public static func buildEither<T: View, F: View>(first: T) -> ConditionalView<T, F> { ConditionalView() }
    public static func buildEither<T: View, F: View>(second: F) -> ConditionalView<T, F> { ConditionalView() }
    public static func buildLimitedAvailability<V: View>(_ view: V) -> AnyView { AnyView(view) }
}

public struct EmptyView: Leaf { public init() {} }
public struct TupleView<T>: Leaf {}
public struct ConditionalView<T: View, F: View>: Leaf {}
public struct AnyView: Leaf { public init<V: View>(_ view: V) {} }
/// What a modifier makes of a view.
public struct Modified: Leaf {}

@MainActor @preconcurrency public protocol ViewModifier {
    associatedtype Body: View
    typealias Content = ModifierContent
    @ViewBuilder @MainActor @preconcurrency func body(content: Content) -> Body
}
public struct ModifierContent: Leaf {}

extension View {
    public func modifier<M: ViewModifier>(_ modifier: M) -> some View { Modified() }
}
