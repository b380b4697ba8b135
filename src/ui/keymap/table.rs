//! What can be bound: each action, where it does something, and what the screen says of it.

use crate::message::Action;
use crate::state::Context;

/// A part of the keymap.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Section {
    /// What holds in one context.
    In(Context),
    /// What holds in all of them, where their own sections don't use the key.
    Everywhere,
}

impl Section {
    /// Whether it has to do with a context.
    pub fn holds_in(self, context: Context) -> bool {
        self == Self::Everywhere || self == Self::In(context)
    }
}

/// All sections with their names in a file; of two that bind a key, the earlier one counts.
pub const SECTIONS: [(Section, &str); 12] = [
    (PLAY, "play"),
    (FILTER, "filter"),
    (FORM, "form"),
    (CONFIRM, "confirm"),
    (HELP, "help"),
    (HISTORY, "history"),
    (SPRINT, "sprint"),
    (SPRINTING, "sprinting"),
    (RACE, "race"),
    (RACING, "racing"),
    (LEAVING, "leaving"),
    (Section::Everywhere, "everywhere"),
];

/// An action in some sections, in words.
#[derive(Debug, Clone, Copy)]
pub struct Row {
    sections: &'static [Section],
    /// What a key does.
    pub action: Action,
    /// The word in the footer; empty where there is no need of one.
    pub hint: &'static str,
    /// The line in the help.
    pub help: &'static str,
}

/// The rows of what can be bound in a section, in the order of the footer and the help.
pub fn rows(section: Section) -> impl Iterator<Item = &'static Row> {
    ROWS.iter()
        .filter(move |row| row.sections.contains(&section))
}

/// The name of an action in a file.
pub const fn name(action: Action) -> &'static str {
    match action {
        Action::Press => "press",
        Action::Up => "up",
        Action::Down => "down",
        Action::PageUp => "page_up",
        Action::PageDown => "page_down",
        Action::First => "first",
        Action::Last => "last",
        Action::Add => "add",
        Action::Edit => "edit",
        Action::Remove => "remove",
        Action::Filter => "filter",
        Action::Sprint => "sprint",
        Action::Race => "race",
        Action::Join => "join",
        Action::Help => "help",
        Action::Period => "period",
        Action::History => "history",
        Action::Earlier => "earlier",
        Action::Later => "later",
        Action::Mouse => "mouse",
        Action::Theme => "theme",
        Action::Accept => "accept",
        Action::Back => "back",
        Action::NextField => "next_field",
        Action::PreviousField => "previous_field",
        Action::Suspend => "suspend",
        Action::Quit => "quit",
        Action::QuitNow => "quit_now",
    }
}

const fn row(
    sections: &'static [Section],
    action: Action,
    hint: &'static str,
    help: &'static str,
) -> Row {
    Row {
        sections,
        action,
        hint,
        help,
    }
}

const PLAY: Section = Section::In(Context::Play);
const FILTER: Section = Section::In(Context::Filter);
const FORM: Section = Section::In(Context::Form);
const CONFIRM: Section = Section::In(Context::Confirm);
const HELP: Section = Section::In(Context::Help);
const HISTORY: Section = Section::In(Context::History);
const SPRINT: Section = Section::In(Context::Sprint);
const SPRINTING: Section = Section::In(Context::Sprinting);
const RACE: Section = Section::In(Context::Race);
const RACING: Section = Section::In(Context::Racing);
const LEAVING: Section = Section::In(Context::Leaving);
const LIST: &[Section] = &[PLAY, FILTER];
const LISTS: &[Section] = &[PLAY, FILTER, HELP];
const ALWAYS: &[Section] = &[
    PLAY,
    FILTER,
    FORM,
    CONFIRM,
    HELP,
    HISTORY,
    SPRINT,
    SPRINTING,
    RACE,
    RACING,
    LEAVING,
    Section::Everywhere,
];
const OUTSIDE_PLAY: &[Section] = ALWAYS.split_at(1).1;

#[rustfmt::skip]
const ROWS: &[Row] = &[
    row(LIST, Action::Press, "score", "score a point for the picked player"),
    row(LISTS, Action::Up, "", "up"),
    row(LISTS, Action::Down, "", "down"),
    row(LISTS, Action::PageUp, "", "a page up"),
    row(LISTS, Action::PageDown, "", "a page down"),
    row(LISTS, Action::First, "", "to the first"),
    row(LISTS, Action::Last, "", "to the last"),
    row(LIST, Action::Add, "new", "add a player"),
    row(LIST, Action::Edit, "edit", "edit the picked player's name and e-mail"),
    row(LIST, Action::Remove, "remove", "remove the picked player, after a question"),
    row(&[PLAY], Action::Filter, "filter", "filter the list as you type"),
    row(LIST, Action::Period, "period", "rank by all time, this month, this week or today"),
    row(LIST, Action::History, "history", "show what the picked player scored when"),
    row(&[PLAY], Action::Sprint, "sprint", "sprint against the clock and your own best"),
    row(&[PLAY], Action::Race, "race", "race against others on this database"),
    row(&[PLAY, RACE, RACING], Action::Join, "", "join the race that somebody opens, or watch it"),
    row(LIST, Action::Help, "keys", "show every key"),
    row(&[SPRINT], Action::Accept, "start", "start the countdown"),
    row(&[SPRINT], Action::Up, "shorter", "a shorter sprint"),
    row(&[SPRINT], Action::Down, "longer", "a longer sprint"),
    row(&[SPRINT], Action::Back, "close", "back to the list"),
    row(&[SPRINTING], Action::Press, "score", "score a point, in the sprint while it lasts"),
    row(&[SPRINTING], Action::Sprint, "again", "another sprint, once this one is over"),
    row(&[SPRINTING], Action::Back, "end", "give the sprint up; after it, back to the list"),
    row(&[RACE], Action::Accept, "open", "open a race, which starts in 10 s"),
    row(&[RACE], Action::Up, "shorter", "a shorter race"),
    row(&[RACE], Action::Down, "longer", "a longer race"),
    row(&[RACE], Action::Back, "close", "back to the list"),
    row(&[RACING], Action::Press, "score", "score a point, in the race while it lasts"),
    row(&[RACING], Action::Race, "again", "another race, once this one is over"),
    row(&[RACING], Action::Back, "end", "give the race up; after it, back to the list"),
    row(&[FILTER], Action::Accept, "keep", "keep the filter and go back to the button"),
    row(&[FILTER], Action::Back, "clear", "clear the filter"),
    row(&[FORM], Action::Accept, "save", "save what is typed"),
    row(&[FORM], Action::NextField, "next field", "go to the next field"),
    row(&[FORM], Action::PreviousField, "", "go to the field before"),
    row(&[FORM], Action::Back, "cancel", "close without saving"),
    row(&[CONFIRM], Action::Accept, "remove", "yes, remove the player"),
    row(&[CONFIRM], Action::Back, "keep", "no, keep the player"),
    row(&[HELP], Action::Back, "close", "close this table"),
    row(&[HISTORY], Action::Earlier, "earlier", "a day, week or month back"),
    row(&[HISTORY], Action::Later, "later", "a day, week or month forth"),
    row(&[HISTORY], Action::Up, "", "7 of them back"),
    row(&[HISTORY], Action::Down, "", "7 of them forth"),
    row(&[HISTORY], Action::PageUp, "", "30 of them back"),
    row(&[HISTORY], Action::PageDown, "", "30 of them forth"),
    row(&[HISTORY], Action::First, "", "to the beginning"),
    row(&[HISTORY], Action::Last, "", "to today"),
    row(&[HISTORY], Action::Period, "days, weeks, months", "show days, weeks or months"),
    row(&[HISTORY], Action::Back, "close", "close the history"),
    row(&[LEAVING], Action::QuitNow, "leave now", "leave now; what waits is saved at the next start"),
    row(ALWAYS, Action::Mouse, "", "give the mouse to the terminal, or take it back"),
    row(ALWAYS, Action::Theme, "", "show everything in the next theme"),
    row(&[PLAY], Action::Quit, "quit", "leave; every press is saved first"),
    row(&[PLAY], Action::Back, "", "clear the filter, or leave"),
    row(OUTSIDE_PLAY, Action::Quit, "", "leave from anywhere"),
    row(ALWAYS, Action::Suspend, "", "suspend, as in a shell; fg brings it back"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_section_tells_each_action_once() {
        for (section, section_name) in SECTIONS {
            let mut names: Vec<&str> = rows(section).map(|row| name(row.action)).collect();
            let all = names.len();
            names.sort_unstable();
            names.dedup();
            assert_eq!(names.len(), all, "{section_name}");
        }
    }
}
