import SwiftUI
import TandemKit

/// What is wrong with a screen for whoever can't see it, or has a big thumb, as far as that stands in its views.
/// Nothing is laid out here: what is cut, hidden or out of reach is not seen.
@MainActor struct Audit {
    private static let finger: CGFloat = 44
    private static let controls: [Node.Kind] = [
        .button, .link, .field, .picker, .toggle, .day, .menu, .share, .disclosure,
    ]
    /// Those whose size is the view's own; the system makes rows and fields big enough.
    private static let sized: [Node.Kind] = [.button, .menu, .share, .disclosure]

    private let keys: Set<String>
    private(set) var wrong: [String] = []

    init(keys: Set<String>) { self.keys = keys }

    mutating func look(at nodes: [Node]) {
        for node in nodes { look(node, isSaid: false) }
        let headings = nodes.flatMap(\.all).filter { $0.kind == .title || $0.isHeader }
        if !headings.contains(where: { !$0.name.isEmpty }) { wrong.append("no heading") }
    }

    /// `isSaid`: what is around it has words for all of it, or is not to be heard.
    private mutating func look(_ node: Node, isSaid: Bool) {
        if Self.controls.contains(node.kind), !isSaid { control(node) }
        words(of: node)
        // What lies on top is heard for itself.
        let isOnTop = node.kind == .dialog || node.kind == .sheet
        let isSaid = !isOnTop && (isSaid || node.isHidden || node.label != nil)
        if node.kind == .image, !isSaid { wrong.append("the symbol \(node.text) says nothing") }
        if node.kind == .shape, !isSaid { wrong.append("a colour says something alone") }
        if node.hasGround, !node.isHidden, node.name.isEmpty { wrong.append("a colour without words on it") }
        if !node.isHidden, node.name.isEmpty, node.children.contains(where: { $0.kind == .image }) {
            let symbols = node.children.filter { $0.kind == .image }.map(\.text)
            wrong.append("no words beside \(symbols)")
        }
        for child in node.children { look(child, isSaid: isSaid) }
    }

    private mutating func control(_ node: Node) {
        let name = node.name
        if name.isEmpty { return wrong.append("a \(node.kind) has no name") }
        // A row is called what people called it; everything else is our own words.
        let isRow = node.kind == .link || node.kind == .disclosure
        if !isRow, !(name + node.hint).contains(Marked.mark) {
            wrong.append("the \(node.kind) '\(name)' has no words of the catalogue")
        }
        guard Self.sized.contains(node.kind), !node.isSystems else { return }
        // A frame around a button is no part of it: what is felt is its label.
        let width = node.children.map(\.least.width).max() ?? 0
        let height = node.children.map(\.least.height).max() ?? 0
        let isWide = node.kind == .disclosure || width >= Self.finger
        if !isWide || height < Self.finger { wrong.append("'\(name)' asks for \(width) by \(height)") }
    }

    private mutating func words(of node: Node) {
        let isText = (node.kind == .text || node.kind == .title) && !node.isHidden
        if isText, plain(node.text).isEmpty { wrong.append("an empty text") }
        if let label = node.label, plain(label).isEmpty { wrong.append("an empty label") }
        for text in [node.text, node.label ?? "", node.hint] {
            let plain = plain(text)
            if keys.contains(plain) { wrong.append("the key '\(plain)' is shown") }
            if plain.firstMatch(of: /\{[a-z]+\}/) != nil { wrong.append("'\(plain)' has a place left open") }
        }
    }
}

/// Without the catalogue's marks and the isolation of other people's words.
func plain(_ text: String) -> String {
    text.filter { $0 != Marked.mark && !"\u{2068}\u{2069}".contains($0) }
        .trimmingCharacters(in: .whitespacesAndNewlines)
}
