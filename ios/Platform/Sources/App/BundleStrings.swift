import Foundation
import TandemKit

/// The words of the app's bundle, in the language that the person has chosen for it.
struct BundleStrings: Strings {
    var locale: Locale {
        Locale(identifier: Bundle.main.preferredLocalizations.first ?? "en").merging(.current)
    }

    func template(key: String, count: UInt64?) -> String {
        let words = Bundle.main.localizedString(forKey: key, value: key, table: nil)
        // Words with several forms come as a format, which chooses by the number and writes it.
        guard let count, words.contains("%") else { return words }
        return String.localizedStringWithFormat(words, Int64(clamping: count))
    }
}

extension Locale {
    /// This language with another locale's region, which says how times are written.
    fileprivate func merging(_ other: Locale) -> Locale {
        var parts = Locale.Components(locale: other)
        parts.languageComponents = Locale.Language.Components(language: language)
        parts.languageComponents.region = other.region
        return Locale(components: parts)
    }
}
