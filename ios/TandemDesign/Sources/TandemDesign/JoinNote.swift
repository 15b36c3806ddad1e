import SwiftUI
import TandemKit

/// A join that waits, on either side of an invite, with what can be done about it.
public struct JoinNote: View {
    private let item: JoinItem
    private let isTrying: Bool
    private let say: Say
    private let go: Go
    private let tryNow: @MainActor () -> Void

    public init(
        _ item: JoinItem, isTrying: Bool, say: Say, go: @escaping Go, tryNow: @escaping @MainActor () -> Void
    ) {
        (self.item, self.isTrying, self.say, self.go, self.tryNow) = (item, isTrying, say, go, tryNow)
    }

    public var body: some View {
        VStack(alignment: .leading, spacing: Space.tight) {
            Text(verbatim: say(item.words.sentences)).font(.words).grows()
            RemedyButtons(item.words.remedies, isBusy: isTrying, say: say) { remedy in
                switch remedy {
                case .tryNow: tryNow
                case .askForLink: { go(.join(link: nil)) }
                case .showMembers: { go(.members(item.row.thread)) }
                case .copyText, .updateApp, .askSchool: nil
                }
            }
        }
    }
}
