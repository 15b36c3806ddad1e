//! `tandem post`

use std::{
    io::Read,
    path::{Path, PathBuf},
    sync::Arc,
};

use clap::{ArgGroup, Args};
use serde_json::json;
use tandem_engine::{Answer, Fields, Intent};

use crate::{
    clock,
    error::Failure,
    find,
    home::{Home, unexpected},
    out::Done,
    words::{self, Names},
};

const EXAMPLES: &str = "\
Examples:
  tandem post Maya --kind message --text 'Reading went well today.'
  tandem post Maya --kind message --file letter.txt
  echo 'Reading went well today.' | tandem post Maya --kind message -
  tandem post Maya --kind concern --text 'Mornings are hard since the move.' \\
      --field way_forward='Could she start with a quiet quarter of an hour?'
  tandem post Maya --kind step --text 'Pack the bag together' --field owner=home \\
      --field due=2026-12-01

Works without signal and answers at once: the entry is on this phone and leaves when there is
signal. Each kind says which fields it needs when one is missing.";

/// Says something.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
#[command(group = ArgGroup::new("words").args(["text", "file", "stdin"]))]
pub(crate) struct Post {
    /// The thread's id, its first letters, or its title
    thread: String,
    /// What it is: message, concern or step
    #[arg(long, default_value = "message")]
    kind: String,
    /// Its words
    #[arg(long)]
    text: Option<String>,
    /// A file with its words, in UTF-8
    #[arg(long)]
    file: Option<PathBuf>,
    /// Read its words from standard input
    #[arg(value_name = "-", value_parser = dash)]
    stdin: Option<String>,
    /// Another field, as often as needed
    #[arg(long = "field", value_name = "NAME=VALUE", value_parser = field)]
    fields: Vec<(String, String)>,
    /// The entry that this answers
    #[arg(long, value_name = "ENTRY")]
    answers: Option<String>,
}

fn dash(text: &str) -> Result<String, String> {
    match text {
        "-" => Ok(text.to_owned()),
        _ => Err("what is to be said goes behind --text, as in --text 'Reading went well'; `-` \
                  alone reads it from standard input"
            .to_owned()),
    }
}

fn field(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, value)) if !name.is_empty() => Ok((name.to_owned(), value.to_owned())),
        _ => Err("a field is NAME=VALUE".to_owned()),
    }
}

impl Post {
    pub(crate) async fn run(self, home: Arc<Home>) -> Result<Done, Failure> {
        let row = home.thread(&self.thread).await?;
        let fields = self.fields()?;
        let answers = match &self.answers {
            None => None,
            Some(name) => Some(find::entry(name, &home.rows(row.thread).await?.1)?),
        };
        let intent = Intent::Post { thread: row.thread, kind: self.kind, fields, answers };
        match home.perform(intent).await? {
            Answer::Said(entry, state) => {
                let names = Names::of_inbox([&row]);
                let text = words::delivery(&state, &names, clock::now());
                Ok(Done::new(
                    json!({ "entry": entry.to_string(), "state": state.name() }),
                    format!("{entry}\n{text}"),
                ))
            }
            other => Err(unexpected(&other)),
        }
    }

    fn fields(&self) -> Result<Fields, Failure> {
        let mut fields = Fields::new();
        let words = match (&self.text, &self.file, &self.stdin) {
            (Some(text), _, _) => Some(text.clone()),
            (_, Some(path), _) => Some(read_file(path)?),
            (_, _, Some(_)) => Some(read_stdin()?),
            _ => None,
        };
        let words = words.map(|text| ("text".to_owned(), text));
        for (name, value) in words.into_iter().chain(self.fields.iter().cloned()) {
            if fields.insert(name.clone(), value).is_some() {
                return Err(Failure::Usage(format!("the field {name:?} is given twice")));
            }
        }
        if fields.is_empty() {
            return Err(Failure::Usage(
                "say what to post: --text, --file, `-` for standard input, or --field".to_owned(),
            ));
        }
        Ok(fields)
    }
}

fn read_file(path: &Path) -> Result<String, Failure> {
    std::fs::read_to_string(path)
        .map(trimmed)
        .map_err(|error| Failure::File { path: path.to_owned(), why: error.to_string() })
}

fn read_stdin() -> Result<String, Failure> {
    let mut text = String::new();
    std::io::stdin().lock().read_to_string(&mut text)?;
    Ok(trimmed(text))
}

/// Without the line end that editors and `echo` put last.
fn trimmed(mut text: String) -> String {
    text.truncate(text.trim_end_matches(['\n', '\r']).len());
    text
}
