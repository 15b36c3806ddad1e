//! `tandem init`

use std::path::Path;

use clap::Args;
use serde_json::json;
use tandem_engine::Profile;
use tandem_proto::{Role, TandemLink};

use crate::{error::Failure, home, out::Done, plain};

const EXAMPLES: &str = "\
Examples:
  tandem init --name 'Ms Rivera' --role teacher --relay tandem://relay/127.0.0.1:7443/...
  tandem --home ./ana init --name Ana --role guardian --relay tandem://relay/...

The relay's link is what `tandem relay run` prints. Nothing is sent by this command.";

/// Makes a home.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Init {
    /// The person's name, as others will read it
    #[arg(long)]
    name: String,
    /// As what this person founds threads: guardian, teacher, specialist or lead
    #[arg(long, value_parser = super::role)]
    role: Role,
    /// The relay's link
    #[arg(long, value_name = "LINK")]
    relay: String,
}

impl Init {
    pub(crate) fn run(self, folder: &Path) -> Result<Done, Failure> {
        let relay = match self.relay.parse()? {
            TandemLink::Relay(link) => link,
            TandemLink::Join(invite) => invite.relay,
        };
        let profile = Profile { name: self.name, role: self.role, relay };
        home::create(folder, &profile)?;
        let document = json!({
            "home": folder.display().to_string(),
            "name": profile.name,
            "role": profile.role.to_string(),
            "relay": profile.relay.to_string(),
        });
        let text = format!(
            "{} has a home in {}. Next: `tandem thread new TITLE`, or `tandem join LINK`.",
            plain::line(&profile.name),
            folder.display()
        );
        Ok(Done::new(document, text))
    }
}
