//! What a view may not do, as far as its text shows: text of a fixed size, something that is touched without being
//! a control, a symbol that says nothing to whoever can't see it, motion for those who asked for less.

use crate::source::{self, Source};

/// Where views are.
const VIEWS: [&str; 4] =
    ["ios/TandemDesign", "ios/Features", "ios/App/Sources", "ios/Gallery/Sources"];

/// Where some are that the compiler does not see.
const MORE: &str = "ios/Platform/Sources";

/// What is wrong wherever it stands, and why.
const NEVER: [(&str, &str); 5] = [
    (".system(size:", "text of a fixed size does not grow with what a person has set"),
    (".custom(", "the system's type is the only one"),
    (".onTapGesture", "what is touched is a control with a role: a Button"),
    ("withAnimation(", "motion is left to the system, which knows who asked for less"),
    (".animation(", "motion is left to the system, which knows who asked for less"),
];

/// How far behind a symbol its label stands, in lines.
const NEAR: usize = 12;

/// Looks at every view, and says how many files there are that the compiler checks.
pub(super) fn check() -> Result<usize, String> {
    let (mut files, mut wrong) = (0, Vec::new());
    for folder in VIEWS {
        for source in source::with_ending(folder, "swift")? {
            files += 1;
            wrong.extend(in_view(&source));
        }
    }
    wrong.extend(source::with_ending(MORE, "swift")?.iter().flat_map(in_view));
    if wrong.is_empty() { Ok(files) } else { Err(wrong.join("\n")) }
}

fn in_view(source: &Source) -> Vec<String> {
    let lines: Vec<&str> = source.text.lines().collect();
    let mut wrong = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        for (what, why) in NEVER {
            if line.contains(what) {
                wrong.push(format!("{}:{}: {what}: {why}", source.path, at + 1));
            }
        }
        if has_image(line) && !is_said(&lines[at..]) {
            wrong.push(format!(
                "{}:{}: an image without a label, and not hidden where its words stand beside it",
                source.path,
                at + 1
            ));
        }
    }
    wrong
}

/// Whether a line shows an image of SwiftUI's, not one of another name.
fn has_image(line: &str) -> bool {
    let shown = |(at, _): (usize, &str)| !line[..at].ends_with(|c: char| c.is_alphanumeric());
    line.match_indices("Image(").any(shown)
}

/// Whether what is near the image says it, or hides it from whoever hears the words beside it.
fn is_said(behind: &[&str]) -> bool {
    let near = behind.iter().take(NEAR);
    near.into_iter().any(|line| {
        line.contains(".accessibilityHidden(true)") || line.contains(".accessibilityLabel(")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wrong(text: &str) -> usize {
        in_view(&Source { path: "A.swift".to_owned(), text: text.to_owned() }).len()
    }

    #[test]
    fn a_symbol_alone_is_said_or_hidden() {
        assert_eq!(wrong("Image(systemName: \"xmark\").target()\n}"), 1);
        assert_eq!(wrong("Image(systemName: \"xmark\")\n}\n.accessibilityLabel(say(a))"), 0);
        assert_eq!(wrong("Image(systemName: \"eye\").accessibilityHidden(true)"), 0);
        assert_eq!(wrong("let image = CIImage(data: data)"), 0);
    }

    #[test]
    fn fixed_sizes_touched_pictures_and_motion_are_found() {
        assert_eq!(wrong(".font(.system(size: 12))"), 1);
        assert_eq!(wrong("Text(a).onTapGesture { }"), 1);
        assert_eq!(wrong("withAnimation(.easeOut) {"), 1);
        assert_eq!(wrong(".font(.system(.footnote))"), 0);
    }
}
