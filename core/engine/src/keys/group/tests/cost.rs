//! What groups cost; printed, not judged.

use super::*;

/// How long `work` takes, in milliseconds, and what it gives.
#[allow(clippy::disallowed_methods, clippy::disallowed_types, reason = "it measures")]
fn timed<T>(work: impl FnOnce() -> T) -> (f64, T) {
    let start = std::time::Instant::now();
    let out = work();
    (start.elapsed().as_secs_f64() * 1000.0, out)
}

#[test]
#[ignore = "prints bytes and times"]
fn what_a_group_costs() {
    for n in [2u8, 12, 50] {
        let devices: Vec<Device> = (1..=n).map(Device::new).collect();
        let all: Vec<&Device> = devices.iter().collect();
        let (a, b, new) = (all[0], all[1], Device::new(n + 1));
        let added = a.change(&a.found(), &all[1..], &[]);
        let mut states: Vec<GroupState> =
            all[1..].iter().map(|device| device.join(&added, a, &all)).collect();
        // Everyone renews once, as devices do after joining; then the tree is full.
        let mut at_a = added.state;
        for i in 1..all.len() {
            let renewed = all[i].change(&states[i - 1], &[], &[]);
            at_a = process(&at_a, &renewed.commit, all[i], &[], &[]).unwrap();
            for (_, state) in states.iter_mut().enumerate().filter(|(j, _)| j + 1 != i) {
                *state = process(state, &renewed.commit, all[i], &[], &[]).unwrap();
            }
            states[i - 1] = renewed.state;
        }
        let (change_ms, changed) = timed(|| a.change(&at_a, &[&new], &[b]));
        let roster: Vec<&Device> =
            all.iter().copied().filter(|device| device.number != 2).chain([&new]).collect();
        let (join_ms, joined) = timed(|| new.join(&changed, a, &roster));
        let (process_ms, processed) = timed(|| match states.get(1) {
            Some(state) => process(state, &changed.commit, a, &[&new], &[b]).unwrap(),
            None => joined.clone(),
        });
        let (secret_ms, _) = timed(|| secret(&processed));
        let renewed = a.change(&at_a, &[], &[]);
        println!(
            "{n} devices: state {}, package {} (secret {}), swap {}, welcome {}, renewal {}; \
             change {change_ms:.1}, process {process_ms:.1}, join {join_ms:.1}, secret {secret_ms:.1} ms",
            changed.state.as_bytes().len(),
            new.package.public.len(),
            new.package.secret.len(),
            changed.commit.len(),
            changed.welcome.unwrap().len(),
            renewed.commit.len(),
        );
    }
}
