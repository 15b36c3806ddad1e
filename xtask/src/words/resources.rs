//! Each platform's own form of the catalogue.

use std::{collections::BTreeMap, fmt::Write};

use tandem_catalogue::{Catalogue, Language, Words};

use super::TERMINAL;
use crate::source;

/// Where Android looks for them, and the names by which its code finds them.
const ANDROID: &str = "android/ui/res";
const IDS: &str = "android/app/src/main/kotlin/tandem/app/WordIds.kt";

/// Where Xcode looks for them.
const APPLE: &str = "ios/App/Resources/Localizable.xcstrings";

/// What iOS says itself when an app asks for something: Apple's name for it, and ours.
const ASKED_BY_IOS: [(&str, &str); 1] = [("NSCameraUsageDescription", "ios.camera")];
const IOS: &str = "ios.";
const INFO_PLIST: &str = "ios/App/Resources/InfoPlist.xcstrings";
const PROJECT: &str = "ios/project.yml";

/// Every file, by its path from the workspace's root.
pub(super) fn all(catalogues: &BTreeMap<Language, Catalogue>) -> Vec<(String, String)> {
    let mut files = Vec::new();
    for (language, catalogue) in catalogues {
        let folder = match language {
            Language::English => "values".to_owned(),
            other => format!("values-{}", other.code()),
        };
        files.push((format!("{ANDROID}/{folder}/strings.xml"), strings_xml(*language, catalogue)));
    }
    if let Some(english) = catalogues.get(&Language::English) {
        files.push((IDS.to_owned(), word_ids(english)));
    }
    files.push((APPLE.to_owned(), xcstrings(catalogues, shown_on_phones)));
    files.push((INFO_PLIST.to_owned(), xcstrings(catalogues, asked_by_ios)));
    files
}

/// The keys that no code says: a phone's system does.
pub(super) fn said_by_systems() -> impl Iterator<Item = &'static str> {
    ASKED_BY_IOS.into_iter().map(|(_, key)| key)
}

/// Where Xcode's project says otherwise than the catalogue what iOS is to say where it knows no language.
pub(super) fn project_differs(english: &Catalogue) -> Result<Vec<String>, String> {
    let project = source::page(PROJECT)?;
    let differs = asked_by_ios(english).into_iter().filter_map(|(name, words)| {
        let Words::Always(words) = words else { return None };
        let line = format!("{name}: {words}");
        let same = project.lines().any(|there| there.trim() == line);
        (!same).then(|| format!("{PROJECT} is to say {line:?}"))
    });
    Ok(differs.collect())
}

fn asked_by_ios(catalogue: &Catalogue) -> Vec<(&str, &Words)> {
    let asked = ASKED_BY_IOS.iter();
    asked.filter_map(|(name, key)| Some((*name, catalogue.get(key)?))).collect()
}

/// Whether a file is one of these.
pub(super) fn is_written(path: &str) -> bool {
    [IDS, APPLE, INFO_PLIST].contains(&path) || path.starts_with(ANDROID)
}

fn shown_on_phones(catalogue: &Catalogue) -> Vec<(&str, &Words)> {
    let elsewhere = [TERMINAL, IOS];
    catalogue.iter().filter(|(key, _)| !elsewhere.iter().any(|of| key.starts_with(of))).collect()
}

/// Android's name for a key.
fn name(key: &str) -> String {
    key.replace('.', "_")
}

fn strings_xml(language: Language, catalogue: &Catalogue) -> String {
    let mut out = format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<!-- Written by `cargo xtask words` from \
         core/words/catalogue/{}.toml. -->\n<resources>\n",
        language.code()
    );
    for (key, words) in shown_on_phones(catalogue) {
        let name = name(key);
        match words {
            Words::Always(words) => {
                let _ = writeln!(out, "    <string name=\"{name}\">{}</string>", xml(words));
            }
            Words::Plural(forms) => {
                let _ = writeln!(out, "    <plurals name=\"{name}\">");
                for (form, words) in filled(language, forms) {
                    let words = xml(words);
                    let _ = writeln!(out, "        <item quantity=\"{form}\">{words}</item>");
                }
                out.push_str("    </plurals>\n");
            }
        }
    }
    out.push_str("</resources>\n");
    out
}

/// A plural with every form that the platforms expect of the language: Spanish has one for whole millions.
fn filled(
    language: Language,
    forms: &BTreeMap<String, String>,
) -> impl Iterator<Item = (&str, &str)> {
    let many = (language == Language::Spanish && !forms.contains_key("many"))
        .then(|| forms.get("other").map(|words| ("many", words.as_str())))
        .flatten();
    let there = forms.iter().map(|(form, words)| (form.as_str(), words.as_str()));
    let mut all: Vec<(&str, &str)> = there.chain(many).collect();
    all.sort_unstable_by_key(|(form, _)| match *form {
        "one" => 0,
        "many" => 1,
        _ => 2,
    });
    all.into_iter()
}

/// Text as Android's resources have it.
fn xml(words: &str) -> String {
    let mut out = String::new();
    for (at, c) in words.chars().enumerate() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '\'' | '"' | '\\' => out.extend(['\\', c]),
            '\n' => out.push_str("\\n"),
            '@' | '?' if at == 0 => out.extend(['\\', c]),
            _ => out.push(c),
        }
    }
    out
}

fn word_ids(catalogue: &Catalogue) -> String {
    let mut out = String::from(
        "// Written by `cargo xtask words` from the catalogue.\n\npackage tandem.app\n\n\
         /** Where Android has the words of each key. */\nobject WordIds {\n",
    );
    for (what, field, plural) in [("strings", "string", false), ("plurals", "plurals", true)] {
        let _ = writeln!(out, "    val {what}: Map<String, Int> =\n        mapOf(");
        for (key, words) in shown_on_phones(catalogue) {
            if matches!(words, Words::Plural(_)) == plural {
                let _ = writeln!(out, "            \"{key}\" to R.{field}.{},", name(key));
            }
        }
        out.push_str("        )\n");
        if !plural {
            out.push('\n');
        }
    }
    out.push_str("}\n");
    out
}

fn xcstrings(
    catalogues: &BTreeMap<Language, Catalogue>,
    which: impl Fn(&Catalogue) -> Vec<(&str, &Words)>,
) -> String {
    let mut keys: BTreeMap<&str, Vec<(Language, &Words)>> = BTreeMap::new();
    for (language, catalogue) in catalogues {
        for (key, words) in which(catalogue) {
            keys.entry(key).or_default().push((*language, words));
        }
    }
    let mut out = String::from("{\n  \"sourceLanguage\" : \"en\",\n  \"strings\" : {\n");
    let mut first = true;
    for (key, languages) in keys {
        out.push_str(if first { "" } else { ",\n" });
        first = false;
        let _ = write!(
            out,
            "    {} : {{\n      \"extractionState\" : \"manual\",\n      \"localizations\" : {{\n",
            json(key)
        );
        let said: Vec<String> = languages
            .iter()
            .map(|(language, words)| {
                format!("        {} : {}", json(language.code()), localization(*language, words))
            })
            .collect();
        out.push_str(&said.join(",\n"));
        out.push_str("\n      }\n    }");
    }
    out.push_str("\n  },\n  \"version\" : \"1.0\"\n}\n");
    out
}

fn localization(language: Language, words: &Words) -> String {
    let unit = |words: &str| {
        let words = json(words);
        format!("{{ \"stringUnit\" : {{ \"state\" : \"translated\", \"value\" : {words} }} }}")
    };
    match words {
        Words::Always(words) => unit(words),
        // Apple chooses a plural by the number in its format; the other places stay.
        Words::Plural(forms) => {
            let forms: Vec<String> = filled(language, forms)
                .map(|(form, words)| {
                    let words = words.replace('%', "%%").replace("{n}", "%lld");
                    format!("{} : {}", json(form), unit(&words))
                })
                .collect();
            format!("{{ \"variations\" : {{ \"plural\" : {{ {} }} }} }}", forms.join(", "))
        }
    }
}

fn json(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            '\n' => out.push_str("\\n"),
            c if c.is_control() => {
                let _ = write!(out, "\\u{:04x}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_escaped_as_each_platform_wants_it() {
        assert_eq!(xml("Ana's \"one\" & <two>"), r#"Ana\'s \"one\" &amp; &lt;two>"#);
        assert_eq!(xml("?why@"), r"\?why@");
        assert_eq!(json("a \"b\"\n\\"), r#""a \"b\"\n\\""#);
    }

    #[test]
    fn a_plural_has_every_form_that_its_language_has() {
        let forms = [("one", "{n} cosa"), ("other", "{n} cosas")];
        let forms = forms.map(|(form, words)| (form.to_owned(), words.to_owned())).into();
        let named: Vec<&str> = filled(Language::Spanish, &forms).map(|(form, _)| form).collect();
        assert_eq!(named, ["one", "many", "other"]);
        assert_eq!(filled(Language::English, &forms).count(), 2);
        assert!(localization(Language::English, &Words::Plural(forms)).contains("%lld cosas"));
    }
}
