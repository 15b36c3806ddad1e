//! A set of seqs, kept as runs: what one connection has pushed itself.

use std::collections::BTreeMap;

use tandem_proto::Seq;

/// Seqs as runs from first to last, so that a million pushes in a row cost one entry.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Spans(BTreeMap<Seq, Seq>);

impl Spans {
    /// Adds one seq.
    pub(crate) fn insert(&mut self, seq: Seq) {
        let before = self.0.range(..=seq).next_back().map(|(first, last)| (*first, *last));
        let first = match before {
            Some((_, last)) if last >= seq => return,
            Some((first, last)) if last.next() == seq => first,
            _ => seq,
        };
        let last = self.0.remove(&seq.next()).unwrap_or(seq);
        self.0.insert(first, last);
    }

    /// The end of the run that holds `seq`.
    pub(crate) fn end_of(&self, seq: Seq) -> Option<Seq> {
        let (_, last) = self.0.range(..=seq).next_back()?;
        (*last >= seq).then_some(*last)
    }

    /// The first seq of the set above `seq`, where `seq` itself is not in it.
    pub(crate) fn next_above(&self, seq: Seq) -> Option<Seq> {
        self.0.range(seq.next()..).next().map(|(first, _)| *first)
    }

    /// Forgets everything up to and including `seq`.
    pub(crate) fn forget_through(&mut self, seq: Seq) {
        let rest = self.0.split_off(&seq.next());
        if let Some((_, last)) = self.0.last_key_value().filter(|(_, last)| **last > seq) {
            let last = *last;
            self.0 = rest;
            self.0.insert(seq.next(), last);
        } else {
            self.0 = rest;
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn runs_answer_as_the_plain_set_does(
            seqs in prop::collection::vec(1u64..40, 0..40),
            cut in 0u64..45,
        ) {
            let mut spans = Spans::default();
            let mut set = BTreeSet::new();
            for seq in seqs {
                spans.insert(Seq(seq));
                set.insert(seq);
            }
            for round in 0..2 {
                for at in 1..45u64 {
                    let end = set.contains(&at).then(|| {
                        (at..).take_while(|s| set.contains(s)).last().unwrap_or(at)
                    });
                    prop_assert_eq!(spans.end_of(Seq(at)), end.map(Seq), "round {}", round);
                    if end.is_none() {
                        let next = set.range(at + 1..).next().map(|s| Seq(*s));
                        prop_assert_eq!(spans.next_above(Seq(at)), next);
                    }
                }
                spans.forget_through(Seq(cut));
                set = set.split_off(&(cut + 1));
                prop_assert_eq!(spans.is_empty(), set.is_empty());
            }
        }
    }
}
