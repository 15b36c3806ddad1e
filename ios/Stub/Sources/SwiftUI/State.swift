public protocol DynamicProperty {}

@propertyWrapper @dynamicMemberLookup public struct Binding<Value> {
    public var wrappedValue: Value {
        get { read() }
        nonmutating set { write(newValue) }
    }
    public var projectedValue: Binding<Value> { self }
    let read: () -> Value, write: (Value) -> Void
    @preconcurrency public init(
        get: @escaping @isolated(any) @Sendable () -> Value,
        set: @escaping @isolated(any) @Sendable (Value) -> Void
    ) { fatalError() }
    init(value: Value) { (read, write) = ({ value }, { _ in }) }
    public static func constant(_ value: Value) -> Binding { Binding(value: value) }
    public subscript<S>(dynamicMember path: WritableKeyPath<Value, S>) -> Binding<S> {
        .constant(wrappedValue[keyPath: path])
    }
}

@MainActor @propertyWrapper public struct State<Value>: DynamicProperty {
    public init(wrappedValue: Value) { value = wrappedValue }
    public init(initialValue: Value) { value = initialValue }
    let value: Value
    public var wrappedValue: Value {
        get { value }
        nonmutating set {}
    }
    public var projectedValue: Binding<Value> { .constant(value) }
}
extension State where Value: ExpressibleByNilLiteral { public init() { self.init(wrappedValue: nil) } }

@MainActor @propertyWrapper @dynamicMemberLookup
public struct Bindable<Value: AnyObject> where Value: Observable {
    public init(wrappedValue: Value) { self.wrappedValue = wrappedValue }
    public init(_ value: Value) { wrappedValue = value }
    public var wrappedValue: Value
    public var projectedValue: Bindable<Value> { self }
    public subscript<S>(dynamicMember path: ReferenceWritableKeyPath<Value, S>) -> Binding<S> {
        .constant(wrappedValue[keyPath: path])
    }
}

@MainActor @propertyWrapper public struct Environment<Value>: DynamicProperty {
    public init(_ path: KeyPath<EnvironmentValues, Value>) {}
    public init(_ type: Value.Type) where Value: AnyObject & Observable {}
    public var wrappedValue: Value { fatalError() }
}

@MainActor @propertyWrapper public struct FocusState<Value: Hashable>: DynamicProperty {
    public init() where Value == Bool {}
    public init<T: Hashable>() where Value == T? {}
    public var wrappedValue: Value {
        get { fatalError() }
        nonmutating set {}
    }
    public var projectedValue: Binding { fatalError() }
    @MainActor @propertyWrapper public struct Binding {
        init(_: ()) {}
        public var wrappedValue: Value {
            get { fatalError() }
            nonmutating set {}
        }
    }
}

@MainActor @propertyWrapper public struct ScaledMetric<Value>: DynamicProperty {
    public init(wrappedValue: Value, relativeTo style: Font.TextStyle) { self.wrappedValue = wrappedValue }
    public var wrappedValue: Value
}

public protocol EnvironmentKey {
    associatedtype Value
    static var defaultValue: Value { get }
}

public struct EnvironmentValues: Sendable {
    public subscript<K: EnvironmentKey>(key: K.Type) -> K.Value {
        get { K.defaultValue }
        set {}
    }
    public var dismiss: DismissAction { DismissAction() }
    public var scenePhase: ScenePhase { .active }
    public var openURL: OpenURLAction { OpenURLAction() }
    public var colorScheme: ColorScheme { .light }
    public var dynamicTypeSize: DynamicTypeSize { .large }
    public var accessibilityReduceMotion: Bool { false }
    public var locale: Locale { Locale(identifier: "en") }
}

@MainActor public struct DismissAction: Sendable {
    public func callAsFunction() {}
}
@MainActor public struct OpenURLAction: Sendable {
    public func callAsFunction(_ url: URL) {}
}
public enum ScenePhase: Comparable, Sendable { case background, inactive, active }
public enum ColorScheme: Sendable, CaseIterable { case light, dark }
public enum DynamicTypeSize: Comparable, Sendable, CaseIterable {
    case xSmall, small, medium, large, xLarge, xxLarge, xxxLarge
    case accessibility1, accessibility2, accessibility3, accessibility4, accessibility5
    public var isAccessibilitySize: Bool { self >= .accessibility1 }
}

extension View {
    public func environment<V>(_ path: WritableKeyPath<EnvironmentValues, V>, _ value: V) -> some View {
        Modified()
    }
    public func environment<T: AnyObject & Observable>(_ object: T?) -> some View { Modified() }
    public func focused(_ condition: FocusState<Bool>.Binding) -> some View { Modified() }
    public func focused<V: Hashable>(_ binding: FocusState<V>.Binding, equals value: V) -> some View {
        Modified()
    }
}
