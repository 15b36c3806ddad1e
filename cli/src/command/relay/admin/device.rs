//! `tandem relay admin device`

use std::path::Path;

use clap::{Args, Subcommand};
use serde_json::{Value, json};
use tandem_server::{AdminReply, AdminRequest, KnownDevice, Standing};

use super::{ask, unexpected};
use crate::{clock, error::Failure, out::Done, plain};

const NAMED: &str = "\
Example:
  tandem relay admin --data ./relay device suspend k3x9mq

A device is named by its transport key, which `tandem doctor` shows on it, or by the first letters of
that (4 or more). It is told that it is turned away; nothing on it is lost. `resume` ends `suspend`;
`remove` is for good. A suspended device still has what it has read.";

const LIST: &str = "\
Examples:
  tandem relay admin --data ./relay device list
  tandem relay admin --data ./relay device list --school Oak";

/// What can be done with devices.
#[derive(Debug, Subcommand)]
pub(super) enum Device {
    /// List the devices that the relay remembers
    #[command(after_help = LIST)]
    List(List),
    /// Stop serving a device for now
    #[command(after_help = NAMED)]
    Suspend(Named),
    /// Serve a suspended device again
    #[command(after_help = NAMED)]
    Resume(Named),
    /// Stop serving a device for good
    #[command(after_help = NAMED)]
    Remove(Named),
}

/// Which devices.
#[derive(Debug, Args)]
pub(super) struct List {
    /// Only those of this school
    #[arg(long, value_name = "SCHOOL")]
    school: Option<String>,
}

/// A device.
#[derive(Debug, Args)]
pub(super) struct Named {
    /// Its transport key, or the first letters of it
    device: String,
}

impl Device {
    pub(super) fn run(self, data: &Path) -> Result<Done, Failure> {
        let (named, standing) = match self {
            Self::List(list) => return show(data, list.school),
            Self::Suspend(named) => (named, Standing::Suspended),
            Self::Resume(named) => (named, Standing::Active),
            Self::Remove(named) => (named, Standing::Removed),
        };
        match ask(data, AdminRequest::SetDevice(named.device, standing))? {
            AdminReply::Device(row) => Ok(Done::new(json!({ "device": shape(&row) }), line(&row))),
            other => Err(unexpected(&other)),
        }
    }
}

fn show(data: &Path, school: Option<String>) -> Result<Done, Failure> {
    match ask(data, AdminRequest::Devices(school))? {
        AdminReply::Devices(rows) => {
            let document = json!({ "devices": rows.iter().map(shape).collect::<Vec<_>>() });
            let lines: Vec<_> = rows.iter().map(line).collect();
            let text = if lines.is_empty() { "No devices.".to_owned() } else { lines.join("\n") };
            Ok(Done::new(document, text))
        }
        other => Err(unexpected(&other)),
    }
}

fn line(row: &KnownDevice) -> String {
    let of = match (&row.school, row.since) {
        (Some(school), Some(since)) => {
            format!("of {} since {}", plain::line(school), clock::moment(since, clock::now()))
        }
        (Some(school), None) => format!("of {}", plain::line(school)),
        (None, _) => "of no school".to_owned(),
    };
    let here = if row.connected { ", connected" } else { "" };
    format!("{}  {}{here}, {of}", row.device, row.standing.name())
}

fn shape(row: &KnownDevice) -> Value {
    json!({
        "transport": row.device.to_string(),
        "school": row.school,
        "since": row.since.map(|since| since.0),
        "state": row.standing.name(),
        "connected": row.connected,
    })
}
