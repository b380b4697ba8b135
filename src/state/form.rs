//! The form in which a player is added or changed.

use tui_input::{Input, InputRequest};

use crate::game::{Entry, Player, PlayerId};
use crate::words::Say;

/// The most characters in a field: more than any name has, and few enough to draw at once.
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

/// The text fields, the focus, and the complaint about them.
#[derive(Debug, Clone)]
pub struct Form {
    /// Whether it adds or changes a player.
    pub purpose: Purpose,
    /// The name as typed.
    pub name: Input,
    /// The e-mail as typed.
    pub email: Input,
    /// The field with the focus.
    pub focus: Field,
    /// Whether there is a field for the e-mail. For a new player only the name is asked for at
    /// first.
    pub has_email: bool,
    /// Why it was not accepted.
    pub complaint: Option<Say>,
    /// The entry that was questioned. If it is confirmed unchanged, it is accepted.
    doubted: Option<Entry>,
    /// The new player whose name the database is asked about. If it is confirmed again meanwhile,
    /// the player is added.
    pub(super) asked: Option<Entry>,
}

impl Form {
    /// A form for a new player with a suggested name, without characters that can't be typed.
    pub fn add(name: &str) -> Self {
        let name: String = name.chars().filter(|c| !c.is_control()).collect();
        Self::new(Purpose::Add, name, String::new())
    }

    /// A form with a player's current name and e-mail.
    pub fn edit(player: &Player) -> Self {
        let (name, email) = (player.name.clone(), player.email.clone());
        Self::new(Purpose::Edit(player.id), name, email)
    }

    fn new(purpose: Purpose, name: String, email: String) -> Self {
        Self {
            purpose,
            name: Input::new(name),
            email: Input::new(email),
            focus: Field::Name,
            has_email: purpose != Purpose::Add,
            complaint: None,
            doubted: None,
            asked: None,
        }
    }

    /// Moves the focus to the next field. This also opens the field for the e-mail.
    pub fn next(&mut self) {
        self.has_email = true;
        self.previous();
    }

    /// Moves the focus to the previous field; with two fields, that is the other one.
    pub fn previous(&mut self) {
        self.focus = match self.focus {
            Field::Name if self.has_email => Field::Email,
            Field::Name | Field::Email => Field::Name,
        };
    }

    /// Whether the database is being asked for a player with this name.
    pub fn is_asking(&self) -> bool {
        self.asked.is_some()
    }

    /// Questions an entry once, for this reason and about this field. False if it was questioned
    /// before.
    pub(super) fn doubt(&mut self, entry: &Entry, why: Say, about: Field) -> bool {
        if self.doubted.as_ref() == Some(entry) {
            return false;
        }
        self.doubted = Some(entry.clone());
        self.complaint = Some(why);
        self.focus = about;
        true
    }

    /// Changes the text in the field with the focus. `change` tells whether it fits.
    pub(super) fn change(&mut self, change: impl FnOnce(&mut Input) -> bool) {
        let fits = change(match self.focus {
            Field::Name => &mut self.name,
            Field::Email => &mut self.email,
        });
        let most = LONGEST as u64;
        self.complaint = (!fits).then_some(Say::FieldFull { most });
    }

    /// The entry that was typed. If it is not valid, there is none, and the form gets a complaint.
    pub fn entry(&mut self) -> Option<Entry> {
        let entry = Entry::new(self.name.value(), self.email.value());
        if entry.is_none() {
            self.complaint = Some(Say::NameNeeded);
            self.focus = Field::Name;
        }
        entry
    }
}

/// Whether a text looks like an e-mail address. A text that does not may still be one, or may be
/// used to tell two players apart, so it is questioned and not refused.
pub(super) fn looks_like_address(email: &str) -> bool {
    let parts = email.rsplit_once('@');
    let is_whole = |(user, host): (&str, &str)| !user.is_empty() && !host.is_empty();
    parts.is_some_and(is_whole) && !email.contains(char::is_whitespace)
}

/// Does an editing step. False if the field is full. Control characters are ignored.
pub fn type_into(input: &mut Input, request: InputRequest) -> bool {
    match request {
        InputRequest::InsertChar(c) if c.is_control() => return true,
        InputRequest::InsertChar(_) if input.value().chars().count() >= LONGEST => return false,
        _ => {}
    }
    input.handle(request);
    true
}

/// Inserts a text at the cursor, as far as it fits. True if all of it fitted. Inserting it one
/// character at a time would take quadratic time.
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
