// swift-tools-version:6.0
import PackageDescription

// Where there is no SwiftUI, a stand-in of it lets the compiler check the views; it is never part of an app.
#if os(Linux)
    let more: [Package.Dependency] = [.package(path: "../Stub")]
    let swiftUI: [Target.Dependency] = [.product(name: "SwiftUI", package: "Stub")]
#else
    let more: [Package.Dependency] = []
    let swiftUI: [Target.Dependency] = []
#endif

let package = Package(
    name: "TandemDesign",
    platforms: [.iOS(.v17), .macOS(.v14)],
    products: [.library(name: "TandemDesign", targets: ["TandemDesign"])],
    dependencies: [.package(path: "../TandemKit")] + more,
    targets: [
        .target(
            name: "TandemDesign", dependencies: [.product(name: "TandemKit", package: "TandemKit")] + swiftUI)
    ],
    swiftLanguageModes: [.v6]
)
