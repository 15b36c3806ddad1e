import Foundation

/// Where the words are: the platform's own resources. Not a view's business.
public protocol Strings: Sendable {
    /// The words of a key, with `{name}` where something is put in. `count` chooses the plural form of words
    /// that have several. A key that is not there is its own words, so that what is wrong can be seen.
    func template(key: String, count: UInt64?) -> String

    /// The language that the words are in, which times and numbers are written for.
    var locale: Locale { get }
}
