// swift-tools-version:6.0
import PackageDescription

let features = ["Welcome", "Inbox", "Thread", "Compose", "Members", "Waiting", "About"]

// On Linux the stand-in for SwiftUI says what a view shows.
#if os(Linux)
    let walks: [Target.Dependency] = ["TandemApp", .product(name: "SwiftUI", package: "Stub")]
    let stub: [Package.Dependency] = [.package(path: "../Stub")]
#else
    let walks: [Target.Dependency] = []
    let stub: [Package.Dependency] = []
#endif

// All of the app but what needs Apple's frameworks: that is in `Platform`, which the Xcode project adds.
let package = Package(
    name: "TandemApp",
    platforms: [.iOS(.v17), .macOS(.v14)],
    products: [.library(name: "TandemApp", targets: ["TandemApp"])],
    dependencies: [.package(path: "../TandemKit"), .package(path: "../TandemDesign")] + stub
        + features.map { .package(path: "../Features/\($0)") },
    targets: [
        .target(
            name: "TandemApp",
            dependencies: ["TandemKit", "TandemDesign"]
                + features.map { .product(name: "\($0)Feature", package: $0) }),
        .testTarget(name: "TandemAppTests", dependencies: ["TandemDesign", "TandemKit"] + walks),
    ],
    swiftLanguageModes: [.v6]
)
