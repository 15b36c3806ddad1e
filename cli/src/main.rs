//! `tandem`: the terminal shell. As thin as the phones: it turns words into intents and rows into
//! lines, and decides nothing.

use std::{ffi::OsString, process::ExitCode};

use clap::{CommandFactory, Parser, error::ErrorKind};

mod args;
mod bench;
mod clock;
mod command;
mod demo;
mod error;
mod find;
mod home;
mod out;
mod plain;
mod records;
mod rows;
mod shapes;
mod stop;
mod words;

use args::Cli;
use error::Failure;

fn main() -> ExitCode {
    let words: Vec<OsString> = std::env::args_os().collect();
    match Cli::try_parse_from(&words) {
        Ok(cli) => finish(cli),
        Err(error) => usage(&error, &words),
    }
}

fn finish(cli: Cli) -> ExitCode {
    let json = cli.json.on_stdout();
    let ended = command::run(cli).and_then(|done| {
        let exit = done.exit;
        out::done(&done, json)?;
        Ok(exit)
    });
    match ended {
        Ok(exit) => ExitCode::from(exit),
        // The reader went away (`tandem read ... | head`): there is nobody to tell.
        Err(Failure::NobodyReads) => ExitCode::SUCCESS,
        Err(failure) => {
            out::failure(&failure, json);
            ExitCode::from(failure.exit())
        }
    }
}

/// Help, version, or words that are no command.
fn usage(error: &clap::Error, words: &[OsString]) -> ExitCode {
    let json = words.iter().any(|word| word == "--json");
    let asked = matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion);
    // Printing to a closed pipe can fail; the exit code still says what there is to say.
    let _ = error.print();
    if asked {
        return ExitCode::SUCCESS;
    }
    if json {
        let said = match error.kind() {
            ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand | ErrorKind::MissingSubcommand => {
                one_more_word(words)
            }
            _ => first_paragraph(&error.to_string()),
        };
        let name = Cli::command().get_name().to_owned();
        out::error_document("usage", &format!("{said}; `{name} --help` lists the commands"));
    }
    ExitCode::from(error::USAGE)
}

/// It says what is wrong; the rest is usage.
fn first_paragraph(whole: &str) -> String {
    let lines = whole.lines().map(str::trim).take_while(|line| !line.is_empty());
    let said = lines.collect::<Vec<_>>().join(" ");
    said.strip_prefix("error: ").unwrap_or(&said).to_owned()
}

/// What is missing where clap shows help instead of saying so, or says it with `[...]`.
fn one_more_word(words: &[OsString]) -> String {
    let (mut command, mut name) = (Cli::command(), String::from("tandem"));
    for word in words.iter().skip(1).filter_map(|word| word.to_str()) {
        if let Some(further) = command.find_subcommand(word).cloned() {
            name = format!("{name} {word}");
            command = further;
        }
    }
    let further: Vec<_> = command.get_subcommands().map(clap::Command::get_name).collect();
    format!("`{name}` needs one more word: {}", further.join(", "))
}
