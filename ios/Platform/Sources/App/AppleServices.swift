import SwiftUI
import TandemDesign
import UIKit

extension Services {
    /// What Apple's systems do for the screens.
    static let apple = Services(
        code: { Codes.make($0) },
        copy: { UIPasteboard.general.string = $0 },
        pasted: { UIPasteboard.general.string },
        scanner: { found in AnyView(Scanner(found: found)) },
        update: Store.update)
}

/// Where newer versions are, as the project's settings say.
private enum Store {
    /// Goes there; nil as long as they say nothing.
    static var update: (@MainActor @Sendable () -> Void)? {
        let page = Bundle.main.object(forInfoDictionaryKey: "TandemStorePage") as? String
        guard let page = page.flatMap({ URL(string: $0) }) else { return nil }
        return { UIApplication.shared.open(page) }
    }
}
