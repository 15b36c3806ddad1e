//! The string literals of a source, as far as Rust, Kotlin and Swift have them alike.

use crate::source::Source;

/// What a line may begin a text for that nobody is shown: a mistake of ours, told to us.
const OURS: [&str; 8] = [
    "error(",
    "check(",
    "checkNotNull(",
    "require(",
    "requireNotNull(",
    "fatalError(",
    "precondition(",
    "assertionFailure(",
];

/// What shows text to a person, or says it to one who does not see.
const SHOWN: [&str; 15] = [
    "Text(",
    "Label(",
    "Button(",
    "Toggle(",
    "TextField(",
    "Section(",
    "navigationTitle(",
    "accessibilityLabel(",
    "accessibilityHint(",
    "Text(verbatim:",
    "text = ",
    "title = ",
    "contentDescription = ",
    "stateDescription = ",
    "label = ",
];

/// The literals of a source, without what stands around them. Escapes stay as they are written.
pub(super) fn literals(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    for line in text.lines() {
        found.extend(in_line(line).into_iter().map(|(_, literal)| literal));
    }
    found
}

/// Texts for people that stand in a shell's code: two words in a row, or any word where it is shown.
pub(super) fn in_code(source: &Source) -> Vec<String> {
    let mut wrong = Vec::new();
    for line in source.text.lines() {
        if OURS.iter().any(|ours| line.contains(ours)) {
            continue;
        }
        for (before, literal) in in_line(line) {
            let shown = SHOWN.iter().any(|shows| before.trim_end().ends_with(shows.trim_end()));
            if two_words(literal) || (shown && has_word(literal) && !is_name(literal)) {
                wrong.push(format!("{} has a text in its code: {literal:?}", source.path));
            }
        }
    }
    wrong
}

/// The literals that a shell says: `say("inbox.title")`.
pub(super) fn said(text: &str) -> impl Iterator<Item = &str> {
    text.split("say(\"")
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .filter(|key| !key.contains(['$', '\\']))
}

/// Literals on one line, each with what stands before it.
fn in_line(line: &str) -> Vec<(&str, &str)> {
    let mut found = Vec::new();
    let mut open: Option<usize> = None;
    let mut escaped = false;
    for (at, c) in line.char_indices() {
        match (open, c) {
            _ if escaped => escaped = false,
            (Some(_), '\\') => escaped = true,
            (Some(from), '"') => {
                found.push((&line[..from - 1], &line[from..at]));
                open = None;
            }
            (None, '"') => open = Some(at + 1),
            // What stands behind is a comment.
            (None, '/') if line[at..].starts_with("// ") => break,
            _ => {}
        }
    }
    found
}

/// Whether this is a name with dots, as keys, files and a platform's symbols have them.
fn is_name(literal: &str) -> bool {
    let part = |part: &str| {
        !part.is_empty()
            && part.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
    };
    literal.contains('.') && literal.split('.').all(part)
}

fn has_word(literal: &str) -> bool {
    let outside = without_code(literal);
    outside.split(|c: char| !c.is_alphabetic()).any(|word| word.chars().count() >= 2)
}

/// Two words of a language, however they are joined: a space between letters, with an apostrophe or a mark at
/// most.
fn two_words(literal: &str) -> bool {
    let outside = without_code(literal);
    if is_pattern(&outside) {
        return false;
    }
    let word = |word: &str| {
        let word = word.trim_matches(|c: char| c.is_ascii_punctuation() || "¿¡«»…".contains(c));
        let letters = word.chars().all(|c| c.is_alphabetic() || "'’".contains(c));
        letters && word.chars().any(char::is_alphabetic)
    };
    let words: Vec<&str> = outside.split(' ').collect();
    let long = |pair: &[&str]| pair.iter().any(|word| word.chars().count() >= 2);
    words.windows(2).any(|pair| word(pair[0]) && word(pair[1]) && long(pair))
}

/// Whether this says how to write a day or a time (`EEE d 'de' MMM`): fields of its letters, and what is quoted.
fn is_pattern(literal: &str) -> bool {
    let unquoted = literal.split('\'').step_by(2).collect::<String>();
    let mut letters = unquoted.chars().filter(|c| c.is_alphabetic()).peekable();
    letters.peek().is_some() && letters.all(|c| "EMdyHhms".contains(c))
}

/// A literal without what is put in by code: `${...}`, `\(...)`.
fn without_code(literal: &str) -> String {
    let mut outside = String::new();
    let mut depth = 0_u32;
    let mut before = ' ';
    let mut named = false;
    for c in literal.chars() {
        // Kotlin's `$name`.
        named =
            (named && (c.is_alphanumeric() || c == '_')) || (before == '$' && c.is_alphabetic());
        match (c, before) {
            _ if named => {}
            ('{', '$') | ('(', '\\') if depth == 0 => depth = 1,
            ('{' | '(', _) if depth > 0 => depth += 1,
            ('}' | ')', _) if depth > 0 => depth -= 1,
            _ if depth == 0 => outside.push(c),
            _ => {}
        }
        before = c;
    }
    outside
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wrong(line: &str) -> usize {
        in_code(&Source { path: "A.kt".to_owned(), text: line.to_owned() }).len()
    }

    #[test]
    fn a_text_for_people_is_found_in_code_and_what_is_none_is_not() {
        assert_eq!(wrong(r#"Text("Send")"#), 1);
        assert_eq!(wrong(r#"val a = "All is well""#), 1);
        for text in
            ["Can't send", "I agree", "Done. Next", "Hello, Ana", "Nothing waits!", "¿Quién es?"]
        {
            assert_eq!(wrong(&format!("val a = {text:?}")), 1, "{text}");
        }
        assert_eq!(wrong(r#"contentDescription = "Back""#), 1);
        assert_eq!(wrong(r#"Text("Done.")"#), 1);
        assert_eq!(wrong(r#"Text(say("common.back"))"#), 0);
        assert_eq!(wrong(r#"error("no home was opened")"#), 0);
        assert_eq!(wrong(r#"val a = "${one two} x""#), 0);
        assert_eq!(wrong(r#"val a = "$base $nth""#), 0);
        assert_eq!(wrong(r#"val a = "EEE d 'de' MMM""#), 0);
        assert_eq!(wrong(r#"val a = 1 // "two words" here"#), 0);
        assert_eq!(wrong(r#"Image(systemName: "square.and.pencil")"#), 0);
    }

    #[test]
    fn literals_end_where_they_end() {
        assert_eq!(literals(r#"say("a.b") + "c\"d""#), ["a.b", r#"c\"d"#]);
    }
}
