//! `clickoff man`: generates the manual pages from the help of the command line.

mod formats;
mod roff;

use std::io;
use std::path::{Path, PathBuf};

use clap::builder::{StyledStr, ValueHint};
use clap::{Arg, Command, CommandFactory};

use self::roff::{ManPage, bold, italic, plain};
use super::common::{Failure, done, many, write_out};
use super::{Cli, Exit};
use crate::settings::GLOBAL;

/// Print the manual page, or write all pages to a directory
#[derive(Debug, clap::Args)]
#[command(after_long_help = EXAMPLES)]
pub struct Arguments {
    /// Write the pages of commands into man1 and those of files into man5 of this directory, which
    /// is made if it does not exist
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    to: Option<PathBuf>,
}

const EXAMPLES: &str = "\
Examples:
  clickoff man | man -l -               read the page
  clickoff man --to ~/.local/share/man
                                        write all pages to where man finds them";

/// What only the page of the program itself has.
const MORE: &str = "
Environment:
  CLICKOFF_DATABASE                     the database; overrides that of config.toml
  CLICKOFF_PLAIN                        1: play in lines
  CLICKOFF_THEME, CLICKOFF_LANGUAGE, CLICKOFF_MOTION, CLICKOFF_BELL
                                        the same as the flags of these names, which override
                                        them
  NO_COLOR                              play without colours
  COLORTERM                             truecolor or 24bit, if the terminal has such colours
  VISUAL, EDITOR                        the editor of clickoff config edit
  XDG_CONFIG_HOME, XDG_DATA_HOME, XDG_STATE_HOME
                                        directories to use instead of those below

Files:
  ~/.config/clickoff/config.toml        the settings
  ~/.config/clickoff/keymap.toml        your own keys
  ~/.config/clickoff/themes/NAME.toml   your own themes
  ~/.local/share/clickoff/clickoff.db   the scores
  ~/.local/state/clickoff/clickoff.DATE.log
                                        the log of three days, at most 4 MiB
  ~/.local/state/clickoff/crash-*.txt   crash reports, which contain nothing private
  ~/.local/state/clickoff/outbox/       presses that wait for their database";

/// The sections after the options, in the order of man-pages(7). All others come before the
/// options.
const ORDER: [&str; 4] = ["Exit status", "Environment", "Files", "Examples"];

/// Prints the main page, or writes all pages.
///
/// # Errors
/// [`Exit::Refused`] if a page can't be written.
pub fn run(arguments: &Arguments) -> Result<(), Failure> {
    let mut program = Cli::command().disable_help_subcommand(true);
    program.build();
    let Some(directory) = &arguments.to else {
        return write_out(&page(&program, None));
    };
    let place = directory.display();
    match write_all(&program, directory) {
        Ok(pages) => done(&format!("Wrote {} into {place}.", many(pages, "page"))),
        Err(error) => {
            let words = format!("the pages can't be written into {place}: {error}.");
            Err(Failure::new(Exit::Refused, words))
        }
    }
}

fn write_all(program: &Command, directory: &Path) -> io::Result<usize> {
    let (commands, files) = (directory.join("man1"), directory.join("man5"));
    std::fs::create_dir_all(&commands)?;
    std::fs::create_dir_all(&files)?;
    let mut pages = Vec::new();
    pages_of(program, None, &mut pages);
    for (name, page) in &pages {
        std::fs::write(commands.join(format!("{name}.1")), page)?;
    }
    let formats = formats::pages();
    for (name, page) in &formats {
        std::fs::write(files.join(format!("{name}.5")), page)?;
    }
    Ok(pages.len() + formats.len())
}

/// The pages of a command and all its subcommands, with their names.
fn pages_of(command: &Command, above: Option<&Command>, pages: &mut Vec<(String, String)>) {
    pages.push((name_of(command).to_owned(), page(command, above)));
    for below in shown(command) {
        pages_of(below, Some(command), pages);
    }
}

fn shown(command: &Command) -> impl Iterator<Item = &Command> {
    command.get_subcommands().filter(|sub| !sub.is_hide_set())
}

/// The name of a command's page, such as clickoff-players-add.
fn name_of(command: &Command) -> &str {
    command.get_display_name().unwrap_or(command.get_name())
}

/// The page of a command. The parts of its `after_help` become sections.
fn page(command: &Command, above: Option<&Command>) -> String {
    let about = told(command.get_about());
    let mut page = ManPage::new(name_of(command), '1', &about);
    page.heading("Synopsis");
    page.fill(&synopsis(command));
    page.heading("Description");
    let long = command.get_long_about().or(command.get_about());
    page.paragraphs(&told(long), ".PP");
    options(&mut page, command);
    if command.has_subcommands() {
        page.heading("Commands");
        for below in shown(command) {
            let term = format!("{}(1)", bold(name_of(below)));
            page.item(&term, &told(below.get_about()));
        }
    }
    let more = if above.is_none() { MORE } else { "" };
    let after = told(command.get_after_long_help()) + more;
    for (heading, lines) in sections(&after) {
        page.heading(&heading);
        page.lines(lines.iter().copied());
    }
    page.see_also(others(command, above));
    page.source()
}

fn told(text: Option<&StyledStr>) -> String {
    text.map(ToString::to_string).unwrap_or_default()
}

/// The sections of an `after_help`, with their lines.
fn sections(after: &str) -> Vec<(String, Vec<&str>)> {
    let mut sections: Vec<(String, Vec<&str>)> = Vec::new();
    for line in after.lines() {
        // A heading such as "Examples:" or "Settings (…):"
        if let Some(heading) = line.strip_suffix(':').filter(|l| !l.starts_with(' ')) {
            let heading = match heading.split(" (").next().unwrap_or(heading) {
                "Exit codes" => "Exit status",
                other => other,
            };
            sections.push((heading.to_owned(), Vec::new()));
        } else if let Some((_, lines)) = sections.last_mut() {
            lines.push(line);
        }
    }
    for (_, lines) in &mut sections {
        while lines.last().is_some_and(|line| line.is_empty()) {
            lines.pop();
        }
    }
    let place = |heading: &str| ORDER.iter().position(|known| *known == heading);
    sections.sort_by_key(|(heading, _)| place(heading).map_or(0, |at| at + 1));
    sections
}

fn synopsis(command: &Command) -> String {
    let mut words = vec![bold(command.get_bin_name().unwrap_or(command.get_name()))];
    let own = shown_arguments(command).filter(|arg| arg.get_help_heading().is_none());
    let (named, places): (Vec<&Arg>, Vec<&Arg>) = own.partition(|arg| !arg.is_positional());
    for arg in named {
        if matches!(arg.get_id().as_str(), "help" | "version") {
            continue;
        }
        let mut names = spellings(arg).join("|");
        if let Some(value) = value(arg) {
            names = format!("{names} {}", italic(&value));
        }
        words.push(optional(&names, arg.is_required_set()));
    }
    words.push(format!("[{}]...", italic("option of every command")));
    for arg in places {
        let value = italic(&value(arg).unwrap_or_default());
        words.push(optional(&value, arg.is_required_set()));
    }
    if command.has_subcommands() {
        words.push(optional(
            &italic("command"),
            command.is_subcommand_required_set(),
        ));
    }
    words.join(" ")
}

fn optional(what: &str, is_required: bool) -> String {
    match is_required {
        true => what.to_owned(),
        false => format!("[{what}]"),
    }
}

fn shown_arguments(command: &Command) -> impl Iterator<Item = &Arg> {
    command.get_arguments().filter(|arg| !arg.is_hide_set())
}

fn spellings(arg: &Arg) -> Vec<String> {
    let short = arg.get_short().map(|short| bold(&format!("-{short}")));
    let long = arg.get_long().map(|long| bold(&format!("--{long}")));
    short.into_iter().chain(long).collect()
}

/// The name of an argument's value, as the help shows it.
fn value(arg: &Arg) -> Option<String> {
    let takes = arg.get_num_args()?;
    let names = arg.get_value_names().filter(|_| takes.takes_values())?;
    let more = takes.max_values() > names.len();
    Some(names.join(" ") + if more { "..." } else { "" })
}

fn options(page: &mut ManPage, command: &Command) {
    for heading in [None, Some(GLOBAL)] {
        let args = shown_arguments(command).filter(|arg| arg.get_help_heading() == heading);
        let mut args: Vec<&Arg> = args.collect();
        args.sort_by_key(|arg| arg.is_positional());
        if !args.is_empty() {
            page.heading(heading.unwrap_or("Options"));
        }
        for arg in args {
            option(page, arg);
        }
    }
}

fn option(page: &mut ManPage, arg: &Arg) {
    let mut term = spellings(arg).join(", ");
    if let Some(value) = value(arg) {
        term += if term.is_empty() { "" } else { " " };
        term += &italic(&value);
    }
    let defaults = arg.get_default_values().iter();
    let defaults: Vec<_> = defaults.map(|value| value.to_string_lossy()).collect();
    if !defaults.is_empty() && value(arg).is_some() && !arg.is_hide_default_value_set() {
        term += &plain(&format!(" [default: {}]", defaults.join(",")));
    }
    page.item(&term, &told(arg.get_long_help().or(arg.get_help())));
    let values = arg.get_possible_values();
    if arg.is_hide_possible_values_set() || values.is_empty() || value(arg).is_none() {
        return;
    }
    page.below(|page| {
        for value in values.iter().filter(|value| !value.is_hide_set()) {
            page.item(&bold(value.get_name()), &told(value.get_help()));
        }
    });
}

/// The pages for SEE ALSO: parent, siblings, and the files of section 5.
fn others<'c>(command: &'c Command, above: Option<&'c Command>) -> Vec<(&'c str, char)> {
    let program = env!("CARGO_PKG_NAME");
    let mut near: Vec<&str> = above.map(|_| program).into_iter().collect();
    if let Some(above) = above.filter(|above| name_of(above) != program) {
        near.push(name_of(above));
        near.extend(shown(above).map(name_of));
    }
    near.extend(shown(command).map(name_of));
    near.retain(|other| *other != name_of(command));
    let mut others: Vec<_> = near.into_iter().map(|name| (name, '1')).collect();
    let is_about_files =
        name_of(command).contains("-config") || name_of(command).contains("-themes");
    if above.is_none() || is_about_files {
        others.extend(formats::NAMES.map(|(name, _)| (name, '5')));
    }
    others
}
