//! Finds a setting: in a flag, else in a variable, else in the configuration file.

use std::ffi::OsString;

use toml::Spanned;
use toml::de::DeValue;

use super::{SettingsError, Source, Sources};
use crate::mistake::{Document, KeyValue, Mistake, TomlValue, unknown};
use crate::store::Target;

/// A value and its source.
pub type Found<T> = (T, Source);

/// Where settings are looked for, below the flags.
pub struct Chain<'t> {
    document: Document<'t>,
    /// What the file sets, without the settings that were found.
    entries: Vec<KeyValue<'t>>,
    environment: &'t dyn Fn(&str) -> Option<OsString>,
    /// The settings that were looked for.
    keys: Vec<&'static str>,
    /// The sources of those that are set.
    pub sources: Sources,
}

impl<'t> Chain<'t> {
    /// Parses the text of a configuration file. `file` is the name that is shown.
    pub fn new(
        file: &'t str,
        text: &'t str,
        environment: &'t dyn Fn(&str) -> Option<OsString>,
    ) -> Self {
        let mut document = Document::new(file, text);
        Self {
            entries: document.entries(),
            document,
            environment,
            keys: Vec::new(),
            sources: Sources::default(),
        }
    }

    /// The value of a setting; none if nothing sets it.
    ///
    /// # Errors
    /// If the variable has a wrong value. A mistake in the file is only recorded.
    pub fn find<T>(
        &mut self,
        key: &'static str,
        flag: Option<T>,
        variable: Option<&'static str>,
        read: impl Fn(&mut Document<'_>, &TomlValue<'_>) -> Option<T>,
    ) -> Result<Option<T>, SettingsError> {
        let in_file = self.in_file(key, &read);
        let found = match (flag, variable) {
            (Some(flag), _) => Some((flag, Source::Flag(key))),
            (None, Some(variable)) => self.in_variable(variable, &read)?.or(in_file),
            (None, None) => in_file,
        };
        Ok(self.set(key, found))
    }

    /// Records the source of a setting, and returns its value.
    pub fn set<T>(&mut self, key: &'static str, found: Option<Found<T>>) -> Option<T> {
        let (value, source) = found?;
        self.sources.set(key, source);
        Some(value)
    }

    /// What the file says about a setting.
    pub fn in_file<T>(
        &mut self,
        key: &'static str,
        read: impl Fn(&mut Document<'_>, &TomlValue<'_>) -> Option<T>,
    ) -> Option<Found<T>> {
        self.keys.push(key);
        let at = self.entries.iter().position(|(k, _)| k.get_ref() == key)?;
        let (_, value) = self.entries.remove(at);
        let place = self.document.place(&value.span());
        Some((read(&mut self.document, &value)?, Source::File(place)))
    }

    /// A variable that is set and not empty.
    pub fn variable(&self, name: &str) -> Option<OsString> {
        (self.environment)(name).filter(|value| !value.is_empty())
    }

    /// What a variable says.
    ///
    /// # Errors
    /// If it has a wrong value.
    pub fn in_variable<T>(
        &self,
        name: &'static str,
        read: impl Fn(&mut Document<'_>, &TomlValue<'_>) -> Option<T>,
    ) -> Result<Option<Found<T>>, SettingsError> {
        let Some(text) = self.variable(name) else {
            return Ok(None);
        };
        let value = Spanned::new(0..0, DeValue::String(text.to_string_lossy()));
        let mut document = Document::new(name, "");
        let value = read(&mut document, &value);
        let mistake = document.mistakes.pop();
        let mistake = mistake.map_or_else(String::new, |mistake| mistake.what);
        let value = value.ok_or(SettingsError::NoChoice(name, mistake))?;
        Ok(Some((value, Source::Environment(name))))
    }

    /// The mistakes in the file, line by line, once all settings were looked for.
    pub fn mistakes(&mut self) -> Vec<Mistake> {
        for (key, _) in &self.entries {
            let what = unknown("key", key.get_ref(), &self.keys);
            self.document.wrong(&key.span(), what);
        }
        let mut mistakes = std::mem::take(&mut self.document.mistakes);
        mistakes.sort_by_key(|mistake| mistake.place.line);
        mistakes
    }
}

/// Reads a text.
pub fn words(document: &mut Document<'_>, value: &TomlValue<'_>) -> Option<String> {
    document.text(value).map(str::to_owned)
}

/// Reads a yes or no.
pub fn switch(document: &mut Document<'_>, value: &TomlValue<'_>) -> Option<bool> {
    let on = value.get_ref().as_bool();
    if on.is_none() {
        document.wrong(&value.span(), "this must be true or false, without quotes");
    }
    on
}

/// Reads one of several named values.
pub fn one_of<T: Copy>(
    what: &str,
    all: &[(&str, T)],
) -> impl Fn(&mut Document<'_>, &TomlValue<'_>) -> Option<T> {
    move |document, value| {
        let written = document.text(value)?;
        let known = all.iter().find(|(name, _)| *name == written);
        if known.is_none() {
            let names: Vec<&str> = all.iter().map(|(name, _)| *name).collect();
            document.wrong(&value.span(), unknown(what, written, &names));
        }
        known.map(|(_, thing)| *thing)
    }
}

/// Reads the name of a database.
pub fn database(document: &mut Document<'_>, value: &TomlValue<'_>) -> Option<Target> {
    match Target::parse(document.text(value)?.as_ref()) {
        Ok(target) => Some(target),
        Err(error) => {
            // The store's error can be shown: it contains no password.
            let place = document.place(&value.span());
            let what = error.to_string();
            document.mistakes.push(Mistake { place, what });
            None
        }
    }
}
