// swift-tools-version:6.0
import PackageDescription

let features = ["Welcome", "Inbox", "Thread", "Compose", "Members", "Waiting", "About"]

// On Linux the stand-in for SwiftUI says what a view shows; on a Mac that is what previews are for.
#if os(Linux)
    let tests: [Target] = [
        .testTarget(
            name: "GalleryTests",
            dependencies: [
                "Gallery", "TandemKit", "TandemDesign", .product(name: "SwiftUI", package: "Stub"),
                .product(name: "ThreadFeature", package: "Thread"),
            ])
    ]
    let stub: [Package.Dependency] = [.package(path: "../Stub")]
#else
    let tests: [Target] = []
    let stub: [Package.Dependency] = []
#endif

// Every state of every screen, once: for previews in Xcode, and for what is tested of them on Linux.
let package = Package(
    name: "Gallery",
    platforms: [.iOS(.v17), .macOS(.v14)],
    products: [.library(name: "Gallery", targets: ["Gallery"])],
    dependencies: [.package(path: "../TandemKit"), .package(path: "../TandemDesign")] + stub
        + features.map { .package(path: "../Features/\($0)") },
    targets: [
        .target(
            name: "Gallery",
            dependencies: ["TandemKit", "TandemDesign"]
                + features.map { .product(name: "\($0)Feature", package: $0) })
    ] + tests,
    swiftLanguageModes: [.v6]
)
