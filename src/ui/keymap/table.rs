//! The table of bindable actions: where each applies, and its texts on the screen.

use crate::message::Action;
use crate::state::{Context, Kind};
use crate::words::Say;

/// A part of the keymap.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Section {
    /// Applies in one context.
    In(Context),
    /// Applies in all contexts whose own sections don't use the key.
    Everywhere,
}

impl Section {
    /// Whether it applies in a context.
    pub fn holds_in(self, context: Context) -> bool {
        self == Self::Everywhere || self == Self::In(context)
    }
}

/// All sections with their names in a file and their headings, in the order of the help. If two bind
/// a key, the earlier one wins.
pub const SECTIONS: &[(Section, &str, &Say)] = &[
    (PLAY, "play", &Say::KeysPlay),
    (FILTER, "filter", &Say::KeysFilter),
    (FORM, "form", &Say::KeysForm),
    (NAMESAKE, "namesake", &Say::KeysNamesake),
    (CONFIRM, "confirm", &Say::KeysConfirm),
    (SPRINT, "sprint", &Say::KeysSprint),
    (SPRINTING, "sprinting", &Say::KeysSprinting),
    (RACE, "race", &Say::KeysRace),
    (RACING, "racing", &Say::KeysRacing),
    (REPLAY, "replay", &Say::KeysReplay),
    (HELP, "help", &Say::KeysHelp),
    (HISTORY, "history", &Say::KeysHistory),
    (ABOUT, "about", &Say::KeysAbout),
    (THEMES, "themes", &Say::KeysThemes),
    (LEAVING, "leaving", &Say::KeysLeaving),
    (Section::Everywhere, "everywhere", &Say::KeysEverywhere),
];

/// An action in some sections, with its texts.
#[derive(Debug, Clone, Copy)]
pub struct BindableAction {
    sections: &'static [Section],
    /// What a key does.
    pub action: Action,
    /// The word in the footer, if it has a hint.
    pub hint: Option<&'static Say>,
    /// The line in the help.
    pub help: &'static Say,
}

/// The bindable actions of a section, in the order of the footer and the help.
pub fn rows(section: Section) -> impl Iterator<Item = &'static BindableAction> {
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
        Action::Contest(Kind::Sprint) => "sprint",
        Action::Contest(Kind::Race) => "race",
        Action::Join => "join",
        Action::Replay => "replay",
        Action::Help => "help",
        Action::Period => "period",
        Action::History => "history",
        Action::About => "about",
        Action::Card => "card",
        Action::Earlier => "earlier",
        Action::Later => "later",
        Action::Mouse => "mouse",
        Action::Theme => "theme",
        Action::Accept => "accept",
        Action::Back => "back",
        Action::NextField => "next_field",
        Action::PreviousField => "previous_field",
        Action::Redraw => "redraw",
        Action::Suspend => "suspend",
        Action::Quit => "quit",
        Action::QuitNow => "quit_now",
    }
}

const fn row(
    sections: &'static [Section],
    action: Action,
    hint: Option<&'static Say>,
    help: &'static Say,
) -> BindableAction {
    BindableAction {
        sections,
        action,
        hint,
        help,
    }
}

const PLAY: Section = Section::In(Context::Play);
const FILTER: Section = Section::In(Context::Filter);
const FORM: Section = Section::In(Context::Form);
const NAMESAKE: Section = Section::In(Context::Namesake);
const CONFIRM: Section = Section::In(Context::Confirm);
const HELP: Section = Section::In(Context::Help);
const HISTORY: Section = Section::In(Context::History);
const ABOUT: Section = Section::In(Context::About);
const THEMES: Section = Section::In(Context::Themes);
const SPRINT: Section = Section::In(Context::Choosing(Kind::Sprint));
const SPRINTING: Section = Section::In(Context::Competing(Kind::Sprint));
const RACE: Section = Section::In(Context::Choosing(Kind::Race));
const RACING: Section = Section::In(Context::Competing(Kind::Race));
const REPLAY: Section = Section::In(Context::Replay);
const LEAVING: Section = Section::In(Context::Leaving);
const LIST: &[Section] = &[PLAY, FILTER];
const LISTS: &[Section] = &[PLAY, FILTER, HELP];
const CONTEST: &[Section] = &[SPRINT, SPRINTING, RACE, RACING];
/// The contexts besides the list in which the table of keys can be opened: those without a text
/// field or a question.
const ELSEWHERE: &[Section] = &[
    HISTORY, ABOUT, THEMES, SPRINT, SPRINTING, RACE, RACING, REPLAY,
];
const ALWAYS: &[Section] = &{
    let mut all = [PLAY; SECTIONS.len()];
    let mut at = 0;
    while at < all.len() {
        all[at] = SECTIONS[at].0;
        at += 1;
    }
    all
};
const OUTSIDE_PLAY: &[Section] = ALWAYS.split_at(1).1;

#[rustfmt::skip]
const ROWS: &[BindableAction] = &[
    row(LIST, Action::Press, Some(&Say::HintScore), &Say::DoesScore),
    row(LISTS, Action::Up, None, &Say::DoesUp),
    row(LISTS, Action::Down, None, &Say::DoesDown),
    row(LISTS, Action::PageUp, None, &Say::DoesPageUp),
    row(LISTS, Action::PageDown, None, &Say::DoesPageDown),
    row(LISTS, Action::First, None, &Say::DoesFirst),
    row(LISTS, Action::Last, None, &Say::DoesLast),
    row(&[PLAY], Action::Contest(Kind::Sprint), Some(&Say::HintSprint), &Say::DoesSprint),
    row(&[PLAY], Action::Contest(Kind::Race), Some(&Say::HintRace), &Say::DoesRace),
    row(&[PLAY, RACE, RACING], Action::Join, None, &Say::DoesJoin),
    row(LIST, Action::History, Some(&Say::HintHistory), &Say::DoesHistory),
    row(&[PLAY], Action::About, Some(&Say::HintAbout), &Say::DoesAbout),
    row(LIST, Action::Period, Some(&Say::HintPeriod), &Say::DoesPeriod),
    row(LIST, Action::Help, Some(&Say::HintKeys), &Say::DoesHelp),
    row(&[PLAY], Action::Quit, Some(&Say::HintQuit), &Say::DoesQuit),
    row(LIST, Action::Add, Some(&Say::HintNew), &Say::DoesAdd),
    row(LIST, Action::Edit, Some(&Say::HintEdit), &Say::DoesEdit),
    row(LIST, Action::Remove, Some(&Say::HintRemove), &Say::DoesRemove),
    row(&[PLAY], Action::Filter, Some(&Say::HintFilter), &Say::DoesFilter),
    row(&[SPRINT], Action::Accept, Some(&Say::HintStart), &Say::DoesStart),
    row(&[SPRINT], Action::Up, Some(&Say::HintShorter), &Say::DoesShorter),
    row(&[SPRINT], Action::Down, Some(&Say::HintLonger), &Say::DoesLonger),
    row(&[SPRINTING], Action::Press, Some(&Say::HintScore), &Say::DoesScoreInSprint),
    row(&[SPRINTING], Action::Contest(Kind::Sprint), Some(&Say::HintAgain), &Say::DoesAgain),
    row(&[RACE], Action::Accept, Some(&Say::HintOpen), &Say::DoesOpenRace),
    row(&[RACE], Action::Up, Some(&Say::HintShorter), &Say::DoesShorterRace),
    row(&[RACE], Action::Down, Some(&Say::HintLonger), &Say::DoesLongerRace),
    row(&[RACING], Action::Press, Some(&Say::HintScore), &Say::DoesScoreInRace),
    row(&[RACING], Action::Contest(Kind::Race), Some(&Say::HintRematch), &Say::DoesRaceAgain),
    row(CONTEST, Action::Replay, Some(&Say::HintReplay), &Say::DoesReplay),
    row(&[SPRINT, RACE], Action::Back, Some(&Say::HintClose), &Say::DoesCloseChoice),
    row(&[SPRINTING], Action::Back, Some(&Say::HintEnd), &Say::DoesEndSprint),
    row(&[RACING], Action::Back, Some(&Say::HintEnd), &Say::DoesEndRace),
    row(&[REPLAY], Action::Accept, Some(&Say::HintPause), &Say::DoesPause),
    row(&[REPLAY], Action::Replay, Some(&Say::HintFromStart), &Say::DoesFromStart),
    row(&[REPLAY], Action::Earlier, Some(&Say::HintEarlier), &Say::DoesReplayEarlier),
    row(&[REPLAY], Action::Later, Some(&Say::HintLater), &Say::DoesReplayLater),
    row(&[REPLAY], Action::Back, Some(&Say::HintClose), &Say::DoesCloseReplay),
    row(&[FILTER], Action::Accept, Some(&Say::HintKeepFilter), &Say::DoesKeepFilter),
    row(&[FILTER], Action::Back, Some(&Say::HintClear), &Say::DoesClearFilter),
    row(&[FORM], Action::Accept, Some(&Say::HintSave), &Say::DoesSave),
    row(&[FORM], Action::NextField, Some(&Say::HintNextField), &Say::DoesNextField),
    row(&[FORM], Action::PreviousField, None, &Say::DoesPreviousField),
    row(&[FORM], Action::Back, Some(&Say::HintCancel), &Say::DoesCancel),
    row(&[NAMESAKE], Action::Accept, Some(&Say::HintPickNamesake), &Say::DoesPickNamesake),
    row(&[NAMESAKE], Action::Add, Some(&Say::HintAddAnother), &Say::DoesAddAnother),
    row(&[NAMESAKE], Action::Back, Some(&Say::HintBack), &Say::DoesBackToForm),
    row(&[CONFIRM], Action::Accept, Some(&Say::HintRemove), &Say::DoesRemoveYes),
    row(&[CONFIRM], Action::Back, Some(&Say::HintKeepPlayer), &Say::DoesRemoveNo),
    row(&[HELP], Action::Back, Some(&Say::HintClose), &Say::DoesCloseTable),
    row(&[HISTORY], Action::Earlier, Some(&Say::HintEarlier), &Say::DoesEarlier),
    row(&[HISTORY], Action::Later, Some(&Say::HintLater), &Say::DoesLater),
    row(&[HISTORY], Action::Up, None, &Say::DoesStepBack),
    row(&[HISTORY], Action::Down, None, &Say::DoesStepForth),
    row(&[HISTORY], Action::PageUp, None, &Say::DoesLeapBack),
    row(&[HISTORY], Action::PageDown, None, &Say::DoesLeapForth),
    row(&[HISTORY], Action::First, None, &Say::DoesToBeginning),
    row(&[HISTORY], Action::Last, None, &Say::DoesToToday),
    row(&[HISTORY], Action::Period, Some(&Say::HintUnits), &Say::DoesUnits),
    row(&[HISTORY], Action::Back, Some(&Say::HintClose), &Say::DoesCloseHistory),
    row(&[ABOUT, SPRINTING, RACING], Action::Card, Some(&Say::HintCard), &Say::DoesCard),
    row(&[PLAY], Action::Card, None, &Say::DoesCard),
    row(&[ABOUT], Action::Back, Some(&Say::HintClose), &Say::DoesCloseAbout),
    row(&[THEMES], Action::Accept, Some(&Say::HintKeepTheme), &Say::DoesKeepTheme),
    row(&[THEMES], Action::Up, None, &Say::DoesThemeUp),
    row(&[THEMES], Action::Down, None, &Say::DoesThemeDown),
    row(&[THEMES], Action::PageUp, None, &Say::DoesThemeFirst),
    row(&[THEMES], Action::PageDown, None, &Say::DoesThemeLast),
    row(&[THEMES], Action::First, None, &Say::DoesThemeFirst),
    row(&[THEMES], Action::Last, None, &Say::DoesThemeLast),
    row(&[THEMES], Action::Back, Some(&Say::HintCancel), &Say::DoesLeaveThemes),
    row(&[LEAVING], Action::QuitNow, Some(&Say::HintLeaveNow), &Say::DoesLeaveNow),
    row(ELSEWHERE, Action::Help, Some(&Say::HintKeys), &Say::DoesHelp),
    row(ALWAYS, Action::Mouse, None, &Say::DoesMouse),
    row(ALWAYS, Action::Theme, None, &Say::DoesTheme),
    row(ALWAYS, Action::Redraw, None, &Say::DoesRedraw),
    row(&[PLAY], Action::Back, None, &Say::DoesBack),
    row(OUTSIDE_PLAY, Action::Quit, None, &Say::DoesQuitAnywhere),
    row(ALWAYS, Action::Suspend, None, &Say::DoesSuspend),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_section_tells_each_action_once() {
        for &(section, section_name, _) in SECTIONS {
            let mut names: Vec<&str> = rows(section).map(|row| name(row.action)).collect();
            let all = names.len();
            names.sort_unstable();
            names.dedup();
            assert_eq!(names.len(), all, "{section_name}");
        }
    }
}
