//! The versions that Gradle is told are those that Maven proves: each library and each Kotlin plugin of
//! `android/gradle/libs.versions.toml` stands in a POM of `android/`, and nowhere there with another version.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
};

use crate::run;

const CATALOGUE: &str = "android/gradle/libs.versions.toml";

/// Whose properties the other POMs name.
const PARENT: &str = "android/pom.xml";

const MODULES: [&str; 4] =
    ["android/tandem/pom.xml", "android/ui/pom.xml", "android/aars/pom.xml", "android/app/pom.xml"];

/// What Maven has in a Gradle plugin's place, for those whose names begin so.
const PLUGIN: (&str, &str) = ("org.jetbrains.kotlin.", "org.jetbrains.kotlin:kotlin-maven-plugin");

/// A library for several platforms is one name for Gradle; for Maven each platform's has its own.
const PLATFORMS: [&str; 3] = ["", "-jvm", "-android"];

/// Looks at the catalogue and at the POMs.
pub(crate) fn check() -> Result<(), String> {
    let parent = read(PARENT)?;
    let mut poms = vec![parent.clone()];
    for module in MODULES {
        poms.push(read(module)?);
    }
    let proven = proven(&properties(&parent), &poms);
    let wrong = wrong(&told(&read(CATALOGUE)?)?, &proven);
    if wrong.is_empty() { Ok(()) } else { Err(wrong.join("\n")) }
}

/// What is told and not proven, or proven with another version.
fn wrong(
    told: &BTreeMap<String, String>,
    proven: &BTreeMap<String, BTreeSet<String>>,
) -> Vec<String> {
    let mut wrong = Vec::new();
    for (name, version) in told {
        let all = PLATFORMS.iter().filter_map(|platform| proven.get(&format!("{name}{platform}")));
        let all: BTreeSet<&String> = all.flatten().collect();
        if all.is_empty() {
            wrong.push(format!("{CATALOGUE} has {name}, and no POM of android/ proves it"));
        }
        for other in all.into_iter().filter(|other| *other != version) {
            wrong.push(format!("{CATALOGUE} has {name} {version}, and a POM of android/ {other}"));
        }
    }
    wrong
}

/// What Gradle is told, by Maven's names.
fn told(catalogue: &str) -> Result<BTreeMap<String, String>, String> {
    let catalogue: toml::Table =
        catalogue.parse().map_err(|error| format!("{CATALOGUE}: {error}"))?;
    let versions = catalogue.get("versions").and_then(toml::Value::as_table);
    let mut told = BTreeMap::new();
    for (section, called) in [("libraries", "module"), ("plugins", "id")] {
        for (alias, item) in
            catalogue.get(section).and_then(toml::Value::as_table).into_iter().flatten()
        {
            let of = |field: &str| item.get(field).and_then(toml::Value::as_str);
            let reference = item
                .get("version")
                .and_then(|version| version.get("ref"))
                .and_then(toml::Value::as_str);
            let version = reference
                .and_then(|reference| versions?.get(reference)?.as_str())
                .ok_or_else(|| format!("{CATALOGUE}: {alias} has no version of [versions]"))?;
            let name = of(called).ok_or_else(|| format!("{CATALOGUE}: {alias} has no {called}"))?;
            match section {
                "plugins" if name.starts_with(PLUGIN.0) => {
                    told.insert(PLUGIN.1.to_owned(), version.to_owned());
                }
                // Android's own: Maven has nothing in its place.
                "plugins" => {}
                _ => drop(told.insert(name.to_owned(), version.to_owned())),
            }
        }
    }
    Ok(told)
}

/// Every artifact that the POMs name, with all the versions that it has there.
fn proven(
    properties: &BTreeMap<&str, &str>,
    poms: &[String],
) -> BTreeMap<String, BTreeSet<String>> {
    let mut proven: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for pom in poms {
        for part in pom.split("<groupId>").skip(1) {
            let group = part.split("</groupId>").next().unwrap_or_default();
            let (Some(artifact), Some(version)) =
                (within(part, "artifactId"), within(part, "version"))
            else {
                continue;
            };
            let property = version.strip_prefix("${").and_then(|rest| rest.strip_suffix('}'));
            let version =
                property.and_then(|name| properties.get(name).copied()).unwrap_or(version);
            proven.entry(format!("{group}:{artifact}")).or_default().insert(version.to_owned());
        }
    }
    proven
}

/// The properties of a POM, by name.
fn properties(pom: &str) -> BTreeMap<&str, &str> {
    let section = within(pom, "properties").unwrap_or_default();
    let lines = section.lines().filter_map(|line| {
        let (name, rest) = line.trim().strip_prefix('<')?.split_once('>')?;
        Some((name, rest.strip_suffix(&format!("</{name}>"))?))
    });
    lines.collect()
}

/// What stands in the first element of this name.
fn within<'a>(text: &'a str, element: &str) -> Option<&'a str> {
    let (_, rest) = text.split_once(&format!("<{element}>"))?;
    Some(rest.split_once(&format!("</{element}>"))?.0)
}

fn read(path: &str) -> Result<String, String> {
    fs::read_to_string(run::root().join(path)).map_err(|error| format!("{path}: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const GRADLE: &str = r#"
        [versions]
        kotlin = "2"
        compose = "1"
        agp = "9"
        [libraries]
        ui = { module = "compose:ui", version.ref = "compose" }
        [plugins]
        jvm = { id = "org.jetbrains.kotlin.jvm", version.ref = "kotlin" }
        application = { id = "com.android.application", version.ref = "agp" }
    "#;

    fn maven(compose: &str, kotlin: &str) -> String {
        format!(
            "<properties>\n<compose>{compose}</compose>\n</properties>
            <dependency><groupId>compose</groupId><artifactId>ui-android</artifactId>
            <version>${{compose}}</version></dependency>
            <plugin><groupId>org.jetbrains.kotlin</groupId><artifactId>kotlin-maven-plugin</artifactId>
            <version>{kotlin}</version></plugin>"
        )
    }

    fn wrong_with(pom: &str) -> Vec<String> {
        let proven = proven(&properties(pom), &[pom.to_owned()]);
        told(GRADLE).map_or_else(|error| vec![error], |told| wrong(&told, &proven))
    }

    #[test]
    fn the_same_versions_pass_by_whatever_name_a_platform_has() {
        assert_eq!(wrong_with(&maven("1", "2")), Vec::<String>::new());
    }

    #[test]
    fn another_version_of_a_library_or_a_plugin_is_found_and_so_is_what_nothing_proves() {
        assert_eq!(wrong_with(&maven("1.1", "2.1")).len(), 2);
        let unproven = wrong_with("<properties></properties>");
        assert!(unproven.iter().all(|line| line.contains("no POM")), "{unproven:?}");
    }
}
