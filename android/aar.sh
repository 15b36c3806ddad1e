#!/bin/bash
# Packs Tandem's library for Android's processors, and the Kotlin that calls it, into one archive for apps with screens
# of their own: target/tandem.aar. The app in this folder does not need it.
#
#   android/aar.sh                  for phones, by the profile `phone`
#
# Needs what android/natives.sh needs, Gradle and zip. An archive names no libraries: whoever uses this one adds JNA's
# AAR and kotlinx-coroutines (android/gradle/libs.versions.toml). It has never been run where this is built: see
# docs/unverified.md.
set -euo pipefail

cd "$(dirname "$0")/.."
aar=target/aar

die() { echo "aar: $*" >&2; exit 1; }

command -v gradle > /dev/null || die "there is no gradle: install it, or open android/ in Android Studio once"
command -v zip > /dev/null || die "there is no zip: install your system's package of it"
min_sdk=$(sed -n 's/^minSdk = "\([0-9]*\)"$/\1/p' android/gradle/libs.versions.toml)
[ -n "$min_sdk" ] || die "android/gradle/libs.versions.toml names no minSdk"

android/natives.sh
(cd android && gradle :tandem:jar)

rm -rf "$aar" target/tandem.aar
mkdir -p "$aar/jni"
cp -R android/app/src/main/jniLibs/. "$aar/jni"
cp android/tandem/build/libs/tandem.jar "$aar/classes.jar"
# Whoever shrinks an app with this in it keeps what JNA finds by name.
cp android/app/proguard.pro "$aar/proguard.txt"
: > "$aar/R.txt"
cat > "$aar/AndroidManifest.xml" << XML
<manifest xmlns:android="http://schemas.android.com/apk/res/android" package="tandem.bindings">
    <uses-sdk android:minSdkVersion="$min_sdk" />
</manifest>
XML
(cd "$aar" && zip -qr ../tandem.aar .)
echo "aar: target/tandem.aar"
