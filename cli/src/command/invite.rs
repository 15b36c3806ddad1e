//! `tandem invite`

use std::sync::Arc;

use clap::Args;
use qrcode::{EcLevel, QrCode, render::unicode::Dense1x2};
use serde_json::json;
use tandem_engine::{Answer, Intent};
use tandem_proto::Role;

use crate::{
    error::Failure,
    home::{Home, unexpected},
    out::Done,
    plain, words,
};

const EXAMPLES: &str = "\
Examples:
  tandem invite Maya --role guardian
  tandem invite k3x9 --role specialist --json

One link lets one person in, as what you say here. Give it to that person only, by a way you
trust; the first who uses it counts. Works without signal; they are let in at your next sync
after they asked.";

/// Makes a link that lets one person in.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Invite {
    /// The thread's id, its first letters, or its title
    thread: String,
    /// As what the person will be in the thread: guardian, teacher, specialist or lead
    #[arg(long, value_parser = super::role)]
    role: Role,
}

impl Invite {
    pub(crate) async fn run(self, home: Arc<Home>) -> Result<Done, Failure> {
        let row = home.thread(&self.thread).await?;
        let intent = Intent::Invite { thread: row.thread, role: self.role };
        match home.perform(intent).await? {
            Answer::Invited(link) => {
                let link = link.to_string();
                let text = format!(
                    "{}\nThis link lets one {} into {}:\n\n{link}\n\nThey run `tandem join LINK`.",
                    square(&link),
                    words::role(self.role),
                    plain::line(&row.title)
                );
                Ok(Done::new(json!({ "link": link }), text))
            }
            other => Err(unexpected(&other)),
        }
    }
}

/// The link as a QR code of half blocks, light on dark as terminals are. In capitals, which a link
/// reads as well and a code holds in less space. Empty when it does not fit a code.
fn square(link: &str) -> String {
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
