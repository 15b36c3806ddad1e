// swift-tools-version:6.0
import PackageDescription

let package = Package(
    name: "ComposeFeature",
    platforms: [.iOS(.v17), .macOS(.v14)],
    products: [.library(name: "ComposeFeature", targets: ["ComposeFeature"])],
    dependencies: [.package(path: "../../TandemKit"), .package(path: "../../TandemDesign")],
    targets: [.target(name: "ComposeFeature", dependencies: ["TandemKit", "TandemDesign"])],
    swiftLanguageModes: [.v6]
)
