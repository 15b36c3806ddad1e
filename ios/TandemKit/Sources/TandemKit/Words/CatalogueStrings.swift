import Foundation

/// Words read from the catalogue file that the app is built with (`Localizable.xcstrings`): for previews and
/// tests, which have no bundle. It has the forms of English and Spanish: one, and the rest.
public struct CatalogueStrings: Strings {
    private struct Catalogue: Decodable { let strings: [String: Entry] }
    private struct Entry: Decodable { let localizations: [String: Localization] }
    private struct Localization: Decodable {
        let stringUnit: Unit?
        let variations: Variations?
    }
    private struct Unit: Decodable { let value: String }
    private struct Variations: Decodable { let plural: [String: Form] }
    private struct Form: Decodable { let stringUnit: Unit }

    private struct Words: Sendable {
        let always: String?
        let forms: [String: String]
    }

    /// Every key.
    public var keys: Set<String> { Set(words.keys) }
    public let locale: Locale
    private let words: [String: Words]

    /// Reads the words of a language by its code.
    public init(_ data: Data, language: String) throws {
        let catalogue = try JSONDecoder().decode(Catalogue.self, from: data)
        locale = Locale(identifier: language)
        words = catalogue.strings.compactMapValues { entry in
            guard let here = entry.localizations[language] else { return nil }
            let forms = here.variations?.plural.mapValues { Self.template($0.stringUnit.value) } ?? [:]
            return Words(always: here.stringUnit?.value, forms: forms)
        }
    }

    public func template(key: String, count: UInt64?) -> String {
        guard let words = words[key] else { return key }
        return words.always ?? words.forms[count == 1 ? "one" : "other"] ?? key
    }

    /// Apple chooses a plural by the number in its format; here the number has a name, as everything put in.
    private static func template(_ format: String) -> String {
        format.replacingOccurrences(of: "%lld", with: "{n}").replacingOccurrences(of: "%%", with: "%")
    }
}
