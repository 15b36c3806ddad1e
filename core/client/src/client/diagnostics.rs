//! How a home stands, for whoever is asked for help.

use std::fmt;

use tandem_engine::{Answer, DeviceRow, InboxRow, LinkFault, Query};
use tandem_proto::Timestamp;

use super::{Client, ClientError};
use crate::{LinkPhase, LinkState};

/// How a home stands: counts, states and public keys, and nobody's names, titles or words.
///
/// Shown as lines of `name=value`, in the same order always; a value that is not there is left empty. Its text is
/// not translated: it is read by whoever helps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostics {
    lines: Vec<(&'static str, String)>,
}

impl fmt::Display for Diagnostics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, (name, value)) in self.lines.iter().enumerate() {
            let end = if at + 1 == self.lines.len() { "" } else { "\n" };
            write!(f, "{name}={value}{end}")?;
        }
        Ok(())
    }
}

impl Client {
    /// How this home stands, for whoever is asked for help. A suspended or broken home says what is known without
    /// its store: the version and the line.
    ///
    /// # Errors
    /// [`ClientError::Closed`].
    pub async fn diagnostics(&self) -> Result<Diagnostics, ClientError> {
        let link = self.link_state().now();
        let mut lines = vec![
            ("version", env!("CARGO_PKG_VERSION").to_owned()),
            ("link", link_name(&link).to_owned()),
        ];
        match self.ask(Query::Inbox).await {
            Ok(Answer::Inbox(threads, joins)) => {
                lines.push(("home", "open".to_owned()));
                lines.extend(inbox_lines(&threads));
                lines.push(("joins", joins.len().to_string()));
            }
            Ok(_) => {}
            Err(ClientError::Closed) => return Err(ClientError::Closed),
            Err(error) => lines.push(("home", trouble_name(&error).to_owned())),
        }
        if let Ok(Answer::Device(device)) = self.ask(Query::Device).await {
            lines.extend(device_lines(&device));
        }
        Ok(Diagnostics { lines })
    }
}

const fn trouble_name(error: &ClientError) -> &'static str {
    match error {
        ClientError::Trouble(trouble) => trouble.name(),
        ClientError::Home(_) => "not_opened",
        ClientError::Suspended => "suspended",
        ClientError::Closed => "closed",
    }
}

fn link_name(state: &LinkState) -> &'static str {
    match (state.phase, &state.last_fault) {
        (LinkPhase::Live, _) => "live",
        (LinkPhase::Dialing, _) => "dialing",
        (LinkPhase::Offline, None) => "idle",
        (LinkPhase::Offline, Some(LinkFault::WrongKey)) => "wrong_key",
        (LinkPhase::Offline, Some(LinkFault::TurnedAway(_))) => "turned_away",
        (LinkPhase::Offline, Some(_)) => "out_of_reach",
    }
}

fn inbox_lines(threads: &[InboxRow]) -> [(&'static str, String); 7] {
    let sum = |of: fn(&InboxRow) -> u32| {
        threads.iter().map(|row| u64::from(of(row))).sum::<u64>().to_string()
    };
    let count =
        |of: fn(&InboxRow) -> bool| threads.iter().filter(|row| of(row)).count().to_string();
    [
        ("threads", threads.len().to_string()),
        ("threads_out", count(|row| row.role.is_none())),
        ("threads_warned", count(|row| !row.other_log.is_empty())),
        ("unseen", sum(|row| row.unseen)),
        ("waiting", sum(|row| row.waiting)),
        ("stuck", sum(|row| row.stuck)),
        ("as_of", moment(threads.iter().filter_map(|row| row.as_of).min())),
    ]
}

fn device_lines(row: &DeviceRow) -> [(&'static str, String); 10] {
    let school = row.school.as_ref();
    let read: u64 = row.cursors.iter().map(|row| row.cursor.seq.0).sum();
    let signed = row.cursors.iter().filter(|row| row.signed.is_some()).count();
    [
        ("device", row.device.to_string()),
        ("transport", row.transport.to_string()),
        ("generation", text(row.generation)),
        ("renewed", moment(Some(row.renewed))),
        ("renewing", text(row.renewing)),
        ("school", text(school.map(|school| school.school))),
        (
            "enrolment",
            text(school.and_then(|school| school.enrolment).map(|how| format!("{how:?}"))),
        ),
        ("role", row.role.to_string()),
        ("read", read.to_string()),
        ("signed", signed.to_string()),
    ]
}

fn text(value: Option<impl ToString>) -> String {
    value.map(|value| value.to_string()).unwrap_or_default()
}

/// In milliseconds since 1970.
fn moment(at: Option<Timestamp>) -> String {
    text(at.map(|at| at.0))
}
