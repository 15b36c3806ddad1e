import SwiftUI

/// Sizes of what is not text; text has the system's own, which grow with what the person has set.
public enum Space {
    public static let tight: CGFloat = 4
    public static let close: CGFloat = 8
    public static let normal: CGFloat = 16
    public static let wide: CGFloat = 24
    /// The least that a finger needs.
    public static let target: CGFloat = 44
    /// The least height of a row.
    public static let row: CGFloat = 56
    public static let corner: CGFloat = 12
}

extension Font {
    /// 22 at the size that most have.
    public static let screenTitle = Font.system(.title2, weight: .semibold)
    /// 17.
    public static let rowTitle = Font.system(.headline)
    /// 16.
    public static let words = Font.system(.callout)
    /// 13.
    public static let state = Font.system(.footnote)
}

extension View {
    /// Big enough for a finger, and felt everywhere in it.
    public func target() -> some View {
        frame(minWidth: Space.target, minHeight: Space.target).contentShape(.rect)
    }

    /// Text that may grow over as many lines as it needs.
    public func grows() -> some View { fixedSize(horizontal: false, vertical: true) }

    /// Between the left and the right edge.
    public func filling(_ alignment: Alignment = .leading) -> some View {
        frame(maxWidth: .infinity, alignment: alignment)
    }
}
