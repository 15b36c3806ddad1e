//! What is printed, and how: lines, tables, progress.

use std::{
    cell::Cell,
    io::{IsTerminal, Write},
    time::{Duration, Instant},
};

use super::Settings;
use crate::{error::Failure, out};

/// How often progress is told where nothing can be drawn over.
const TOLD_EVERY: Duration = Duration::from_secs(5);

const BOLD: &str = "\x1b[1m";
const DIM: &str = "\x1b[2m";
const GREEN: &str = "\x1b[32m";
const RED: &str = "\x1b[31m";
const PLAIN: &str = "\x1b[0m";

/// Where the story is told.
#[derive(Debug)]
pub(super) struct Stage {
    colour: bool,
    aside: bool,
    begun: Instant,
    drawn: Cell<bool>,
    told: Cell<Instant>,
}

impl Stage {
    /// Plain on anything that is no terminal, and where people ask for no colour.
    pub(super) fn new(settings: &Settings) -> Self {
        let asked = std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
        let colour = !settings.plain && !settings.json && asked && std::io::stdout().is_terminal();
        let (drawn, told) = (Cell::new(false), Cell::new(Instant::now()));
        Self { colour, aside: settings.json, begun: Instant::now(), drawn, told }
    }

    /// Since the story began.
    pub(super) fn elapsed(&self) -> Duration {
        self.begun.elapsed()
    }

    /// A heading with the time since the beginning.
    pub(super) fn chapter(&self, title: &str) -> Result<(), Failure> {
        let at = self.elapsed().as_secs_f64();
        self.print(&format!(
            "\n{}  {}",
            self.in_colour(BOLD, title),
            self.in_colour(DIM, &format!("({at:.1} s)"))
        ))
    }

    /// Something that happened.
    pub(super) fn line(&self, text: &str) -> Result<(), Failure> {
        self.print(&format!("  {}", text.replace('\n', "\n  ")))
    }

    /// How far something is that takes a while. Drawn over on a terminal.
    pub(super) fn progress(&self, text: &str) -> Result<(), Failure> {
        if self.colour {
            let mut to = std::io::stdout().lock();
            let drawn = write!(to, "\r\x1b[K  {DIM}{text}{PLAIN}").and_then(|()| to.flush());
            self.drawn.set(drawn.is_ok());
            return Ok(());
        }
        if self.told.get().elapsed() >= TOLD_EVERY {
            self.print(&format!("  ... {text}"))?;
        }
        Ok(())
    }

    /// A table; the first row is its head.
    pub(super) fn table(&self, rows: &[Vec<String>]) -> Result<(), Failure> {
        let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
        let width = |at: usize| {
            let cells = rows.iter().filter_map(|row| row.get(at));
            cells.map(|cell| cell.chars().count()).max().unwrap_or(0)
        };
        let widths: Vec<usize> = (0..columns).map(width).collect();
        self.print("")?;
        for (at, row) in rows.iter().enumerate() {
            let cells = row.iter().zip(&widths).map(|(cell, width)| format!("{cell:width$}"));
            let text = cells.collect::<Vec<_>>().join("  ");
            let text = text.trim_end();
            let text = if at == 0 { self.in_colour(DIM, text) } else { text.to_owned() };
            self.print(&format!("    {text}"))?;
        }
        self.print("")
    }

    /// What a check found.
    pub(super) fn verdict(&self, holds: bool, name: &str, said: &str) -> Result<(), Failure> {
        let mark =
            if holds { self.in_colour(GREEN, "ok    ") } else { self.in_colour(RED, "NOT OK") };
        self.print(&format!("  {mark}  {name:<9} {said}"))
    }

    fn in_colour(&self, colour: &str, text: &str) -> String {
        if self.colour { format!("{colour}{text}{PLAIN}") } else { text.to_owned() }
    }

    fn print(&self, text: &str) -> Result<(), Failure> {
        self.told.set(Instant::now());
        if self.aside {
            eprintln!("{text}");
            return Ok(());
        }
        let over = if self.drawn.take() { "\r\x1b[K" } else { "" };
        out::line(&format!("{over}{text}"))
    }
}
