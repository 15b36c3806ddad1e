//! A search for many texts at once in any bytes.

use std::collections::{BTreeMap, BTreeSet};

/// How many first bytes tell texts apart.
const FIRST: usize = 4;

/// What a search found.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub(super) words: BTreeSet<String>,
    /// How much was searched.
    pub(super) bytes: u64,
}

/// Texts of four bytes or more, by their first four.
#[derive(Debug)]
pub(super) struct Search<'a> {
    texts: BTreeMap<[u8; FIRST], Vec<&'a str>>,
    /// Which first two bytes begin any text: decides most places in a file at one look.
    begins: Vec<bool>,
}

impl<'a> Search<'a> {
    pub(super) fn new(texts: &'a BTreeSet<String>) -> Self {
        let mut search = Self { texts: BTreeMap::new(), begins: vec![false; 1 << 16] };
        for text in texts {
            let Some(first) = text.as_bytes().first_chunk::<FIRST>() else { continue };
            search.begins[pair(first[0], first[1])] = true;
            search.texts.entry(*first).or_default().push(text);
        }
        search
    }

    /// Adds what is in `bytes` to `found`.
    pub(super) fn through(&self, bytes: &[u8], found: &mut Found) {
        found.bytes += bytes.len() as u64;
        for (at, two) in bytes.windows(2).enumerate() {
            if !self.begins[pair(two[0], two[1])] {
                continue;
            }
            let Some(first) = bytes[at..].first_chunk::<FIRST>() else { continue };
            for text in self.texts.get(first).into_iter().flatten() {
                if bytes[at..].starts_with(text.as_bytes()) {
                    found.words.insert((*text).to_owned());
                }
            }
        }
    }
}

const fn pair(first: u8, second: u8) -> usize {
    (first as usize) << 8 | second as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_text_is_found_wherever_it_stands_and_no_other() {
        let texts = ["Matilda", "Matthias", "größer", "Rivera"].map(str::to_owned);
        let texts = BTreeSet::from(texts);
        let search = Search::new(&texts);
        let mut found = Found::default();
        search.through("\0Matilda\u{1}größer Riv era MatthiaRivera".as_bytes(), &mut found);
        let expected = BTreeSet::from(["Matilda", "größer", "Rivera"].map(str::to_owned));
        assert_eq!(found.words, expected);
        search.through(b"", &mut found);
        search.through(b"Mat", &mut found);
        assert_eq!(found.words, expected);
    }
}
