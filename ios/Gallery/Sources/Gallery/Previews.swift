#if canImport(UIKit)
    import Foundation
    import SwiftUI
    import TandemDesign
    import TandemKit

    /// All states of a screen.
    @MainActor private func states(of screen: String) -> some View {
        ForEach(gallery.filter { $0.screen == screen }) { shown in
            NavigationStack { shown.view() }
                .modifier(Look())
                .environment(\.say, Say(strings: words))
                .environment(\.isStill, true)
                .previewDisplayName(shown.state)
        }
    }

    /// The file that the app is built with, from where it lies: a preview has no bundle of the app's.
    private let words: any Strings = {
        let ios = (0..<4).reduce(URL(fileURLWithPath: #filePath)) { file, _ in
            file.deletingLastPathComponent()
        }
        let file = ios.appending(path: "App/Resources/Localizable.xcstrings")
        let language = Locale.current.language.languageCode?.identifier == "es" ? "es" : "en"
        guard let words = try? CatalogueStrings(Data(contentsOf: file), language: language) else {
            fatalError("\(file.path) can't be read")
        }
        return words
    }()

    struct ShutPreviews: PreviewProvider { static var previews: some View { states(of: "shut") } }
    struct WelcomePreviews: PreviewProvider { static var previews: some View { states(of: "welcome") } }
    struct JoinPreviews: PreviewProvider { static var previews: some View { states(of: "join") } }
    struct InboxPreviews: PreviewProvider { static var previews: some View { states(of: "inbox") } }
    struct ThreadPreviews: PreviewProvider { static var previews: some View { states(of: "thread") } }
    struct ComposePreviews: PreviewProvider { static var previews: some View { states(of: "compose") } }
    struct MembersPreviews: PreviewProvider { static var previews: some View { states(of: "members") } }
    struct WaitingPreviews: PreviewProvider { static var previews: some View { states(of: "waiting") } }
    struct AboutPreviews: PreviewProvider { static var previews: some View { states(of: "about") } }
#endif
