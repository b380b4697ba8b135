//! `clickoff themes`: lists the built-in themes, and prints them as files to start from.

use clap::Subcommand;
use clap::builder::PossibleValuesParser;

use super::common::{Failure, write_out};
use crate::ui::theme::BUILT_IN;

/// List the built-in themes, or print one as a file to change
#[derive(Debug, clap::Args)]
#[command(after_long_help = EXAMPLES)]
pub struct Arguments {
    #[command(subcommand)]
    what: Option<What>,
}

/// What to do with the themes.
#[derive(Debug, Subcommand)]
enum What {
    /// List their names (the default)
    #[command(visible_alias = "ls")]
    List,
    /// Print one as a theme file
    Print {
        /// The theme; monochrome names every style
        #[arg(value_parser = PossibleValuesParser::new(BUILT_IN.map(|(name, _)| name)))]
        name: String,
    },
}

const EXAMPLES: &str = "\
Examples:
  clickoff themes print monochrome > ~/.config/clickoff/themes/mine.toml
                                        a theme of your own, with every style";

/// Lists or prints the themes.
pub fn run(arguments: Arguments) -> Result<(), Failure> {
    let themes = BUILT_IN.into_iter();
    write_out(&match arguments.what.unwrap_or(What::List) {
        What::List => themes.map(|(name, _)| format!("{name}\n")).collect(),
        What::Print { name } => themes
            .filter(|(known, _)| *known == name)
            .map(|(_, file)| file)
            .collect::<String>(),
    })
}
