// swift-tools-version:6.0
import PackageDescription

let package = Package(
    name: "WelcomeFeature",
    platforms: [.iOS(.v17), .macOS(.v14)],
    products: [.library(name: "WelcomeFeature", targets: ["WelcomeFeature"])],
    dependencies: [.package(path: "../../TandemKit"), .package(path: "../../TandemDesign")],
    targets: [.target(name: "WelcomeFeature", dependencies: ["TandemKit", "TandemDesign"])],
    swiftLanguageModes: [.v6]
)
