//! `tandem init`

use clap::Args;
use serde_json::json;
use tandem_engine::Profile;
use tandem_proto::{Role, TandemLink};

use super::school;
use crate::{
    error::Failure,
    home::{self, Home, Place},
    out::Done,
    plain,
};

const EXAMPLES: &str = "\
Examples:
  tandem init --name 'Ms Rivera' --role teacher --relay tandem://relay/127.0.0.1:7443/...
  tandem --home ./ana init --name Ana --role guardian --relay tandem://relay/...
  tandem init --name 'Mr Okafor' --role lead --school tandem://school/127.0.0.1:7443/...
  tandem init --name 'Lincoln School records' --role archive --school tandem://school/...

The relay's link is what `tandem relay run` prints; a school's link, which its staff get from the
school, names the relay too. Nothing is sent by this command.

What is kept in the home is sealed. The key to it is in the file `key` of the home, so that a copy of
the folder is a copy of the person; with --vault FILE, or TANDEM_VAULT, it is in a file elsewhere,
which then has to be said with every command.

A home of the role archive keeps a school's records: it reads what is said in the threads that a
guardian lets it into, and says nothing (`tandem archive`).";

/// Makes a home.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Init {
    /// The person's name, as others will read it
    #[arg(long)]
    name: String,
    /// As what this person founds threads: guardian, teacher, specialist or lead; archive for a home
    /// that keeps a school's records
    #[arg(long, value_parser = super::role)]
    role: Role,
    /// The relay's link
    #[arg(long, value_name = "LINK", required_unless_present = "school")]
    relay: Option<String>,
    /// The school's link, instead of the relay's
    #[arg(long, value_name = "LINK", conflicts_with = "relay")]
    school: Option<String>,
}

impl Init {
    pub(crate) async fn run(self, place: Place) -> Result<Done, Failure> {
        let school = self.school.as_deref().map(school::school).transpose()?;
        let relay = match (&school, self.relay) {
            (Some(school), _) => school.relay.clone(),
            (None, relay) => match relay.unwrap_or_default().parse()? {
                TandemLink::Relay(link) => link,
                TandemLink::Join(invite) => invite.relay,
                TandemLink::Device(device) => device.relay,
                TandemLink::School(_) => {
                    return Err(Failure::WrongLink(
                        "this is a school's link: say it as --school LINK instead of --relay",
                    ));
                }
            },
        };
        let profile = Profile { name: self.name, role: self.role, relay };
        home::create(&place, &profile)?;
        if let Some(link) = school {
            let home = Home::open(place.clone()).await?;
            let joined = school::join(&home, link).await;
            home.close().await;
            joined?;
        }
        let folder = &place.folder;
        let document = json!({
            "home": folder.display().to_string(),
            "name": profile.name,
            "role": profile.role.to_string(),
            "relay": profile.relay.to_string(),
        });
        let next = match profile.role {
            Role::Archive => {
                "Next: `tandem join LINK`, with a link that a guardian made for the role archive, then \
                 `tandem archive run`."
            }
            _ => "Next: `tandem thread new TITLE`, or `tandem join LINK`.",
        };
        let name = plain::line(&profile.name);
        let text = format!("{name} has a home in {}. {next}", folder.display());
        Ok(Done::new(document, text))
    }
}
