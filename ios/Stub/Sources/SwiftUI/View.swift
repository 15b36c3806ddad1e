// A stand-in: Apple's signatures, as its reference has them, as far as the views use them. What passes here is
// type-checked against these lines and nothing else. A view's body can be walked (`nodes`), so that a test sees
// what a screen has on it; nothing is laid out or drawn.
@_exported import Foundation
@_exported import Observation

@MainActor @preconcurrency public protocol View {
    associatedtype Body: View
    @ViewBuilder @MainActor @preconcurrency var body: Body { get }
    /// What it comes to. Not Apple's.
    var nodes: [Node] { get }
}
extension View { public var nodes: [Node] { body.nodes } }

extension Never: View { public var body: Never { fatalError() } }

/// A view of this module's: it has no body.
public protocol Leaf: View where Body == Never {}
extension Leaf { public var body: Never { fatalError() } }

extension Optional: View where Wrapped: View {
    public var body: Never { fatalError() }
    public var nodes: [Node] { self?.nodes ?? [] }
}

@resultBuilder @MainActor public enum ViewBuilder {
    public static func buildBlock() -> EmptyView { EmptyView() }
    public static func buildExpression<V: View>(_ view: V) -> V { view }
    public static func buildBlock<V: View>(_ view: V) -> V { view }
    public static func buildBlock<each V: View>(_ view: repeat each V) -> TupleView<(repeat each V)> {
        var views: [any View] = []
        repeat views.append(each view)
        return TupleView(views: views)
    }
    public static func buildIf<V: View>(_ view: V?) -> V? { view }
    public static func buildEither<T: View, F: View>(first: T) -> ConditionalView<T, F> { .first(first) }
    public static func buildEither<T: View, F: View>(second: F) -> ConditionalView<T, F> { .second(second) }
    public static func buildLimitedAvailability<V: View>(_ view: V) -> AnyView { AnyView(view) }
}

public struct EmptyView: Leaf {
    public init() {}
    public var nodes: [Node] { [] }
}
public struct TupleView<T>: Leaf {
    let views: [any View]
    public var nodes: [Node] { views.flatMap { $0.nodes } }
}
public enum ConditionalView<T: View, F: View>: Leaf {
    case first(T)
    case second(F)
    public var nodes: [Node] {
        switch self {
        case .first(let view): view.nodes
        case .second(let view): view.nodes
        }
    }
}
public struct AnyView: Leaf {
    let view: any View
    public init<V: View>(_ view: V) { self.view = view }
    public var nodes: [Node] { view.nodes }
}
/// What a modifier makes of a view.
public struct Modified: Leaf {
    let make: @MainActor () -> [Node]
    public var nodes: [Node] { make() }
}

@MainActor @preconcurrency public protocol ViewModifier {
    associatedtype Body: View
    typealias Content = ModifierContent
    @ViewBuilder @MainActor @preconcurrency func body(content: Content) -> Body
}
public struct ModifierContent: Leaf {
    let view: any View
    public var nodes: [Node] { view.nodes }
}

extension View {
    public func modifier<M: ViewModifier>(_ modifier: M) -> some View {
        Modified { modifier.body(content: ModifierContent(view: self)).nodes }
    }
}
