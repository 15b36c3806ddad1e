#!/bin/bash
# Puts Tandem's library for Apple's systems, and the Swift that calls it, where TandemKit looks for them
# (ios/TandemKit/Generated). Then `xcodegen generate` in this folder writes the Xcode project.
#
#   ios/xcframework.sh              for phones and their simulators, by the profile `phone`
#
# Needs macOS with Xcode, and the targets: rustup target add aarch64-apple-ios aarch64-apple-ios-sim
# x86_64-apple-ios. It has never been run where this is built: see docs/unverified.md.
set -euo pipefail

cd "$(dirname "$0")/.."
target=${CARGO_TARGET_DIR:-target}
build=$target/xcframework
generated=ios/TandemKit/Generated
export IPHONEOS_DEPLOYMENT_TARGET=17.0

die() { echo "xcframework: $*" >&2; exit 1; }

[ "$(uname)" = Darwin ] || die "this needs macOS with Xcode"
command -v xcodebuild > /dev/null || die "there is no xcodebuild: install Xcode"

# The generator reads an unstripped library, and any target's says the same.
cargo build -p tandem-bindgen
cargo build -p tandem-bindings
for triple in aarch64-apple-ios aarch64-apple-ios-sim x86_64-apple-ios; do
  cargo build -p tandem-bindings --features quiet --profile phone --target "$triple"
done

rm -rf "$build" "$generated"
mkdir -p "$build/headers" "$build/simulator" "$generated/TandemFFI"
"$target/debug/uniffi-bindgen-swift" --swift-sources "$target/debug/libtandem_bindings.dylib" "$generated/TandemFFI"
"$target/debug/uniffi-bindgen-swift" --headers "$target/debug/libtandem_bindings.dylib" "$build/headers"

# One map for all modules: each source imports the module of its crate.
for header in "$build"/headers/*.h; do
  name=$(basename "$header" .h)
  printf 'module %s {\n    header "%s.h"\n    export *\n}\n' "$name" "$name"
done > "$build/headers/module.modulemap"

lipo -create -output "$build/simulator/libtandem_bindings.a" \
  "$target/aarch64-apple-ios-sim/phone/libtandem_bindings.a" \
  "$target/x86_64-apple-ios/phone/libtandem_bindings.a"
xcodebuild -create-xcframework \
  -library "$target/aarch64-apple-ios/phone/libtandem_bindings.a" -headers "$build/headers" \
  -library "$build/simulator/libtandem_bindings.a" -headers "$build/headers" \
  -output "$generated/Tandem.xcframework"
echo "xcframework: $generated; now: cd ios && xcodegen generate && open Tandem.xcodeproj"
