// swift-tools-version:6.0
// Linux only, never part of an app: a stand-in for the part of SwiftUI that the views use, so that they can
// be type-checked where there is no SwiftUI.
import PackageDescription

let package = Package(
    name: "Stub",
    products: [.library(name: "SwiftUI", targets: ["SwiftUI"])],
    targets: [.target(name: "SwiftUI")],
    swiftLanguageModes: [.v6]
)
