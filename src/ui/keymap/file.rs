//! Reads keymap files: the default one, and one of the player's that changes it.

use std::ops::Range;

use super::key::Key;
use super::table::{BindableAction, SECTIONS, Section, name, rows};
use super::{Binding, Keymap};
use crate::message::Action;
use crate::mistake::{Document, Mistake, unknown};

/// The default keymap.
pub const DEFAULT: &str = include_str!("../../../assets/keymap.toml");

/// One line of a file.
#[derive(Debug)]
struct Entry {
    section: Section,
    action: Action,
    keys: Vec<(Key, Range<usize>)>,
}

impl Entry {
    fn bound(&self) -> Vec<Key> {
        self.keys.iter().map(|(key, _)| *key).collect()
    }
}

impl Default for Keymap {
    fn default() -> Self {
        // The file has no duplicates, so it needs no merging.
        let entries = entries(&mut Document::new("the default keymap", DEFAULT));
        let bind = |section: Section, row: &BindableAction| {
            let is_it = |e: &&Entry| e.section == section && e.action == row.action;
            let entry = entries.iter().find(is_it);
            Binding {
                section,
                keys: entry.map_or_else(Vec::new, Entry::bound),
                action: row.action,
                hint: row.hint,
                help: row.help,
            }
        };
        let sections = SECTIONS.iter();
        let bindings =
            sections.flat_map(|&(section, ..)| rows(section).map(move |row| bind(section, row)));
        Self(bindings.collect())
    }
}

impl Keymap {
    /// The default keymap, changed by a file of the player's.
    ///
    /// # Errors
    /// All mistakes in the file; `file` is its name as it is shown.
    pub fn read(file: &str, text: &str) -> Result<Self, Vec<Mistake>> {
        let mut keymap = Self::default();
        let mut document = Document::new(file, text);
        let entries = entries(&mut document);
        conflicts(&entries, &mut document);
        for entry in &entries {
            keymap.0.iter_mut().for_each(|b| change(b, entry, &entries));
        }
        match document.mistakes.is_empty() {
            true => Ok(keymap),
            false => Err(document.mistakes),
        }
    }
}

/// Changes a binding by one of the entries of a file.
fn change(binding: &mut Binding, entry: &Entry, entries: &[Entry]) {
    let inside = entry.section == Section::Everywhere || entry.section == binding.section;
    let named = |e: &Entry| e.section == binding.section && e.action == binding.action;
    let taken = |key: &Key| entry.keys.iter().any(|(k, _)| k == key);
    if named(entry) {
        binding.keys = entry.bound();
    } else if inside && binding.keys.iter().any(taken) && !entries.iter().any(named) {
        // The player's binding replaces the default one.
        binding.keys.retain(|key| !taken(key));
    }
    let leaves = binding.section == Section::Everywhere && binding.action == Action::Quit;
    if leaves && !binding.keys.contains(&Key::CTRL_C) {
        binding.keys.push(Key::CTRL_C);
    }
}

fn entries(document: &mut Document<'_>) -> Vec<Entry> {
    let mut entries = Vec::new();
    for (heading, lines) in document.entries() {
        let known = SECTIONS
            .iter()
            .find(|(_, name, _)| name == heading.get_ref());
        let Some((section, ..)) = known else {
            let known: Vec<&str> = SECTIONS.iter().map(|(_, name, _)| *name).collect();
            document.wrong(
                &heading.span(),
                unknown("section", heading.get_ref(), &known),
            );
            continue;
        };
        let what = format!("a section: write `[{}]` above its lines", heading.get_ref());
        for (key, value) in document.table(lines, &what) {
            let action = rows(*section).find(|row| name(row.action) == key.get_ref());
            let Some(action) = action.map(|row| row.action) else {
                let known: Vec<&str> = rows(*section).map(|row| name(row.action)).collect();
                document.wrong(&key.span(), unknown("action", key.get_ref(), &known));
                continue;
            };
            let mut keys = Vec::new();
            for (written, span) in document.texts(&value) {
                match key_for(*section, action, written) {
                    Ok(key) => keys.push((key, span)),
                    Err(what) => document.wrong(&span, what),
                }
            }
            entries.push(Entry {
                section: *section,
                action,
                keys,
            });
        }
    }
    entries
}

/// Parses a key, and checks that this action may have it in this section.
fn key_for(section: Section, action: Action, written: &str) -> Result<Key, String> {
    use crate::state::Context::{Filter, Form};
    let key: Key = written.parse()?;
    if key == Key::CTRL_C && action != Action::Quit {
        return Err("`ctrl-c` always leaves the game".to_owned());
    }
    if key.is_typed() && (section.holds_in(Form) || section.holds_in(Filter)) {
        return Err(format!(
            "`{written}` is text where text is typed: add `ctrl-` or `alt-`, or use a key such as \
             `f5`"
        ));
    }
    Ok(key)
}

/// Reports each key that two lines of a section bind, with both lines.
fn conflicts(entries: &[Entry], document: &mut Document<'_>) {
    let bound = entries.iter().enumerate().flat_map(|(at, entry)| {
        let keys = entry.keys.iter();
        keys.map(move |(key, span)| (at, entry, *key, span))
    });
    for (at, entry, key, span) in bound {
        let earlier = entries[..at].iter().filter(|e| e.section == entry.section);
        let mut keys = earlier.flat_map(|e| e.keys.iter().map(move |(k, s)| (e.action, k, s)));
        if let Some((action, _, first)) = keys.find(|(_, k, _)| **k == key) {
            let line = document.place(first).line.unwrap_or_default();
            let what = format!(
                "`{}` is bound to `{}` here and to `{}` in line {line}",
                key.label(),
                name(entry.action),
                name(action),
            );
            document.wrong(span, what);
        }
    }
}
