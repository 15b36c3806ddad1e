import SwiftUI
import TandemKit

/// Goes to a place.
public typealias Go = @MainActor (Place) -> Void

extension View {
    /// Goes where a screen's state has to go, once.
    public func going(to next: Place?, _ go: @escaping Go, went: @escaping @MainActor () -> Void) -> some View
    {
        onChange(of: next, initial: true) { _, place in
            guard let place else { return }
            went()
            go(place)
        }
    }
}
