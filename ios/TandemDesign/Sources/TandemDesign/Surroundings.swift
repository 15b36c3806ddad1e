import SwiftUI
import TandemKit

/// What the phone does for the screens, behind closures: the app gives Apple's, previews and tests their own.
public struct Services: Sendable {
    /// A text as a QR code.
    public var code: @MainActor @Sendable (String) -> CGImage?
    public var copy: @MainActor @Sendable (String) -> Void
    /// What was copied elsewhere.
    public var pasted: @MainActor @Sendable () -> String?
    /// The camera, which gives the text of a QR code, or nil for an image without one.
    public var scanner: @MainActor @Sendable (@escaping @MainActor (String?) -> Void) -> AnyView
    /// Goes where the newest version is; nil where nobody knows that: no screen offers it then.
    public var update: (@MainActor @Sendable () -> Void)?

    public init(
        code: @escaping @MainActor @Sendable (String) -> CGImage?,
        copy: @escaping @MainActor @Sendable (String) -> Void,
        pasted: @escaping @MainActor @Sendable () -> String?,
        scanner: @escaping @MainActor @Sendable (@escaping @MainActor (String?) -> Void) -> AnyView,
        update: (@MainActor @Sendable () -> Void)?
    ) {
        (self.code, self.copy, self.pasted, self.scanner, self.update) = (code, copy, pasted, scanner, update)
    }

    /// A phone that does nothing.
    public static let none = Services(
        code: { _ in nil }, copy: { _ in }, pasted: { nil }, scanner: { _ in AnyView(EmptyView()) },
        update: {})
}

/// Keys for their own words, where no words were given.
struct NoStrings: Strings {
    func template(key: String, count: UInt64?) -> String { key }
    var locale: Locale { Locale(identifier: "en") }
}

private struct SayKey: EnvironmentKey { static let defaultValue = Say(strings: NoStrings()) }
private struct PaletteKey: EnvironmentKey { static let defaultValue = Palette.day }
private struct ServicesKey: EnvironmentKey { static let defaultValue = Services.none }
private struct StillKey: EnvironmentKey { static let defaultValue = false }

extension EnvironmentValues {
    /// Says phrases in the phone's language.
    public var say: Say {
        get { self[SayKey.self] }
        set { self[SayKey.self] = newValue }
    }

    public var palette: Palette {
        get { self[PaletteKey.self] }
        set { self[PaletteKey.self] = newValue }
    }

    public var services: Services {
        get { self[ServicesKey.self] }
        set { self[ServicesKey.self] = newValue }
    }

    /// Whether screens show what they were given and listen to nothing, as in a gallery.
    public var isStill: Bool {
        get { self[StillKey.self] }
        set { self[StillKey.self] = newValue }
    }
}

extension View {
    /// Runs a screen's model for as long as the screen is there.
    public func living(_ run: @escaping @MainActor () async -> Void) -> some View {
        modifier(Living(run: run))
    }
}

private struct Living: ViewModifier {
    let run: @MainActor () async -> Void
    @Environment(\.isStill) private var isStill

    func body(content: Content) -> some View {
        let isStill = isStill
        content.task { if !isStill { await run() } }
    }
}

/// The colours of the time of day, for everything inside.
public struct Look: ViewModifier {
    @Environment(\.colorScheme) private var scheme

    public init() {}

    public func body(content: Content) -> some View {
        let palette = Palette.of(scheme)
        content
            .environment(\.palette, palette)
            .tint(palette.accentInk.color)
            .foregroundStyle(palette.ink.color)
            .background(palette.ground.color)
    }
}
