//! `clickoff man`: the manual pages, made from the words of the command line itself.

use std::io::{self, Write};
use std::path::PathBuf;

use clap::builder::ValueHint;
use clap::{Command, CommandFactory};
use clap_mangen::Man;
use clap_mangen::roff::{Roff, roman};

use super::frame::{Failure, done, many, write_out};
use super::{Cli, Exit};

/// Print the manual page, or write all pages to a directory
#[derive(Debug, clap::Args)]
#[command(after_long_help = EXAMPLES)]
pub struct Arguments {
    /// Write clickoff.1 and a page for each command into this directory, which is made where it is
    /// missing
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    to: Option<PathBuf>,
}

const EXAMPLES: &str = "\
Examples:
  clickoff man | man -l -               read it
  clickoff man --to ~/.local/share/man/man1
                                        have it found by man";

/// What the program's own page has besides, in the order of man-pages(7).
const MORE: &str = "
Environment:
  CLICKOFF_DATABASE                     the database, before that of config.toml
  CLICKOFF_PLAIN                        1: play in lines
  CLICKOFF_THEME, CLICKOFF_LANGUAGE, CLICKOFF_MOTION
                                        as the flags of these names, which go before them
  NO_COLOR                              play without colours
  COLORTERM                             truecolor or 24bit, where the terminal has these
  VISUAL, EDITOR                        for clickoff config edit
  XDG_CONFIG_HOME, XDG_DATA_HOME, XDG_STATE_HOME
                                        directories to use instead of those below

Files:
  ~/.config/clickoff/config.toml        the settings
  ~/.config/clickoff/keymap.toml        keys of your own
  ~/.config/clickoff/themes/NAME.toml   themes of your own
  ~/.local/share/clickoff/clickoff.db   the scores
  ~/.local/state/clickoff/clickoff.DATE.log
                                        the log of three days, at most 4 MiB
  ~/.local/state/clickoff/crash-*.txt   reports of crashes, with nothing private in them
  ~/.local/state/clickoff/outbox/       presses that wait for their database";

/// Prints the page, or writes all pages.
///
/// # Errors
/// [`Exit::Refused`] where a page can't be written.
pub fn run(arguments: &Arguments) -> Result<(), Failure> {
    let mut program = Cli::command().disable_help_subcommand(true);
    program.build();
    let Some(directory) = &arguments.to else {
        let page = page(&program).map_err(|e| Failure::new(Exit::Fault, e.to_string()))?;
        return write_out(&page);
    };
    let written = std::fs::create_dir_all(directory).and_then(|()| {
        let pages = with_commands(&program);
        for (name, text) in pages
            .iter()
            .map(|command| (file_name(command), page(command)))
        {
            std::fs::write(directory.join(name), text?)?;
        }
        Ok(pages.len())
    });
    let place = directory.display();
    match written {
        Ok(pages) => done(&format!("Wrote {} into {place}.", many(pages, "page"))),
        Err(error) => {
            let words = format!("the pages can't be written into {place}: {error}.");
            Err(Failure::new(Exit::Refused, words))
        }
    }
}

/// A command and all below it.
fn with_commands(command: &Command) -> Vec<Command> {
    let below = command.get_subcommands().filter(|sub| !sub.is_hide_set());
    let below = below.flat_map(with_commands);
    std::iter::once(command.clone()).chain(below).collect()
}

fn file_name(command: &Command) -> String {
    Man::new(command.clone()).get_filename()
}

/// The page of a command. What stands below its help has sections of its own there.
fn page(command: &Command) -> io::Result<String> {
    let man = Man::new(command.clone()).manual("clickoff");
    let mut page = Vec::new();
    man.render_title(&mut page)?;
    man.render_name_section(&mut page)?;
    man.render_synopsis_section(&mut page)?;
    man.render_description_section(&mut page)?;
    man.render_options_section(&mut page)?;
    if command.has_subcommands() {
        man.render_subcommands_section(&mut page)?;
    }
    let mut after = command.get_after_long_help().map(ToString::to_string);
    if command.get_name() == env!("CARGO_PKG_NAME") {
        after.get_or_insert_default().push_str(MORE);
    }
    let mut roff = Roff::new();
    for line in after.unwrap_or_default().lines() {
        match line.split_once(':').map(|(heading, _)| heading) {
            // "Examples:", "Configuration (…):"
            Some(heading) if !line.starts_with(' ') && line.ends_with(':') => {
                let heading = match heading.split(" (").next().unwrap_or(heading) {
                    "Exit codes" => "Exit status",
                    other => other,
                };
                roff.control("fi", []);
                roff.control("SH", [heading.to_uppercase().as_str()]);
                roff.control("nf", []);
            }
            _ => {
                roff.text([roman(line)]);
            }
        }
    }
    roff.control("fi", []);
    page.write_all(roff.render().as_bytes())?;
    Ok(String::from_utf8_lossy(&page).into_owned())
}
