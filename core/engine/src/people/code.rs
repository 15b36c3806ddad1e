//! The code that two people compare: the same on both phones when each sees the other's devices.

use tandem_proto::{
    DeviceKey, PersonId, ThreadId, derive_key,
    planted::{Fault, is},
};

use crate::Trouble;

/// Digits of a code: 99 bits. Whoever can choose devices of both people, as a member who shows each
/// of them another roster could, looks for two equal codes among many: that takes the root of the
/// number of codes, some 2^50 tries of [`ROUNDS`] hashes each (ADR 0017).
const DIGITS: usize = 30;

/// Digits that are read out together.
const GROUP: usize = 5;

/// How often the hash is taken: some ten milliseconds of a phone, and 2^14 times the work of whoever
/// looks for an equal code.
const ROUNDS: usize = 1 << 14;

/// One of the two: a person and all their devices in the thread, sorted.
pub(super) type Side = (PersonId, Vec<DeviceKey>);

/// The code of two people in a thread, in groups.
pub(super) fn code(thread: &ThreadId, one: &Side, other: &Side) -> String {
    let mut sides = [one, other];
    sides.sort_unstable();
    let mut hash = derive_key("tandem/code/1", &[thread.as_bytes()]);
    let sides = if is(Fault::CodeOfOneSide) { &sides[..1] } else { &sides };
    for (person, devices) in sides {
        let devices: Vec<&[u8]> = devices.iter().map(|d| d.as_bytes().as_slice()).collect();
        let side = derive_key("tandem/code-side/1", &devices);
        hash = derive_key("tandem/code/1", &[&hash, person.as_bytes(), &side]);
    }
    for _ in 0..ROUNDS {
        hash = derive_key("tandem/code/1", &[&hash]);
    }
    let (high, low) = hash.split_at(16);
    let (mut high, mut low) = (number(high), number(low));
    let mut out = String::with_capacity(DIGITS + DIGITS / GROUP);
    for at in 0..DIGITS {
        if at > 0 && at % GROUP == 0 {
            out.push(' ');
        }
        // Fifteen digits of each half, which has 128 bits: none is likelier than another by more
        // than 2^-78.
        let half = if at < DIGITS / 2 { &mut high } else { &mut low };
        // A remainder of ten is one digit.
        out.push(char::from(b'0' + u8::try_from(*half % 10).unwrap_or(0)));
        *half /= 10;
    }
    out
}

fn number(bytes: &[u8]) -> u128 {
    bytes.iter().fold(0, |sum, byte| (sum << 8) | u128::from(*byte))
}

/// Whether a code, as somebody typed it, is this one. Spaces and dashes between digits don't count.
///
/// # Errors
/// [`Trouble::BadCode`] when it is no code at all, [`Trouble::WrongCode`] when it is another.
pub(super) fn compare(code: &str, typed: &str) -> Result<(), Trouble> {
    let is_gap = |c: &char| c.is_whitespace() || *c == '-';
    let typed: Vec<char> = typed.chars().filter(|c| !is_gap(c)).collect();
    let digits = typed.iter().filter(|c| c.is_ascii_digit()).count();
    if digits != DIGITS || digits != typed.len() {
        return Err(Trouble::BadCode { given: digits, needed: DIGITS });
    }
    let same = code.chars().filter(|c| !is_gap(c)).eq(typed);
    same.then_some(()).ok_or(Trouble::WrongCode)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn side(n: u8, devices: &[u8]) -> Side {
        (PersonId::new([n; 16]), devices.iter().map(|d| DeviceKey::new([*d; 32])).collect())
    }

    const THREAD: ThreadId = ThreadId::new([1; 20]);

    #[test]
    fn a_code_is_the_same_from_both_sides_and_another_for_any_other_key_or_thread() {
        let (ana, teacher) = (side(2, &[3]), side(4, &[5, 6]));
        let shown = code(&THREAD, &ana, &teacher);
        assert_eq!(shown, code(&THREAD, &teacher, &ana));
        assert_eq!(
            shown, "21065 50113 35369 10932 77872 32109",
            "the code of these keys stays what it is"
        );
        for other in [
            code(&THREAD, &side(2, &[7]), &teacher),
            code(&THREAD, &ana, &side(4, &[5])),
            code(&THREAD, &ana, &side(4, &[5, 6, 7])),
            code(&THREAD, &side(4, &[3]), &side(2, &[5, 6])),
            code(&ThreadId::new([2; 20]), &ana, &teacher),
        ] {
            assert_ne!(shown, other);
        }
    }

    #[test]
    fn a_code_is_thirty_digits_in_groups_of_five() {
        let shown = code(&THREAD, &side(2, &[3]), &side(4, &[5]));
        let groups: Vec<&str> = shown.split(' ').collect();
        assert_eq!(groups.len(), 6, "{shown}");
        let whole = |group: &&str| group.len() == 5 && group.bytes().all(|c| c.is_ascii_digit());
        assert!(groups.iter().all(whole), "{shown}");
    }

    #[test]
    fn a_code_is_typed_with_or_without_gaps_and_nothing_else_counts() {
        let shown = "12345 67890 12345 67890 12345 67890";
        for typed in [shown, &shown.replace(' ', ""), &shown.replace(' ', " - ")] {
            assert_eq!(compare(shown, typed), Ok(()), "{typed}");
        }
        let wrong = shown.replace("12345 6", "12346 6");
        assert_eq!(compare(shown, &wrong), Err(Trouble::WrongCode));
        for (typed, given) in [("", 0), ("12345", 5), (&format!("{shown}1")[..], 31)] {
            assert_eq!(compare(shown, typed), Err(Trouble::BadCode { given, needed: DIGITS }));
        }
        let letter = shown.replacen('1', "l", 1);
        assert_eq!(
            compare(shown, &letter),
            Err(Trouble::BadCode { given: 29, needed: DIGITS }),
            "a letter is no digit"
        );
    }
}
