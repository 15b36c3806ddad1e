public protocol DynamicProperty {}

@propertyWrapper @dynamicMemberLookup public struct Binding<Value> {
    public var wrappedValue: Value {
        get { read() }
        nonmutating set { write(newValue) }
    }
    public var projectedValue: Binding<Value> { self }
    let read: () -> Value, write: (Value) -> Void
    init(read: @escaping () -> Value, write: @escaping (Value) -> Void) {
        (self.read, self.write) = (read, write)
    }
    public subscript<S>(dynamicMember path: WritableKeyPath<Value, S>) -> Binding<S> {
        Binding<S>(read: { wrappedValue[keyPath: path] }, write: { wrappedValue[keyPath: path] = $0 })
    }
}

private final class Box<Value> {
    var value: Value
    init(_ value: Value) { self.value = value }
}

/// Lives as long as the value that was walked: a screen's, not that of a part which its body makes anew.
@MainActor @propertyWrapper public struct State<Value>: DynamicProperty {
    private let box: Box<Value>
    public init(wrappedValue: Value) { box = Box(wrappedValue) }
    public init(initialValue: Value) { box = Box(initialValue) }
    public var wrappedValue: Value {
        get { box.value }
        nonmutating set { box.value = newValue }
    }
    public var projectedValue: Binding<Value> {
        let box = box
        return Binding(read: { box.value }, write: { box.value = $0 })
    }
}
extension State where Value: ExpressibleByNilLiteral { public init() { self.init(wrappedValue: nil) } }

@MainActor @propertyWrapper @dynamicMemberLookup
public struct Bindable<Value: AnyObject> where Value: Observable {
    public init(wrappedValue: Value) { self.wrappedValue = wrappedValue }
    public init(_ value: Value) { wrappedValue = value }
    public var wrappedValue: Value
    public var projectedValue: Bindable<Value> { self }
    public subscript<S>(dynamicMember path: ReferenceWritableKeyPath<Value, S>) -> Binding<S> {
        let object = wrappedValue
        return Binding<S>(read: { object[keyPath: path] }, write: { object[keyPath: path] = $0 })
    }
}

@MainActor @propertyWrapper public struct Environment<Value>: DynamicProperty {
    private let path: KeyPath<EnvironmentValues, Value>
    public init(_ path: KeyPath<EnvironmentValues, Value>) { self.path = path }
    public var wrappedValue: Value { EnvironmentValues.current[keyPath: path] }
}

@MainActor @propertyWrapper public struct FocusState<Value: Hashable>: DynamicProperty {
    private let state: State<Value>
    public init() where Value == Bool { state = State(wrappedValue: false) }
    public var wrappedValue: Value {
        get { state.wrappedValue }
        nonmutating set { state.wrappedValue = newValue }
    }
    public var projectedValue: Binding { Binding(()) }
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

public struct EnvironmentValues {
    /// Of the view that is being walked.
    @MainActor static var current = EnvironmentValues()
    private var set: [ObjectIdentifier: Any] = [:]
    public subscript<K: EnvironmentKey>(key: K.Type) -> K.Value {
        get { set[ObjectIdentifier(key)] as? K.Value ?? K.defaultValue }
        set { set[ObjectIdentifier(key)] = newValue }
    }
    public var scenePhase: ScenePhase { .active }
    public var colorScheme = ColorScheme.light
    public var dynamicTypeSize = DynamicTypeSize.large
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
        Modified {
            let before = EnvironmentValues.current
            defer { EnvironmentValues.current = before }
            EnvironmentValues.current[keyPath: path] = value
            return nodes
        }
    }
    public func focused(_ condition: FocusState<Bool>.Binding) -> some View { self }
}
