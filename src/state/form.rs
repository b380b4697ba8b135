//! The form in which a player is added or changed.

use tui_input::{Input, InputRequest};

use crate::game::{Entry, Player, PlayerId};
use crate::words::Say;

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
    /// Why it was not accepted.
    pub complaint: Option<Say>,
}

impl Form {
    /// A form for a new player with a name to start from, as far as one could have typed it.
    pub fn add(name: &str) -> Self {
        Self {
            purpose: Purpose::Add,
            name: Input::from(name.chars().filter(|c| !c.is_control()).collect::<String>()),
            email: Input::default(),
            focus: Field::Name,
            complaint: None,
        }
    }

    /// A form that holds what a player is called now.
    pub fn edit(player: &Player) -> Self {
        Self {
            purpose: Purpose::Edit(player.id),
            name: Input::new(player.name.clone()),
            email: Input::new(player.email.clone()),
            focus: Field::Name,
            complaint: None,
        }
    }

    /// Moves the focus to the other field.
    pub fn switch(&mut self) {
        self.focus = match self.focus {
            Field::Name => Field::Email,
            Field::Email => Field::Name,
        };
    }

    /// One editing step in the field with the focus.
    pub fn handle(&mut self, request: InputRequest) {
        self.complaint = None;
        type_into(
            match self.focus {
                Field::Name => &mut self.name,
                Field::Email => &mut self.email,
            },
            request,
        );
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

/// One editing step; control characters are not text and are left out.
pub fn type_into(input: &mut Input, request: InputRequest) {
    if !matches!(request, InputRequest::InsertChar(c) if c.is_control()) {
        input.handle(request);
    }
}
