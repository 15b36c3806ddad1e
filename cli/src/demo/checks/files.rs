//! What is in the relay's files: everything it signed for, and nothing that anybody said; nor is that in
//! the files of homes.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
};

use tandem_proto::ItemHash;
use tokio::task::spawn_blocking;

use super::{
    super::trip::Trip,
    Finding, kilobytes,
    search::{Found, Search},
};
use crate::error::Failure;

/// Shorter words could be in any bytes by accident.
const LETTERS: usize = 6;

/// Reads the relay's files with the relay gone.
pub(super) async fn all(trip: &Trip, receipted: &[ItemHash]) -> Result<Vec<Finding>, Failure> {
    let (data, hashes) = (trip.relay.data().to_owned(), receipted.to_vec());
    let kept = spawn_blocking(move || kept(&data, &hashes));
    let kept = kept.await.map_err(|error| Failure::Client(error.to_string()))??;
    let data = trip.relay.data().to_owned();
    let formers = trip.formers.iter().map(|former| &former.device);
    let homes = trip.devices.iter().chain(formers).map(|device| device.home().to_owned());
    let homes: Vec<_> = homes.collect();
    let needles = needles(trip);
    let secret = spawn_blocking(move || secret(&data, &homes, &needles));
    let secret = secret.await.map_err(|error| Failure::Client(error.to_string()))??;
    Ok(vec![kept, secret])
}

/// Every chain holds and every receipted envelope is there.
fn kept(data: &Path, receipted: &[ItemHash]) -> Result<Finding, Failure> {
    let report = tandem_server::check(data, receipted)?;
    let items: u64 = report.threads.iter().map(|thread| thread.head.0).sum();
    let mut wrong: Vec<_> = report.missing.iter().map(|hash| format!("no {hash}")).collect();
    let broken = report.threads.iter().filter(|thread| !thread.ok);
    wrong.extend(broken.map(|thread| format!("the chain of {}", thread.thread)));
    wrong.extend(report.damage.as_ref().map(|damage| damage.what.clone()));
    let said = format!(
        "killed once more, the relay's files hold {items} items in {} chains without a gap, with \
         all {} receipted envelopes",
        report.threads.len(),
        receipted.len()
    );
    Ok(Finding::unless(&wrong, "relay", said))
}

/// Every text, every name and title, and every longer word of them.
fn needles(trip: &Trip) -> BTreeSet<String> {
    let names = trip.devices.iter().map(|device| device.person.name.to_owned());
    let titles = trip.families.iter().map(|family| family.child.to_owned());
    let whole: Vec<String> = trip.said.iter().cloned().chain(names).chain(titles).collect();
    let words = whole.iter().flat_map(|text| text.split(|c: char| !c.is_alphanumeric()));
    let words = words.map(str::to_owned);
    words.chain(whole.iter().cloned()).filter(|text| text.len() >= LETTERS).collect()
}

/// None of them is in the relay's files or in a home's, which is sealed; the same search finds all of
/// them where they are in clear.
fn secret(data: &Path, homes: &[PathBuf], needles: &BTreeSet<String>) -> Result<Finding, Failure> {
    let search = Search::new(needles);
    let (mut relay, mut own, mut clear) = <(Found, Found, Found)>::default();
    let files = search_folder(&search, data, &mut relay)?;
    for home in homes {
        search_folder(&search, home, &mut own)?;
    }
    for needle in needles {
        search.through(needle.as_bytes(), &mut clear);
    }
    let mut wrong: Vec<_> = relay.words.iter().map(|word| format!("{word:?}")).collect();
    wrong.extend(own.words.iter().map(|word| format!("{word:?} in a home")));
    if clear.words != *needles {
        wrong.push("the same search does not find them in clear, so it proves nothing".to_owned());
    }
    let said = format!(
        "none of {} texts, words and names is in the relay's {files} files, {}, or in those of {} \
         homes, {}; the same search finds all of them in clear",
        needles.len(),
        kilobytes(relay.bytes),
        homes.len(),
        kilobytes(own.bytes)
    );
    Ok(Finding::unless(&wrong, "secrecy", said))
}

/// Searches every file under a folder; returns how many there were.
fn search_folder(search: &Search, folder: &Path, found: &mut Found) -> Result<usize, Failure> {
    let (mut folders, mut files): (Vec<PathBuf>, _) = (vec![folder.to_owned()], 0);
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder)? {
            let path = entry?.path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            // The relay's admin socket holds nothing.
            if !path.is_file() {
                continue;
            }
            let bytes = std::fs::read(&path)
                .map_err(|error| Failure::File { path: path.clone(), why: error.to_string() })?;
            search.through(&bytes, found);
            files += 1;
        }
    }
    Ok(files)
}
