// swift-tools-version:6.0
// On Linux `cargo xtask swift` copies this package into the build folder, with what is generated in it, and
// builds and tests it there. On a Mac `ios/xcframework.sh` puts the library and the Swift beside it.
import PackageDescription

/// Each crate that exports something has a C module of its own.
let modules = ["tandem_bindingsFFI", "tandem_engineFFI", "tandem_wordsFFI"]

#if os(Linux)
    let native: [Target] = modules.map { .target(name: $0, path: "Generated/\($0)") }
    let linked: [Target.Dependency] = modules.map { .target(name: $0) }
#else
    let native: [Target] = [.binaryTarget(name: "TandemNative", path: "Generated/Tandem.xcframework")]
    let linked: [Target.Dependency] = ["TandemNative"]
#endif

let package = Package(
    name: "TandemKit",
    platforms: [.iOS(.v17), .macOS(.v14)],
    products: [.library(name: "TandemKit", targets: ["TandemKit"])],
    targets: native + [
        .target(
            name: "TandemFFI",
            dependencies: linked,
            path: "Generated/TandemFFI",
            // uniffi 0.32's glue for foreign traits does not pass Swift 6's checks of concurrency.
            swiftSettings: [.swiftLanguageMode(.v5)],
            linkerSettings: [.linkedLibrary("tandem_bindings", .when(platforms: [.linux]))]
        ),
        .target(name: "TandemKit", dependencies: ["TandemFFI"]),
        .testTarget(name: "TandemKitTests", dependencies: ["TandemKit"]),
    ],
    swiftLanguageModes: [.v6]
)
