//! `tandem relay admin audit`

use std::path::Path;

use clap::Args;
use serde_json::{Value, json};
use tandem_server::{Act, AuditRecord};

use crate::{
    clock,
    error::{CHECK, Failure},
    out::Done,
    plain, words,
};

const EXAMPLES: &str = "\
Examples:
  tandem relay admin --data ./relay audit
  tandem relay admin --data ./relay audit --json > audit-of-today.json

Reads the store and writes nothing, also while the relay runs. Each record names the hash of the one
before and is signed by the relay's key; acts.log beside the store holds them a second time. Ends with
6 when something is missing or was changed. A copy kept elsewhere shows also what was cut off both.";

/// Prints and verifies the log of what was done here.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Audit {}

impl Audit {
    pub(super) fn run(self, data: &Path) -> Result<Done, Failure> {
        let found = tandem_server::audit(data)?;
        let document = json!({
            "acts": found.acts.iter().map(shape).collect::<Vec<_>>(),
            "ok": found.fault.is_none(),
            "wrong": found.fault,
        });
        let mut lines: Vec<_> = found.acts.iter().map(|act| line(act, &found.acts)).collect();
        lines.push(match &found.fault {
            None if found.acts.is_empty() => "Nothing was done here yet.".to_owned(),
            None => format!(
                "{}, each as the relay signed it, and none is missing.",
                words::count(found.acts.len() as u64, "act", "acts")
            ),
            Some(fault) => format!("Not whole: {fault}."),
        });
        let exit = if found.fault.is_none() { 0 } else { CHECK };
        Ok(Done::new(document, lines.join("\n")).exit(exit))
    }
}

fn line(record: &AuditRecord, all: &[AuditRecord]) -> String {
    let whom = match (&record.act, record.act.school(), record.act.device()) {
        (Act::ThreadErased(stone), ..) => stone.thread.to_string(),
        (_, _, Some(device)) => device.to_string(),
        (_, Some(school), _) => {
            let name = all.iter().find_map(|record| match &record.act {
                Act::SchoolAdded { school: added, name, .. } if *added == school => Some(name),
                _ => None,
            });
            name.map_or_else(|| school.to_string(), |name| plain::line(name))
        }
        _ => String::new(),
    };
    format!(
        "{:>4}  {}  {}: {whom} ({})",
        record.number,
        clock::moment(record.time, clock::now()),
        record.act.name().replace('_', " "),
        plain::line(&record.by)
    )
}

fn shape(record: &AuditRecord) -> Value {
    let mut out = json!({
        "number": record.number,
        "time": record.time.0,
        "by": record.by,
        "act": record.act.name(),
        "school": record.act.school().map(|school| school.to_string()),
        "transport": record.act.device().map(|device| device.to_string()),
        "hash": tandem_proto::ItemHash::new(record.hash()).to_string(),
    });
    match &record.act {
        Act::SchoolAdded { name, quota, .. } => {
            out["name"] = json!(name);
            out["limits"] = limits(quota);
        }
        Act::SchoolLimited { quota, .. } => out["limits"] = limits(quota),
        Act::ThreadErased(stone) => {
            out["thread"] = json!(stone.thread.to_string());
            out["because"] = json!(stone.because.name());
            out["reason"] = json!(&*stone.words);
        }
        _ => {}
    }
    out
}

fn limits(quota: &tandem_server::Quota) -> Value {
    quota.iter().map(|(limit, n)| (limit.name().to_owned(), json!(n))).collect()
}
