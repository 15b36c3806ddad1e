import SwiftUI

/// A colour by its parts, so that contrast can be reckoned.
public struct Tint: Equatable, Sendable {
    public let red: Double, green: Double, blue: Double

    /// As `0xRRGGBB`.
    public init(_ hex: UInt32) {
        red = Double(hex >> 16 & 0xFF) / 255
        green = Double(hex >> 8 & 0xFF) / 255
        blue = Double(hex & 0xFF) / 255
    }

    public var color: Color { Color(.sRGB, red: red, green: green, blue: blue, opacity: 1) }

    /// How well this stands out on another, from 1 to 21, as WCAG reckons it.
    public func contrast(on ground: Tint) -> Double {
        let (one, other) = (luminance, ground.luminance)
        return (max(one, other) + 0.05) / (min(one, other) + 0.05)
    }

    private var luminance: Double {
        func linear(_ part: Double) -> Double {
            part <= 0.04045 ? part / 12.92 : pow((part + 0.055) / 1.055, 2.4)
        }
        return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)
    }
}

/// The colours of the screens: one accent, amber for "needs you", red for what can't be undone.
public struct Palette: Equatable, Sendable {
    /// What everything lies on.
    public let ground: Tint
    /// What lies on it: what others say, fields, cards.
    public let raised: Tint
    /// Text.
    public let ink: Tint
    /// Text that may wait.
    public let quiet: Tint
    /// The one accent.
    public let accent: Tint
    /// The accent as text, and as the ground of the one thing that a screen is for.
    public let accentInk: Tint
    /// Text on `accentInk`.
    public let onAccent: Tint
    /// The accent as a ground: own words, what is chosen.
    public let soft: Tint
    /// Text on `soft`.
    public let onSoft: Tint
    /// Needs you; nothing else is amber.
    public let amber: Tint
    /// The ground of what needs you.
    public let amberSoft: Tint
    /// Text on `amberSoft`.
    public let onAmber: Tint
    /// What can't be undone; nothing else is red.
    public let red: Tint

    public static let day = Palette(
        ground: Tint(0xFBFCFB), raised: Tint(0xF0F4F2), ink: Tint(0x17201E), quiet: Tint(0x3C4845),
        accent: Tint(0x0B6E69), accentInk: Tint(0x07524D), onAccent: Tint(0xFFFFFF), soft: Tint(0xDDEFEC),
        onSoft: Tint(0x0B3633), amber: Tint(0x8A5A00), amberSoft: Tint(0xFCF0DA), onAmber: Tint(0x5A3A00),
        red: Tint(0x8F1D1D))
    public static let night = Palette(
        ground: Tint(0x101413), raised: Tint(0x1B211F), ink: Tint(0xE7EDEB), quiet: Tint(0xBBC6C3),
        accent: Tint(0x74D7CE), accentInk: Tint(0x74D7CE), onAccent: Tint(0x00302D), soft: Tint(0x12332F),
        onSoft: Tint(0xD5F3EF), amber: Tint(0xF0BE62), amberSoft: Tint(0x35290F), onAmber: Tint(0xF8DCA6),
        red: Tint(0xFFB4AB))

    public static func of(_ scheme: ColorScheme) -> Palette { scheme == .dark ? night : day }
}
