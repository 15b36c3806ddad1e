import SwiftUI
import TandemKit

/// One state of one screen.
public struct Shown: Identifiable, Sendable {
    public let screen: String
    public let state: String
    /// The screen in that state. Nothing comes to it, and nothing that is touched is done.
    public let view: @MainActor @Sendable () -> AnyView

    public var id: String { "\(screen) \(state)" }

    init<Screen: View>(
        _ screen: String, _ state: String, _ view: @escaping @MainActor @Sendable () -> Screen
    ) {
        (self.screen, self.state) = (screen, state)
        self.view = { AnyView(view()) }
    }
}

/// Every state of every screen, once. `tests/golden/gallery.txt` names them for both phones.
@MainActor public let gallery: [Shown] =
    shutStates + welcomeStates + joinStates + inboxStates + threadStates + composeStates + membersStates
    + waitingStates + aboutStates

/// What an error of the library's says.
func problem(_ code: String, _ kind: Problem.Kind = .unreachable, _ field: String? = nil) -> Problem {
    Problem(kind: kind, said: errorWords(code: code, field: field), code: code, field: field)
}

/// A value with something changed in it.
func with<Value>(_ value: Value, _ change: (inout Value) -> Void) -> Value {
    var changed = value
    change(&changed)
    return changed
}
