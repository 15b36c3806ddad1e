// swift-tools-version:6.0
import PackageDescription

let package = Package(
    name: "ThreadFeature",
    platforms: [.iOS(.v17), .macOS(.v14)],
    products: [.library(name: "ThreadFeature", targets: ["ThreadFeature"])],
    dependencies: [.package(path: "../../TandemKit"), .package(path: "../../TandemDesign")],
    targets: [.target(name: "ThreadFeature", dependencies: ["TandemKit", "TandemDesign"])],
    swiftLanguageModes: [.v6]
)
