// swift-tools-version:6.0
import PackageDescription

let package = Package(
    name: "InboxFeature",
    platforms: [.iOS(.v17), .macOS(.v14)],
    products: [.library(name: "InboxFeature", targets: ["InboxFeature"])],
    dependencies: [.package(path: "../../TandemKit"), .package(path: "../../TandemDesign")],
    targets: [.target(name: "InboxFeature", dependencies: ["TandemKit", "TandemDesign"])],
    swiftLanguageModes: [.v6]
)
