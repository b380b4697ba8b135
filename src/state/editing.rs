//! Adding and changing players: the form, its doubts, and the question about a name that exists
//! already.

use super::form::looks_like_address;
use super::{Adding, Field, Mode, Purpose, State, short};
use crate::game::{Entry, Player, PlayerId};
use crate::message::{Action, Change, Command, Question};
use crate::words::Say;

/// Handles an action in the form.
pub fn on_form(state: &mut State, action: Action) {
    let Mode::Form(form) = &mut state.mode else {
        return;
    };
    match action {
        Action::NextField => form.next(),
        Action::PreviousField => form.previous(),
        Action::Back => state.mode = Mode::Play,
        Action::Accept => {
            let purpose = form.purpose;
            match (form.entry(), purpose) {
                (Some(entry), Purpose::Add) => accept_new(state, entry),
                (Some(entry), Purpose::Edit(id)) => accept_change(state, id, entry),
                (None, _) => {}
            }
        }
        _ => {}
    }
}

/// Handles an action at the question about a name that exists already.
pub fn on_namesake(state: &mut State, action: Action) {
    let Mode::Namesake(form, id) = &mut state.mode else {
        return;
    };
    match action {
        Action::Accept => {
            let id = *id;
            state.mode = Mode::Play;
            state.newcomer = None;
            state.pick(Some(id));
            if state.row_of(id).is_none() {
                state.filter.reset();
                state.refilter();
                state.show_picked();
            }
            state.follow_picked();
        }
        Action::Add => {
            if let Some(entry) = form.entry() {
                add(state, entry);
            }
        }
        Action::Back => state.mode = Mode::Form(form.clone()),
        _ => {}
    }
}

fn accept_new(state: &mut State, entry: Entry) {
    if doubts_address(state, &entry, "") {
        return;
    }
    let known = namesake(state, &entry.name, None);
    let is_everyone = state.is_everyone();
    let Mode::Form(form) = &mut state.mode else {
        return;
    };
    if let Some(id) = known {
        state.mode = Mode::Namesake(form.clone(), id);
        return;
    }
    if is_everyone || form.asked.as_ref() == Some(&entry) {
        return add(state, entry);
    }
    // Only the database knows the players who are not loaded.
    let name = entry.name.clone();
    form.asked = Some(entry);
    state.ask(Question::Named(name));
}

/// Handles the answer to the question whether a player with this name exists.
pub fn named(state: &mut State, name: &str, found: Option<Player>) {
    let Mode::Form(form) = &mut state.mode else {
        return;
    };
    let Some(entry) = form.asked.take_if(|asked| asked.name == name) else {
        return;
    };
    // Something else may have been typed meanwhile.
    if form.entry().as_ref() != Some(&entry) {
        return;
    }
    state.redraw = true;
    let Some(player) = found else {
        return add(state, entry);
    };
    state.mode = Mode::Namesake(form.clone(), player.id);
    state.known.insert(player.id, player);
}

fn accept_change(state: &mut State, id: PlayerId, entry: Entry) {
    let (name, email) = match state.player(id) {
        Some(player) => (player.name.to_lowercase(), player.email.clone()),
        None => Default::default(),
    };
    if doubts_address(state, &entry, &email) {
        return;
    }
    let is_new = entry.name.to_lowercase() != name;
    if is_new && let Some(other) = namesake(state, &entry.name, Some(id)) {
        let name = state.player(other).map(|p| short(&p.name));
        let name = name.unwrap_or_else(|| Box::new(Say::SomePlayer));
        let taken = Say::NameTaken { name };
        if doubts(state, &entry, taken, Field::Name) {
            return;
        }
    }
    state.mode = Mode::Play;
    state.send(Command::Change(Change::Edit(id, entry)));
}

/// Questions an e-mail address that looks wrong, unless it is the old one. True if it did.
fn doubts_address(state: &mut State, entry: &Entry, before: &str) -> bool {
    let is_fine = entry.email.is_empty() || entry.email == before;
    !is_fine
        && !looks_like_address(&entry.email)
        && doubts(state, entry, Say::EmailDoubtful, Field::Email)
}

fn doubts(state: &mut State, entry: &Entry, why: Say, about: Field) -> bool {
    match &mut state.mode {
        Mode::Form(form) => form.doubt(entry, why, about),
        _ => false,
    }
}

/// The best known player with this name, ignoring case, except `but`.
fn namesake(state: &State, name: &str, but: Option<PlayerId>) -> Option<PlayerId> {
    let name = name.to_lowercase();
    let is_it = |p: &&Player| Some(p.id) != but && p.name.trim().to_lowercase() == name;
    let loaded = state.windows().flat_map(|window| window.iter());
    let mut all = loaded.chain(state.known.values());
    all.find(is_it).map(|p| p.id)
}

/// Adds a player, who can score at once.
fn add(state: &mut State, entry: Entry) {
    state.mode = Mode::Play;
    state.picked = None;
    state.adding = Some(Adding {
        name: entry.name.clone(),
        presses: 0,
        picked: true,
    });
    state.send(Command::Change(Change::Add(entry)));
}

/// The sentence for a change that was not made.
pub fn failed(change: &Change, why: Say) -> Say {
    let why = why.into();
    match change {
        Change::Add(entry) => {
            let name = short(&entry.name);
            Say::NotAdded { name, why }
        }
        Change::Edit(_, entry) => {
            let name = short(&entry.name);
            Say::NotChanged { name, why }
        }
        Change::Remove(_) => Say::NotRemoved { why },
    }
}
