// swift-tools-version:6.0
import PackageDescription

let package = Package(
    name: "WaitingFeature",
    platforms: [.iOS(.v17), .macOS(.v14)],
    products: [.library(name: "WaitingFeature", targets: ["WaitingFeature"])],
    dependencies: [.package(path: "../../TandemKit"), .package(path: "../../TandemDesign")],
    targets: [.target(name: "WaitingFeature", dependencies: ["TandemKit", "TandemDesign"])],
    swiftLanguageModes: [.v6]
)
