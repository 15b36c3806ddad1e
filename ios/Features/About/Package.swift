// swift-tools-version:6.0
import PackageDescription

let package = Package(
    name: "AboutFeature",
    platforms: [.iOS(.v17), .macOS(.v14)],
    products: [.library(name: "AboutFeature", targets: ["AboutFeature"])],
    dependencies: [.package(path: "../../TandemKit"), .package(path: "../../TandemDesign")],
    targets: [.target(name: "AboutFeature", dependencies: ["TandemKit", "TandemDesign"])],
    swiftLanguageModes: [.v6]
)
