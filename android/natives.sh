#!/bin/bash
# Puts Tandem's library for Android's processors, and the Kotlin that calls it, where the Gradle build in this folder
# looks for them (app/src/main/jniLibs, ../target/bindings/kotlin). Then `gradle :app:assembleRelease` makes the app.
#
#   android/natives.sh              for phones, by the profile `phone`
#
# Needs the Android SDK with its NDK (ANDROID_NDK_HOME), cargo-ndk, and the targets: rustup target add
# aarch64-linux-android armv7-linux-androideabi x86_64-linux-android. It has never been run where this is built:
# see docs/unverified.md.
set -euo pipefail

cd "$(dirname "$0")/.."
natives=android/app/src/main/jniLibs

die() { echo "natives: $*" >&2; exit 1; }

command -v cargo-ndk > /dev/null || die "there is no cargo-ndk: cargo install cargo-ndk"
[ -d "${ANDROID_NDK_HOME:-}" ] || die "ANDROID_NDK_HOME names no folder: install the NDK with the SDK's manager"

rm -rf "$natives"
# Pages of 16 kB: newer phones load nothing else. Functions that came out the same are there once, and places to be
# filled in at loading are packed, in the form that Android reads since version 6.
flags=('-z,max-page-size=16384' --icf=all --pack-dyn-relocs=android)
RUSTFLAGS="${RUSTFLAGS:-}$(printf ' -C link-arg=-Wl,%s' "${flags[@]}")" \
cargo ndk --target arm64-v8a --target armeabi-v7a --target x86_64 --platform 26 --output-dir "$natives" \
  build --package tandem-bindings --features quiet --profile phone
# The generator reads an unstripped library; this machine's says the same as a phone's, and that is looked at.
cargo xtask bindings "$natives"/*/libtandem_bindings.so
echo "natives: $natives; now: cd android && gradle :app:assembleRelease"
