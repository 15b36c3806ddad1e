// swift-tools-version:6.0
// `cargo xtask swift` copies this package into the build folder, with what is generated beside it, and
// builds and tests it there. On Apple's systems an XCFramework takes the place of the C target.
import PackageDescription

let package = Package(
    name: "TandemKit",
    platforms: [.iOS(.v17), .macOS(.v14)],
    products: [.library(name: "TandemKit", targets: ["TandemKit"])],
    targets: [
        // Each crate that exports something has a C module of its own.
        .target(name: "tandem_bindingsFFI", path: "Generated/tandem_bindingsFFI"),
        .target(name: "tandem_engineFFI", path: "Generated/tandem_engineFFI"),
        .target(name: "tandem_wordsFFI", path: "Generated/tandem_wordsFFI"),
        .target(
            name: "TandemFFI",
            dependencies: ["tandem_bindingsFFI", "tandem_engineFFI", "tandem_wordsFFI"],
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
