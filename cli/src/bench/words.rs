//! Messages of 200 characters that no two are alike and that compress as people's words do.

/// Characters of one message.
const LENGTH: usize = 200;

const WORDS: &[&str] = &[
    "today",
    "Maya",
    "read",
    "the",
    "first",
    "chapter",
    "aloud",
    "and",
    "asked",
    "for",
    "more",
    "after",
    "lunch",
    "she",
    "helped",
    "her",
    "group",
    "with",
    "map",
    "of",
    "river",
    "we",
    "will",
    "try",
    "again",
    "tomorrow",
    "morning",
    "please",
    "bring",
    "boots",
    "because",
    "it",
    "may",
    "rain",
    "on",
    "trip",
    "he",
    "was",
    "quiet",
    "at",
    "but",
    "joined",
    "game",
    "in",
    "yard",
    "a",
    "new",
    "seat",
    "near",
    "window",
    "seems",
    "to",
    "help",
    "when",
    "noise",
    "gets",
    "too",
    "much",
    "let",
    "me",
    "know",
    "how",
    "homework",
    "went",
    "this",
    "week",
    "two",
    "pages",
    "are",
    "enough",
    "museum",
    "lantern",
    "harvest",
    "puzzle",
    "violin",
    "garden",
    "breakfast",
    "planet",
    "courage",
];

/// The message of this number.
pub(super) fn message(number: u64) -> String {
    let mut chance = number.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let mut text = String::with_capacity(LENGTH + 16);
    while text.len() < LENGTH {
        chance ^= chance << 13;
        chance ^= chance >> 7;
        chance ^= chance << 17;
        let word = usize::try_from((chance >> 20) % WORDS.len() as u64).unwrap_or(0);
        text.push_str(WORDS[word]);
        text.push(' ');
    }
    text.truncate(LENGTH);
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_have_their_length_and_differ() {
        let all: std::collections::BTreeSet<String> = (0..2_000).map(message).collect();
        assert_eq!(all.len(), 2_000);
        assert!(all.iter().all(|text| text.len() == LENGTH));
    }
}
