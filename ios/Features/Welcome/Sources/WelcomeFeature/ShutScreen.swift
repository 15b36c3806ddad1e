import SwiftUI
import TandemDesign
import TandemKit

/// A home that can't be opened: why, and another try. Nothing of it was deleted.
public struct ShutScreen: View {
    private let why: Problem
    private let again: @MainActor () -> Void
    @Environment(\.say) private var say

    public init(_ why: Problem, again: @escaping @MainActor () -> Void) {
        (self.why, self.again) = (why, again)
    }

    public var body: some View {
        NothingYet(say(why.said), symbol: "exclamationmark.circle") {
            ThumbButton(say("remedy.try_now"), symbol: "arrow.clockwise", action: again)
        }
    }
}
