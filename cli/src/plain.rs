//! Other people's text, made safe to print: whatever they wrote, it moves no cursor, turns no line
//! around, and begins no line of ours. `--json` needs none of this: it escapes.

/// Stands for a character that a terminal would obey instead of showing it.
const SHOWN: char = '\u{fffd}';

/// No line of ours is longer, so that a terminal of eighty columns breaks none: what it breaks
/// would go on in its first column, where rows begin.
const COLUMNS: usize = 78;

/// Before what does not fit on a line. Rows begin in the first column, what belongs to them in the
/// third.
const FURTHER: &str = "    ";

/// Text for a place inside a line, such as a name or a title: each run of white space, line ends
/// included, is one space.
pub(crate) fn line(text: &str) -> String {
    let words: Vec<String> = text.split_whitespace().map(shown).collect();
    words.join(" ")
}

/// Text that keeps its line ends and nothing else that moves the cursor, for a message of ours
/// that may quote somebody.
pub(crate) fn lines(text: &str) -> String {
    let lines: Vec<String> = text.split('\n').map(shown).collect();
    lines.join("\n")
}

/// Somebody's own words behind `lead`, with their line ends. Every line but the first is indented
/// further than a row or anything that belongs to one.
pub(crate) fn block(lead: &str, text: &str) -> String {
    let text = text.replace("\r\n", "\n");
    let mut out = String::new();
    for (at, line) in text.split('\n').enumerate() {
        let line = shown(line);
        let line = match at {
            0 => fit(&format!("{lead}{line}")),
            _ => fit(&format!("{FURTHER}{line}")),
        };
        out.extend((at > 0).then_some('\n'));
        out.push_str(line.trim_end());
    }
    out
}

/// A line, broken between words where it is too long. A word that fits on no line stays whole: it
/// may be a link.
pub(crate) fn fit(line: &str) -> String {
    let mut out = String::new();
    let mut used = 0;
    let indent = line.len() - line.trim_start().len();
    let (lead, rest) = line.split_at(indent);
    out.push_str(lead);
    used += lead.len();
    for (at, word) in rest.split(' ').enumerate() {
        let width: usize = word.chars().map(width).sum();
        if at > 0 && used + 1 + width > COLUMNS {
            out.truncate(out.trim_end_matches(' ').len().max(lead.len()));
            out.push('\n');
            out.push_str(FURTHER);
            used = FURTHER.len();
        } else if at > 0 {
            out.push(' ');
            used += 1;
        }
        out.push_str(word);
        used += width;
    }
    out
}

/// At most as wide as a terminal draws it, or wider: a guess that errs on the safe side.
const fn width(c: char) -> usize {
    if (c as u32) < 0x1100 { 1 } else { 2 }
}

/// One line without anything that a terminal obeys.
fn shown(text: &str) -> String {
    let shown = text.chars().map(|c| match c {
        '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => SHOWN,
        '\t' => ' ',
        // Line ends were taken by the caller; what is left of them is here to overwrite.
        c if c.is_control() => SHOWN,
        c if c.is_whitespace() => ' ',
        c => c,
    });
    shown.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a terminal obeys: erasing, overwriting, titles, cursor keys, and turned lines.
    const HOSTILE: &str = "a\r\u{8}\u{1b}]0;t\u{7}\u{1b}[2A\u{9b}2J\u{7f}\u{202e}\u{2066}\u{2029}b";

    fn is_obeyed(c: char) -> bool {
        c.is_control() && c != '\n'
            || matches!(c, '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    }

    #[test]
    fn nothing_that_a_terminal_obeys_is_left_and_each_of_it_shows() {
        for safe in [line(HOSTILE), lines(HOSTILE), block("  ", HOSTILE)] {
            assert!(!safe.chars().any(is_obeyed), "{safe:?}");
            assert!(safe.contains("\u{fffd}]0;t\u{fffd}\u{fffd}[2A"), "{safe:?}");
        }
    }

    #[test]
    fn a_name_or_title_stays_on_its_line() {
        assert_eq!(line(" Ana\n\n14:05\tMessage\u{2028}x\u{85}y "), "Ana 14:05 Message x y");
        assert_eq!(line("\n"), "");
        assert_eq!(line("María 李 Ωmega 🙂"), "María 李 Ωmega 🙂");
    }

    #[test]
    fn no_line_of_somebodys_text_begins_where_rows_and_states_do() {
        let text = "Hello.\n14:05 Message · Ana\r\n  Seen by Ana, 14:05.\n\nEnd.";
        let block = block("  ", text);
        let lines: Vec<_> = block.lines().collect();
        assert_eq!(lines[0], "  Hello.");
        assert_eq!(lines[2], "      Seen by Ana, 14:05.");
        assert!(lines[1..].iter().all(|line| line.is_empty() || line.starts_with(FURTHER)));
    }

    #[test]
    fn a_long_line_is_broken_by_us_and_not_by_the_terminal() {
        for pad in [" ", "x ", "\u{a0}", "李 "] {
            let text = format!("{}14:05 Message · you", pad.repeat(40));
            for block in [block("  ", &text), fit(&text)] {
                for line in block.lines().skip(1) {
                    assert!(line.starts_with(FURTHER), "{line:?}");
                }
                let wide = |line: &str| line.chars().map(width).sum::<usize>() > COLUMNS;
                assert!(!block.lines().any(wide), "{block}");
            }
        }
        let link = format!("See tandem://join/{} today", "a".repeat(100));
        let broken = block("  ", &link);
        assert!(broken.contains(&"a".repeat(100)), "a link stays whole: {broken}");
    }
}
