//! `tandem school`

use std::sync::Arc;

use clap::{Args, Subcommand};
use serde_json::json;
use tandem_engine::{Answer, Intent};
use tandem_proto::{SchoolLink, TandemLink};

use crate::{
    error::Failure,
    home::{Home, unexpected},
    out::Done,
    shapes, words,
};

const EXAMPLES: &str = "\
Example:
  tandem school join tandem://school/127.0.0.1:7443/...

The link is what your school gave you. The relay is shown it at the next sync; `tandem doctor` says
what it said. Parents need none: a link into a thread is enough.";

/// What can be done with a school.
#[derive(Debug, Subcommand)]
pub(crate) enum School {
    /// Make this home one of a school's, by its link
    Join(Join),
}

/// Makes this home one of a school's.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Join {
    /// The link that your school gave you
    link: String,
}

impl School {
    pub(crate) async fn run(self, home: Arc<Home>) -> Result<Done, Failure> {
        let Self::Join(Join { link }) = self;
        join(&home, school(&link)?).await
    }
}

/// Reads a school's link.
pub(crate) fn school(text: &str) -> Result<SchoolLink, Failure> {
    match text.parse()? {
        TandemLink::School(link) => Ok(link),
        TandemLink::Relay(_) | TandemLink::Join(_) | TandemLink::Device(_) => {
            Err(Failure::WrongLink(
                "this is no school's link; one begins with tandem://school/ and comes from the school",
            ))
        }
    }
}

/// Takes a school's link.
pub(crate) async fn join(home: &Home, link: SchoolLink) -> Result<Done, Failure> {
    match home.perform(Intent::JoinSchool { link }).await? {
        Answer::School(school) => {
            let document = json!({ "school": school.as_ref().map(shapes::school) });
            Ok(Done::new(document, words::school(school.as_ref())))
        }
        other => Err(unexpected(&other)),
    }
}
