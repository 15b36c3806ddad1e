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
        update: Store.page.map { page in { UIApplication.shared.open(page) } })
}

/// Where newer versions are, as the project's settings say; nil as long as they say nothing.
private enum Store {
    static var page: URL? {
        (Bundle.main.object(forInfoDictionaryKey: "TandemStorePage") as? String).flatMap { URL(string: $0) }
    }
}
