// swift-tools-version:6.0
import PackageDescription

let package = Package(
    name: "MembersFeature",
    platforms: [.iOS(.v17), .macOS(.v14)],
    products: [.library(name: "MembersFeature", targets: ["MembersFeature"])],
    dependencies: [.package(path: "../../TandemKit"), .package(path: "../../TandemDesign")],
    targets: [.target(name: "MembersFeature", dependencies: ["TandemKit", "TandemDesign"])],
    swiftLanguageModes: [.v6]
)
