import SwiftUI
import TandemKit

extension Remedy {
    /// What its button says.
    public func title(_ say: Say) -> String {
        switch self {
        case .tryNow: say("remedy.try_now")
        case .copyText: say("remedy.copy_text")
        case .askForLink: say("remedy.ask_for_link")
        case .showMembers: say("remedy.show_members")
        case .updateApp: say("remedy.update_app")
        case .askSchool: say("remedy.ask_school")
        }
    }

    var symbol: String {
        switch self {
        case .tryNow: "arrow.clockwise"
        case .copyText: "doc.on.doc"
        case .askForLink: "link"
        case .showMembers: "person.2"
        case .updateApp: "arrow.down.circle"
        case .askSchool: "building.columns"
        }
    }
}

/// A button for each thing that a person can do, the most useful first. A remedy that this place can't do (nil) is
/// no button: what to do is said in the sentence before it, too.
public struct RemedyButtons: View {
    private let remedies: [Remedy]
    private let say: Say
    private let isBusy: Bool
    private let doing: @MainActor (Remedy) -> (@MainActor () -> Void)?

    public init(
        _ remedies: [Remedy], isBusy: Bool = false, say: Say,
        doing: @escaping @MainActor (Remedy) -> (@MainActor () -> Void)?
    ) {
        (self.remedies, self.isBusy, self.say, self.doing) = (remedies, isBusy, say, doing)
    }

    public var body: some View {
        // One below the other: side by side they are cut at large text sizes.
        VStack(alignment: .leading, spacing: 0) {
            ForEach(remedies, id: \.self) { remedy in
                if let act = doing(remedy) {
                    let isTrying = isBusy && remedy == .tryNow
                    LineButton(isTrying ? say("waiting.trying") : remedy.title(say), symbol: remedy.symbol) {
                        act()
                    }
                    .disabled(isTrying)
                }
            }
        }
    }
}
