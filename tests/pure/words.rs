//! Every message is in both catalogues with the same arguments, and is used somewhere.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use clickoff::words::{Language, MESSAGES, Say, StoreError, Words};
use fluent_syntax::ast::{
    CallArguments, Entry, Expression, InlineExpression, Message, Pattern, PatternElement,
};

type Text = &'static str;

/// The messages of a catalogue, in their order.
///
/// # Panics
/// Where the catalogue has a mistake, or something else than messages and comments.
fn messages(language: Language) -> Vec<Message<Text>> {
    let parsed = fluent_syntax::parser::parse(language.catalogue());
    let resource = parsed.unwrap_or_else(|(_, errors)| panic!("{language:?}: {errors:?}"));
    let entries = resource.body.into_iter();
    let messages = entries.filter_map(|entry| match entry {
        Entry::Message(message) => Some(message),
        Entry::Comment(_) | Entry::GroupComment(_) | Entry::ResourceComment(_) => None,
        other => panic!("{language:?}: {other:?}"),
    });
    messages.collect()
}

/// The texts of a pattern and the variables it names.
#[derive(Default)]
struct Parts {
    texts: Vec<Text>,
    variables: BTreeSet<Text>,
}

impl Parts {
    fn of(message: &Message<Text>) -> Self {
        let mut parts = Self::default();
        let value = message.value.as_ref();
        parts.pattern(value.expect("a message has a value"));
        parts
    }

    fn pattern(&mut self, pattern: &Pattern<Text>) {
        for element in &pattern.elements {
            match element {
                PatternElement::TextElement { value } => self.texts.push(value),
                PatternElement::Placeable { expression } => self.expression(expression),
            }
        }
    }

    fn expression(&mut self, expression: &Expression<Text>) {
        match expression {
            Expression::Inline(inline) => self.inline(inline),
            Expression::Select { selector, variants } => {
                self.inline(selector);
                variants.iter().for_each(|v| self.pattern(&v.value));
            }
        }
    }

    fn inline(&mut self, inline: &InlineExpression<Text>) {
        match inline {
            InlineExpression::VariableReference { id } => {
                self.variables.insert(id.name);
            }
            InlineExpression::FunctionReference { arguments, .. } => {
                let CallArguments { positional, .. } = arguments;
                positional.iter().for_each(|inline| self.inline(inline));
            }
            InlineExpression::StringLiteral { .. } | InlineExpression::NumberLiteral { .. } => {}
            other => panic!("{other:?} is not expected"),
        }
    }
}

/// The name of a message as the catalogues have it.
fn id(name: &str) -> String {
    let mut id = String::new();
    for letter in name.chars() {
        if letter.is_uppercase() && !id.is_empty() {
            id.push('-');
        }
        id.extend(letter.to_lowercase());
    }
    id
}

#[test]
fn each_catalogue_has_every_message_and_no_other_in_the_order_of_the_source() {
    let wanted: Vec<String> = MESSAGES.iter().map(|(name, _)| id(name)).collect();
    for language in Language::ALL {
        let found = messages(language);
        let found: Vec<&str> = found.iter().map(|message| message.id.name).collect();
        let missing: Vec<&String> = wanted
            .iter()
            .filter(|id| !found.contains(&id.as_str()))
            .collect();
        assert!(missing.is_empty(), "{language:?} lacks {missing:?}");
        assert_eq!(found, wanted, "{language:?}");
    }
}

#[test]
fn each_catalogue_says_all_that_a_message_is_about() {
    for language in Language::ALL {
        for (message, (name, arguments)) in messages(language).iter().zip(MESSAGES) {
            let wanted: BTreeSet<&str> = arguments.iter().copied().collect();
            let variables = Parts::of(message).variables;
            assert_eq!(variables, wanted, "{language:?}, {name}");
        }
    }
}

#[test]
fn no_message_is_left_in_the_other_language() {
    let is_han = |c: char| ('\u{4e00}'..='\u{9fff}').contains(&c);
    for message in messages(Language::English) {
        let texts = Parts::of(&message).texts.concat();
        assert!(!texts.contains(is_han), "{}: {texts}", message.id.name);
    }
    for message in messages(Language::Chinese) {
        let texts = Parts::of(&message).texts.concat();
        let latin = texts.contains(|c: char| c.is_ascii_lowercase());
        assert!(
            !latin || texts.contains(is_han),
            "{}: {texts}",
            message.id.name
        );
    }
}

/// All of the source but the catalogues' own room.
fn sources(directory: &Path, all: &mut String) {
    for entry in fs::read_dir(directory).expect("the source") {
        let path = entry.expect("an entry").path();
        if path.is_dir() && !path.ends_with("src/words") {
            sources(&path, all);
        } else if path.is_file() {
            *all += &fs::read_to_string(&path).expect("text");
        }
    }
}

#[test]
fn every_message_is_said_somewhere() {
    let mut source = String::new();
    sources(
        &Path::new(env!("CARGO_MANIFEST_DIR")).join("src"),
        &mut source,
    );
    let words = source.split(|c: char| !c.is_alphanumeric() && c != ':' && c != '_');
    let said: BTreeSet<&str> = words
        .filter_map(|word| {
            word.strip_prefix("Say::")
                .or(word.strip_prefix("StoreError::"))
        })
        .collect();
    let is_said = |name: &str| {
        said.contains(name)
            || name
                .strip_prefix("Store")
                .is_some_and(|rest| said.contains(rest))
    };
    let names = MESSAGES.iter().map(|(name, _)| *name);
    let unsaid: Vec<&str> = names.filter(|name| !is_said(name)).collect();
    assert!(unsaid.is_empty(), "nobody says {unsaid:?}");
}

fn said(language: Language, what: &Say) -> String {
    Words::new(language).say(what).into_owned()
}

#[test]
fn plurals_are_those_of_the_language() {
    let cases = [
        (0, "Ada: 0 points", "Ada：0 分"),
        (1, "Ada: 1 point", "Ada：1 分"),
        (2, "Ada: 2 points", "Ada：2 分"),
        (-1, "Ada: -1 point", "Ada：-1 分"),
        (
            i64::MAX,
            "Ada: 9,223,372,036,854,775,807 points",
            "Ada：9,223,372,036,854,775,807 分",
        ),
        (
            i64::MIN,
            "Ada: -9,223,372,036,854,775,808 points",
            "Ada：-9,223,372,036,854,775,808 分",
        ),
    ];
    for (points, english, chinese) in cases {
        let period = Box::new(Say::from("Ada"));
        let what = Say::PointsIn { period, points };
        assert_eq!(said(Language::English, &what), english);
        assert_eq!(said(Language::Chinese, &what), chinese);
    }
}

#[test]
fn numbers_are_exact_as_far_as_they_go() {
    for presses in [0, 1, (1 << 53) - 1, 1 << 53, (1 << 53) + 1, u64::MAX] {
        let words = said(Language::English, &Say::Saving { presses });
        assert_eq!(words.replace(',', ""), format!("saving {presses}"));
    }
}

#[test]
fn what_a_message_is_about_stays_as_it_is() {
    for name in ["{ $name }", "نرگس", "{\"}", "王小明", "-term", "a = b", ""] {
        let name = name.to_owned();
        let words = said(Language::English, &Say::HistoryOf { name: name.clone() });
        assert_eq!(words, format!("History of {name}"));
    }
}

#[test]
fn sentences_stand_apart_as_the_language_has_it() {
    let what = Say::Store(StoreError::Gone)
        .and(Say::LookWhetherDone)
        .and("It says so.".into());
    let english = "The player is no longer there. Look at the list to see whether it was done. \
                   It says so.";
    assert_eq!(said(Language::English, &what), english);
    let chinese = "该玩家已不在。请查看列表，确认是否已经生效。It says so.";
    assert_eq!(said(Language::Chinese, &what), chinese);
    assert_eq!(what.sentences().len(), 3);
}
