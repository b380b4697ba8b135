//! The form in which a player is added or changed.

use tui_input::{Input, InputRequest};

use crate::game::{Entry, Player, PlayerId};
use crate::words::Say;

/// How many characters a field holds at most: more than any name has, and few enough to be drawn at
/// once.
pub const LONGEST: usize = 16_384;

/// What the form is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// A new player.
    Add,
    /// A change of this player.
    Edit(PlayerId),
}

/// One of the form's text fields.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Field {
    /// The player's name.
    Name,
    /// The e-mail address, which may stay empty.
    Email,
}

/// The text fields, which of them has the focus, and what is wrong with them.
#[derive(Debug, Clone)]
pub struct Form {
    /// What it is for.
    pub purpose: Purpose,
    /// The name as typed.
    pub name: Input,
    /// The e-mail as typed.
    pub email: Input,
    /// Where typing goes.
    pub focus: Field,
    /// Whether there is a field for the e-mail: of a new player the name is asked for alone.
    pub has_email: bool,
    /// Why it was not accepted.
    pub complaint: Option<Say>,
    /// What was doubted: saved again as it is, it is accepted.
    doubted: Option<Entry>,
    /// The new player whose name the database is asked about; accepted again meanwhile, it is added.
    pub(super) asked: Option<Entry>,
}

impl Form {
    /// A form for a new player with a name to start from, as far as one could have typed it.
    pub fn add(name: &str) -> Self {
        Self {
            purpose: Purpose::Add,
            name: Input::from(name.chars().filter(|c| !c.is_control()).collect::<String>()),
            email: Input::default(),
            focus: Field::Name,
            has_email: false,
            complaint: None,
            doubted: None,
            asked: None,
        }
    }

    /// A form that holds what a player is called now.
    pub fn edit(player: &Player) -> Self {
        Self {
            purpose: Purpose::Edit(player.id),
            name: Input::new(player.name.clone()),
            email: Input::new(player.email.clone()),
            focus: Field::Name,
            has_email: true,
            complaint: None,
            doubted: None,
            asked: None,
        }
    }

    /// Moves the focus to the next field; the one for the e-mail is opened by it.
    pub fn next(&mut self) {
        self.has_email = true;
        self.previous();
    }

    /// Moves the focus to the previous field, which of two is the other one as well.
    pub fn previous(&mut self) {
        self.focus = match self.focus {
            Field::Name if self.has_email => Field::Email,
            Field::Name | Field::Email => Field::Name,
        };
    }

    /// Whether the database is asked whether somebody bears the name.
    pub fn is_asking(&self) -> bool {
        self.asked.is_some()
    }

    /// Doubts an entry for this reason, about this field; false where it was doubted before.
    pub(super) fn doubt(&mut self, entry: &Entry, why: Say, about: Field) -> bool {
        if self.doubted.as_ref() == Some(entry) {
            return false;
        }
        self.doubted = Some(entry.clone());
        self.complaint = Some(why);
        self.focus = about;
        true
    }

    /// One editing step in the field with the focus.
    pub fn handle(&mut self, request: InputRequest) {
        let fits = type_into(self.focused(), request);
        self.complain(fits);
    }

    /// Puts a text into the field with the focus.
    pub fn paste(&mut self, text: &str) {
        let fits = paste_into(self.focused(), text);
        self.complain(fits);
    }

    fn focused(&mut self) -> &mut Input {
        match self.focus {
            Field::Name => &mut self.name,
            Field::Email => &mut self.email,
        }
    }

    fn complain(&mut self, fits: bool) {
        let most = LONGEST as u64;
        self.complaint = (!fits).then_some(Say::FieldFull { most });
    }

    /// What was typed, or the complaint that keeps the form open.
    pub fn entry(&mut self) -> Option<Entry> {
        let entry = Entry::new(self.name.value(), self.email.value());
        if entry.is_none() {
            self.complaint = Some(Say::NameNeeded);
            self.focus = Field::Name;
        }
        entry
    }
}

/// Whether an e-mail address looks like one. What does not may still be one, or serve as well to tell
/// two players apart, so that it is doubted and not refused.
pub(super) fn looks_like_address(email: &str) -> bool {
    let parts = email.rsplit_once('@');
    let is_whole = |(user, host): (&str, &str)| !user.is_empty() && !host.is_empty();
    parts.is_some_and(is_whole) && !email.contains(char::is_whitespace)
}

/// One editing step, if it fits; control characters are not text and are left out.
pub fn type_into(input: &mut Input, request: InputRequest) -> bool {
    match request {
        InputRequest::InsertChar(c) if c.is_control() => return true,
        InputRequest::InsertChar(_) if input.value().chars().count() >= LONGEST => return false,
        _ => {}
    }
    input.handle(request);
    true
}

/// Puts a text where the cursor is, as far as it fits, which it tells. Character by character it
/// would take time by the square of its length.
pub fn paste_into(input: &mut Input, text: &str) -> bool {
    let (value, cursor) = (input.value(), input.cursor());
    let room = LONGEST.saturating_sub(value.chars().count());
    let mut text = text.chars().filter(|c| !c.is_control());
    let mut longer: String = value.chars().take(cursor).collect();
    longer.extend(text.by_ref().take(room));
    let behind = longer.chars().count();
    longer.extend(value.chars().skip(cursor));
    *input = std::mem::take(input).with_value(longer).with_cursor(behind);
    text.next().is_none()
}
