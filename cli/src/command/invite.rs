//! `tandem invite`

use std::sync::Arc;

use clap::Args;
use qrcode::{EcLevel, QrCode, render::unicode::Dense1x2};
use serde_json::json;
use tandem_engine::{Answer, Intent};
use tandem_proto::{Role, invite_id};

use crate::{
    clock,
    error::Failure,
    find,
    home::{Home, unexpected},
    out::Done,
    plain,
    rows::{self, short},
    shapes, words,
};

const EXAMPLES: &str = "\
Examples:
  tandem invite Maya --role guardian
  tandem invite k3x9 --role specialist --json
  tandem invite Maya --role guardian --in-person      shown to whoever stands before you
  tandem invite Maya --role archive                   the school's records, by a guardian alone
  tandem invite --list Maya
  tandem invite --revoke q7wz

One link lets one person in, as what you say here, within 14 days. Give it to that person only, by a
way you trust; the first who uses it counts. Works without signal; they are let in at your next sync
after they asked. Whoever comes by a link is not verified until you compare a code with them
(`tandem verify`); whoever comes by one made with --in-person is, so show that one and never send
it. Whoever comes in as archive keeps the school's records: they can read everything said in the thread,
also what was said before they came, and write nothing. Only a guardian can let them in, and everybody
sees it.";

/// Makes a link that lets one person in, lists such links, or takes one back.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Invite {
    /// The thread's id, its first letters, or its title
    #[arg(required_unless_present_any = ["list", "revoke"], conflicts_with = "revoke")]
    thread: Option<String>,
    /// As what the person will be in the thread: guardian, teacher, specialist, lead or archive
    #[arg(long, value_parser = super::role)]
    #[arg(required_unless_present_any = ["list", "revoke"], conflicts_with_all = ["list", "revoke"])]
    role: Option<Role>,
    /// The link will be shown in person: whoever comes in by it is verified
    #[arg(long, conflicts_with_all = ["list", "revoke"])]
    in_person: bool,
    /// List the links that this home made, into one thread or all
    #[arg(long, conflicts_with = "revoke")]
    list: bool,
    /// Take back a link that nobody has used: its id or the first letters of it
    #[arg(long, value_name = "INVITE")]
    revoke: Option<String>,
}

impl Invite {
    pub(crate) async fn run(self, home: Arc<Home>) -> Result<Done, Failure> {
        match (self.thread, self.role, self.revoke) {
            (_, _, Some(invite)) => revoke(&invite, &home).await,
            (Some(thread), Some(role), None) => make(&thread, role, self.in_person, &home).await,
            (thread, _, None) => list(thread.as_deref(), &home).await,
        }
    }
}

async fn make(name: &str, role: Role, in_person: bool, home: &Home) -> Result<Done, Failure> {
    let row = home.thread(name).await?;
    let intent = Intent::Invite { thread: row.thread, role, in_person };
    let link = match home.perform(intent).await? {
        Answer::Invited(link) => link,
        other => return Err(unexpected(&other)),
    };
    let id = invite_id(&link.secret);
    let invites = home.invites(Some(row.thread)).await?;
    let made = find::invite(&id.to_string(), &invites)?;
    let (link, until) = (link.to_string(), clock::moment(made.until, clock::now()));
    let how = if in_person {
        "Show it to the person who stands before you, and send it to nobody: who comes in by it \
         counts as verified by you."
    } else {
        "Who comes in by it is not verified until you compare a code: `tandem verify`."
    };
    let reads = words::reads(role).map_or_else(String::new, |reads| format!("\n{reads}"));
    let text = format!(
        "{}\nThis link lets {} into {}, until {until}:\n\n{link}\n\nThey run `tandem join \
         LINK`. {how}{reads}\n`tandem invite --revoke {}` takes it back.",
        square(&link),
        words::one(role),
        plain::line(&row.title),
        short(id)
    );
    let document = json!({
        "link": link,
        "invite": id.to_string(),
        "until": made.until.0,
        "in_person": made.in_person,
    });
    Ok(Done::new(document, text))
}

async fn list(name: Option<&str>, home: &Home) -> Result<Done, Failure> {
    let thread = match name {
        Some(name) => Some(home.thread(name).await?.thread),
        None => None,
    };
    let invites = home.invites(thread).await?;
    let (inbox, _) = home.inbox().await?;
    let now = clock::now();
    let mut blocks: Vec<_> = invites
        .iter()
        .map(|row| {
            let title = inbox.iter().find(|inbox| inbox.thread == row.thread);
            rows::invite(row, title.map_or("", |inbox| &inbox.title), now)
        })
        .collect();
    if blocks.is_empty() {
        blocks
            .push("No links were made here. `tandem invite THREAD --role ROLE` makes one.".into());
    }
    let document = json!({ "invites": invites.iter().map(shapes::invite).collect::<Vec<_>>() });
    Ok(Done::new(document, blocks.join("\n\n")))
}

async fn revoke(name: &str, home: &Home) -> Result<Done, Failure> {
    let invites = home.invites(None).await?;
    let invite = find::invite(name, &invites)?.invite;
    match home.perform(Intent::RevokeInvite { invite }).await? {
        Answer::Revoked(row) => Ok(Done::new(
            shapes::invite(&row),
            format!("{} lets nobody in any more. Whoever asks with it is told so.", short(invite)),
        )),
        other => Err(unexpected(&other)),
    }
}

/// The link as a QR code of half blocks, light on dark as terminals are. In capitals, which a link
/// reads as well and a code holds in less space. Empty when it does not fit a code.
pub(super) fn square(link: &str) -> String {
    QrCode::with_error_correction_level(link.to_uppercase(), EcLevel::L)
        .map(|code| {
            code.render::<Dense1x2>()
                .dark_color(Dense1x2::Light)
                .light_color(Dense1x2::Dark)
                .quiet_zone(true)
                .build()
        })
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_fits_a_code_that_a_terminal_of_eighty_columns_shows() {
        let link = format!("tandem://join/relay.school.example:7443/{}", "a".repeat(130));
        let code = square(&link);
        assert!(!code.is_empty());
        assert!(code.lines().all(|line| line.chars().count() <= 80));
    }
}
