import Foundation
import Gallery
import SwiftUI
import TandemDesign
import TandemKit

/// How somebody looks at a screen.
struct Sight: CustomStringConvertible {
    let language: String
    var scheme = ColorScheme.light
    var size = DynamicTypeSize.large

    static let all = [
        Sight(language: "en"), Sight(language: "es"),
        Sight(language: "en", scheme: .dark, size: .accessibility3),
        Sight(language: "es", scheme: .dark, size: .accessibility3),
    ]

    var description: String { "\(language) \(scheme) \(size)" }
}

/// The catalogue's words, each with a mark before it that tells them from what people wrote.
struct Marked: Strings {
    static let mark: Character = "\u{E000}"
    let words: CatalogueStrings

    private static let all = Result {
        let file = ProcessInfo.processInfo.environment["TANDEM_WORDS"] ?? "cargo xtask swift says where"
        let data = try Data(contentsOf: URL(fileURLWithPath: file))
        return try [
            "en": CatalogueStrings(data, language: "en"), "es": CatalogueStrings(data, language: "es"),
        ]
    }

    init(_ language: String) throws {
        guard let words = try Self.all.get()[language] else { throw CocoaError(.fileReadUnknown) }
        self.words = words
    }

    var locale: Locale { words.locale }
    func template(key: String, count: UInt64?) -> String {
        "\(Self.mark)\(words.template(key: key, count: count))"
    }
}

/// What a view has on it, as the app would show it.
@MainActor func walked(_ view: some View, _ sight: Sight) throws -> [Node] {
    var services = Services.none
    services.code = { _ in CGImage() }
    return NavigationStack { view }
        .modifier(Look())
        .environment(\.say, Say(strings: try Marked(sight.language)))
        .environment(\.services, services)
        .environment(\.isStill, true)
        .environment(\.colorScheme, sight.scheme)
        .environment(\.dynamicTypeSize, sight.size)
        .nodes
}

extension Node {
    /// All that is seen and heard of it.
    var texts: [String] {
        [text, label ?? "", hint, value].filter { !$0.isEmpty } + children.flatMap(\.texts)
    }

    /// It and all that is in it.
    var all: [Node] { [self] + children.flatMap(\.all) }

    /// What it is called to whoever can't see it.
    var name: String {
        if let label { return label }
        if joins == .ignore { return "" }
        let words = kind == .image || isHidden ? "" : text
        let heard = children.filter { !$0.isHidden && $0.kind != .dialog && $0.kind != .sheet }
        return ([words] + heard.map(\.name)).filter { !$0.isEmpty }.joined(separator: ", ")
    }
}
