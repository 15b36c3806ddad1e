/// What a view comes to, for tests: what is to be seen, heard and touched of it. Not Apple's. Sizes are those that the
/// view asks for; nothing is laid out.
@MainActor public struct Node {
    public enum Kind: String, Sendable {
        case text, image, shape, progress
        case button, link, field, picker, toggle, day, menu, share, disclosure
        /// Holds others.
        case stack, list, section, label, navigation
        /// Lies on top.
        case sheet, dialog
        case title
    }

    public var kind: Kind
    /// Its own words: of a text, a symbol's name, what a field is called, a screen's title.
    public var text: String
    /// What a field has in it.
    public var value = ""
    public var children: [Node] = []

    public var label: String?
    public var hint = ""
    public var isHidden = false
    public var isHeader = false
    public var isDisabled = false
    /// Its children are heard as one, or not at all: then only its label is.
    public var joins: AccessibilityChildBehavior?
    /// It is in a place whose sizes the system sees to: a toolbar, a menu, a dialog.
    public var isSystems = false
    /// It has a colour of its own below it.
    public var hasGround = false
    public var least = CGSize.zero
    public var touch: (@MainActor () -> Void)?
    public var appears: [() -> Void] = []
    public var disappears: [() -> Void] = []

    init(_ kind: Kind, _ text: String = "", _ children: [Node] = [], touch: (@MainActor () -> Void)? = nil) {
        (self.kind, self.text, self.children, self.touch) = (kind, text, children, touch)
    }
}

extension View {
    /// What this view comes to, each part with something changed.
    func changed(_ change: @escaping @MainActor (inout Node) -> Void) -> Modified {
        Modified {
            nodes.map { node in
                var node = node
                change(&node)
                return node
            }
        }
    }

    /// What this view comes to, with more beside it.
    func beside(_ more: @escaping @MainActor () -> [Node]) -> Modified { Modified { nodes + more() } }
}

extension Array where Element == Node {
    /// In a place whose sizes the system sees to.
    @MainActor var systems: [Node] {
        map { node in
            var node = node
            node.isSystems = true
            node.children = node.children.systems
            return node
        }
    }
}
