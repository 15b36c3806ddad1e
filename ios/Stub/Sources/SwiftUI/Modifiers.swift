extension View {
    // Layout
    public func padding(_ edges: Edge.Set = .all, _ length: CGFloat? = nil) -> some View { Modified() }
    public func padding(_ length: CGFloat) -> some View { Modified() }
    public func frame(width: CGFloat? = nil, height: CGFloat? = nil, alignment: Alignment = .center)
        -> some View
    {
        Modified()
    }
    public func frame(
        minWidth: CGFloat? = nil, idealWidth: CGFloat? = nil, maxWidth: CGFloat? = nil,
        minHeight: CGFloat? = nil, idealHeight: CGFloat? = nil, maxHeight: CGFloat? = nil,
        alignment: Alignment = .center
    ) -> some View { Modified() }
    public func aspectRatio(_ ratio: CGFloat? = nil, contentMode: ContentMode) -> some View { Modified() }
    public func scaledToFit() -> some View { Modified() }
    public func fixedSize(horizontal: Bool, vertical: Bool) -> some View { Modified() }
    public func lineLimit(_ number: Int?) -> some View { Modified() }
    public func lineLimit(_ limit: PartialRangeFrom<Int>) -> some View { Modified() }
    public func lineSpacing(_ spacing: CGFloat) -> some View { Modified() }
    public func multilineTextAlignment(_ alignment: TextAlignment) -> some View { Modified() }
    public func safeAreaInset<V: View>(
        edge: VerticalEdge, alignment: HorizontalAlignment = .center, spacing: CGFloat? = nil,
        @ViewBuilder content: () -> V
    ) -> some View { Modified() }
    public func contentShape<S: Shape>(_ shape: S, eoFill: Bool = false) -> some View { Modified() }
    public func id<ID: Hashable>(_ id: ID) -> some View { Modified() }
    public func tag<V: Hashable>(_ tag: V) -> some View { Modified() }
    public func zIndex(_ value: Double) -> some View { Modified() }

    // Look
    public func font(_ font: Font?) -> some View { Modified() }
    public func fontWeight(_ weight: Font.Weight?) -> some View { Modified() }
    public func foregroundStyle<S: ShapeStyle>(_ style: S) -> some View { Modified() }
    public func tint<S: ShapeStyle>(_ tint: S?) -> some View { Modified() }
    public func background<S: ShapeStyle>(_ style: S, ignoresSafeAreaEdges: Edge.Set = .all) -> some View {
        Modified()
    }
    public func background<S: ShapeStyle, T: Shape>(_ style: S, in shape: T) -> some View { Modified() }
    public func clipShape<S: Shape>(_ shape: S) -> some View { Modified() }
    public func overlay<V: View>(alignment: Alignment = .center, @ViewBuilder content: () -> V) -> some View {
        Modified()
    }
    public func opacity(_ opacity: Double) -> some View { Modified() }
    public func animation<V: Equatable>(_ animation: Animation?, value: V) -> some View { Modified() }
    public func imageScale(_ scale: Image.Scale) -> some View { Modified() }
    public func controlSize(_ size: ControlSize) -> some View { Modified() }
    public func buttonStyle<S: PrimitiveButtonStyle>(_ style: S) -> some View { Modified() }
    public func textFieldStyle<S: TextFieldStyle>(_ style: S) -> some View { Modified() }
    public func pickerStyle<S: PickerStyle>(_ style: S) -> some View { Modified() }

    // Lists
    public func listStyle<S: ListStyle>(_ style: S) -> some View { Modified() }
    public func listRowSeparator(_ visibility: Visibility) -> some View { Modified() }
    public func listRowBackground<V: View>(_ view: V?) -> some View { Modified() }
    public func scrollContentBackground(_ visibility: Visibility) -> some View { Modified() }
    public func scrollDismissesKeyboard(_ mode: ScrollDismissesKeyboardMode) -> some View { Modified() }
    public func defaultScrollAnchor(_ anchor: UnitPoint?) -> some View { Modified() }
    public func swipeActions<C: View>(
        edge: HorizontalEdge = .trailing, allowsFullSwipe: Bool = true, @ViewBuilder content: () -> C
    ) -> some View { Modified() }
    public func refreshable(action: @escaping @Sendable () async -> Void) -> some View { Modified() }

    // Input
    public func disabled(_ disabled: Bool) -> some View { Modified() }
    public func onSubmit(_ action: @escaping () -> Void) -> some View { Modified() }
    public func onTapGesture(count: Int = 1, perform: @escaping () -> Void) -> some View { Modified() }
    public func textInputAutocapitalization(_ mode: TextInputAutocapitalization?) -> some View { Modified() }
    public func autocorrectionDisabled(_ disable: Bool = true) -> some View { Modified() }
    public func textSelection<S: TextSelectability>(_ selectability: S) -> some View { Modified() }
    public func labelsHidden() -> some View { Modified() }
    public func interactiveDismissDisabled(_ disabled: Bool = true) -> some View { Modified() }

    // Life
    public func task(
        priority: TaskPriority = .userInitiated, _ action: @escaping @Sendable @isolated(any) () async -> Void
    ) -> some View { Modified() }
    public func task<T: Equatable>(
        id: T, priority: TaskPriority = .userInitiated,
        _ action: @escaping @Sendable @isolated(any) () async -> Void
    ) -> some View { Modified() }
    public func onAppear(perform action: (() -> Void)? = nil) -> some View { Modified() }
    public func onDisappear(perform action: (() -> Void)? = nil) -> some View { Modified() }
    public func onChange<V: Equatable>(
        of value: V, initial: Bool = false, _ action: @escaping (V, V) -> Void
    ) -> some View { Modified() }
    public func onOpenURL(perform action: @escaping (URL) -> Void) -> some View { Modified() }
}

public enum ContentMode: Sendable { case fit, fill }
