//! `tandem relay admin school`

use std::{collections::BTreeMap, path::Path};

use clap::{Args, Subcommand};
use serde_json::{Value, json};
use tandem_proto::{SchoolLink, SchoolPass};
use tandem_server::{AdminReply, AdminRequest, Limit, SchoolRow, Standing};

use super::{ask, unexpected};
use crate::{clock, error::Failure, out::Done, plain};

const ADD: &str = "\
Examples:
  tandem relay admin --data ./relay school add 'Elm Street School'
  tandem relay admin --data ./relay school add Oak --limit devices=40 --limit bytes_per_thread=50000000

The link is printed once: give it to the school's staff, by a way you trust. Who has it can make
devices the school's. With `admission = \"schools\"` in the config only they can put threads on the
relay; parents need no link of a school.";

const LIST: &str = "\
Example:
  tandem relay admin --data ./relay school list";

const LINK: &str = "\
Example:
  tandem relay admin --data ./relay school link 'Elm Street School'

The link before it makes no more devices the school's from now on.";

const RESUME: &str = "\
Example:
  tandem relay admin --data ./relay school resume 'Elm Street School'";

const LIMIT: &str = "\
Examples:
  tandem relay admin --data ./relay school limit Oak devices=60
  tandem relay admin --data ./relay school limit Oak devices=default

Limits: items_per_thread, bytes_per_thread, threads_founded_per_day (of a device), bytes_per_day (of
a device), letters_per_device, devices, threads, bytes, and retention_days: how long a thread is kept
after its newest item, 0 for good. What is not set is as in the config.";

const SUSPEND: &str = "\
Example:
  tandem relay admin --data ./relay school suspend 'Elm Street School'

Its devices are turned away and told so; its threads can be read by parents and take nothing new.
Nothing is lost, here or on any device; `school resume` ends it.";

const REMOVE: &str = "\
Example:
  tandem relay admin --data ./relay school remove 'Elm Street School'

For good: its link and its devices are turned away. A device comes back with another school's link,
and a thread goes over to the next school whose device adds to it.";

/// What can be done with schools. A school is named by its name, its id, or the first letters of the
/// id (4 or more).
#[derive(Debug, Subcommand)]
pub(super) enum School {
    /// Add a school; prints its link, once
    #[command(after_help = ADD)]
    Add(Add),
    /// List the schools, with what they use and may use
    #[command(after_help = LIST)]
    List,
    /// Give a school another link; devices that are its own stay so
    #[command(after_help = LINK)]
    Link(Named),
    /// Change what a school may use
    #[command(after_help = LIMIT)]
    Limit(Limited),
    /// Stop serving a school for now
    #[command(after_help = SUSPEND)]
    Suspend(Named),
    /// Serve a suspended school again
    #[command(after_help = RESUME)]
    Resume(Named),
    /// Stop serving a school for good
    #[command(after_help = REMOVE)]
    Remove(Named),
}

/// A new school.
#[derive(Debug, Args)]
pub(super) struct Add {
    /// Its name, as you will call it
    name: String,
    /// A limit of its own, as in devices=40; may be said again
    #[arg(long = "limit", value_name = "LIMIT=N", value_parser = limit)]
    limits: Vec<(Limit, Option<u64>)>,
}

/// A school.
#[derive(Debug, Args)]
pub(super) struct Named {
    /// Its name or id
    school: String,
}

/// A school and what changes.
#[derive(Debug, Args)]
pub(super) struct Limited {
    /// Its name or id
    school: String,
    /// What changes, as in devices=40 or devices=default
    #[arg(required = true, value_name = "LIMIT=N", value_parser = limit)]
    limits: Vec<(Limit, Option<u64>)>,
}

impl School {
    pub(super) fn run(self, data: &Path) -> Result<Done, Failure> {
        match self {
            Self::Add(Add { name, limits }) => {
                let quota = limits.into_iter().filter_map(|(limit, n)| Some((limit, n?))).collect();
                linked(data, AdminRequest::AddSchool { name, quota })
            }
            Self::Link(Named { school }) => linked(data, AdminRequest::LinkSchool(school)),
            Self::List => list(data),
            Self::Limit(Limited { school, limits }) => {
                let changes: BTreeMap<_, _> = limits.into_iter().collect();
                changed(data, AdminRequest::LimitSchool { school, changes })
            }
            Self::Suspend(named) => set(data, named, Standing::Suspended),
            Self::Resume(named) => set(data, named, Standing::Active),
            Self::Remove(named) => set(data, named, Standing::Removed),
        }
    }
}

fn limit(text: &str) -> Result<(Limit, Option<u64>), String> {
    let names: Vec<_> = Limit::ALL.iter().map(|(_, name)| *name).collect();
    let wrong = || format!("say LIMIT=N or LIMIT=default; the limits are {}", names.join(", "));
    let (name, value) = text.split_once('=').ok_or_else(wrong)?;
    let limit = name.parse().map_err(|_| wrong())?;
    match value {
        "default" => Ok((limit, None)),
        number => number.parse().map(|n| (limit, Some(n))).map_err(|_| wrong()),
    }
}

fn linked(data: &Path, request: AdminRequest) -> Result<Done, Failure> {
    let relay = tandem_server::relay_link(data).ok_or_else(|| {
        Failure::Usage(
            "nothing here says at which address this relay is; start it once with this version: \
             `tandem relay run`"
                .into(),
        )
    })?;
    match ask(data, request)? {
        AdminReply::Linked(row, pass) => {
            let link = link(relay, pass);
            let text = format!(
                "The link of {}, shown this once:\n\n{link}\n\nIts staff run `tandem init --name \
                 NAME --role ROLE --school LINK`, or `tandem school join LINK` in a home they have.",
                plain::line(&row.name)
            );
            Ok(Done::new(json!({ "school": shape(&row), "link": link }), text))
        }
        other => Err(unexpected(&other)),
    }
}

fn link(relay: tandem_proto::RelayLink, pass: SchoolPass) -> String {
    SchoolLink { relay, pass }.to_string()
}

fn set(data: &Path, named: Named, standing: Standing) -> Result<Done, Failure> {
    changed(data, AdminRequest::SetSchool(named.school, standing))
}

fn changed(data: &Path, request: AdminRequest) -> Result<Done, Failure> {
    match ask(data, request)? {
        AdminReply::School(row) => Ok(Done::new(json!({ "school": shape(&row) }), line(&row))),
        other => Err(unexpected(&other)),
    }
}

fn list(data: &Path) -> Result<Done, Failure> {
    match ask(data, AdminRequest::Schools)? {
        AdminReply::Schools(rows) => {
            let document = json!({ "schools": rows.iter().map(shape).collect::<Vec<_>>() });
            let lines: Vec<_> = rows.iter().map(line).collect();
            let text = if lines.is_empty() { "No schools.".to_owned() } else { lines.join("\n") };
            Ok(Done::new(document, text))
        }
        other => Err(unexpected(&other)),
    }
}

fn line(row: &SchoolRow) -> String {
    let used = |n: u64, limit: Limit, what: &str| {
        format!("{n} of {} {what}", row.limits.get(&limit).copied().unwrap_or_default())
    };
    format!(
        "{}  {}  {}, since {}: {}, {}, {}",
        &row.school.to_string()[..8],
        plain::line(&row.name),
        row.standing.name(),
        clock::moment(row.since, clock::now()),
        used(row.devices, Limit::Devices, "devices"),
        used(row.threads, Limit::Threads, "threads"),
        used(row.bytes, Limit::Bytes, "bytes"),
    )
}

fn shape(row: &SchoolRow) -> Value {
    let limits: BTreeMap<_, _> = row.limits.iter().map(|(limit, n)| (limit.name(), n)).collect();
    json!({
        "id": row.school.to_string(),
        "name": row.name,
        "state": row.standing.name(),
        "since": row.since.0,
        "devices": row.devices,
        "threads": row.threads,
        "bytes": row.bytes,
        "limits": limits,
        "own_limits": row.own.iter().map(|limit| limit.name()).collect::<Vec<_>>(),
    })
}
