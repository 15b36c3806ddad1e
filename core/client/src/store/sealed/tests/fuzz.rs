//! Fuzz target: a home's files, spoiled by whoever can write to them. No false value is served, and
//! whatever is spoiled is told.
//!
//! `TANDEM_SEED` chooses other bytes, `TANDEM_ROUNDS` how many times as many.

use super::*;

/// SplitMix64, so that a run is replayed by its number.
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((z ^ (z >> 31)) % (end as u64).max(1)).unwrap()
    }

    fn noise(&mut self, most: usize) -> Vec<u8> {
        (0..=self.below(most)).map(|_| u8::try_from(self.below(256)).unwrap()).collect()
    }

    /// A stored value, spoiled; `others` are values of other places and of another home.
    fn spoil(&mut self, value: &[u8], others: &[Vec<u8>]) -> Vec<u8> {
        let mut spoiled = value.to_vec();
        match self.below(6) {
            0 => spoiled[self.below(value.len())] ^= 1 << self.below(8),
            1 => spoiled.truncate(self.below(value.len())),
            2 => spoiled.extend(self.noise(40)),
            3 => drop(spoiled.drain(..=self.below(value.len()))),
            4 => spoiled.clone_from(&others[self.below(others.len())]),
            _ => spoiled = self.noise(400),
        }
        spoiled
    }
}

fn said(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

#[test]
fn files_that_are_spoiled_anyhow_serve_no_false_value_and_say_so() {
    let seed = said("TANDEM_SEED").unwrap_or(1);
    println!("at rest: TANDEM_SEED={seed}");
    let mut dice = Dice(seed);
    let rounds = 600 * said("TANDEM_ROUNDS").unwrap_or(1);
    let home = Home::new();
    // The same records under other keys.
    let other = {
        let (disk, root) = (MemoryDisk::new(), RootKey::new([9; 32]));
        let store = SealedStore::create(disk.open().unwrap(), &root, seed_of_another()).unwrap();
        store.commit(&put(&records())).unwrap();
        drop(store);
        all(&disk.open().unwrap())
    };
    let there = home.on_disk();
    let others: Vec<Vec<u8>> = there.iter().chain(&other).map(|(_, value)| value.clone()).collect();
    for round in 0..rounds {
        let (place, value) = &there[dice.below(there.len())];
        let spoiled = dice.spoil(value, &others);
        if spoiled == *value {
            continue;
        }
        let write = |value: &[u8]| {
            let raw = home.disk.open().unwrap();
            raw.commit(&put(&[(place.clone(), value.to_vec())])).unwrap();
        };
        write(&spoiled);
        let told = served(&home);
        assert!(told, "seed {seed}, round {round}: nobody is told of {place:?}");
        write(value);
    }
    assert_eq!(all(&home.open()), records(), "and what was put back is as it was");
}

/// Whether anything is said to be damaged. Whatever is served is true.
fn served(home: &Home) -> bool {
    let Ok(store) = home.try_open() else { return true };
    let mut told = false;
    for (key, value) in records() {
        match store.load(&key) {
            Ok(Some(served)) => assert_eq!(served, value, "{key:?}"),
            Ok(None) => panic!("{key:?} is gone, and nobody is told"),
            Err(_) => told = true,
        }
        match store.scan(&Key::new(key.as_bytes()[..1].to_vec())) {
            Ok(found) => assert!(found.iter().all(|record| records().contains(record)), "{key:?}"),
            Err(_) => told = true,
        }
    }
    told
}

fn seed_of_another() -> [u8; 32] {
    [250; 32]
}
