//! Tests that the schemas match the tables that the program reads files with, and accept what it
//! accepts. `CLICKOFF_SCHEMAS=write cargo test --test pure schemas` writes the schemas again.

use std::path::Path;

use clickoff::cli::explained;
use clickoff::cli::schema::{SCHEMAS, write_beside};
use clickoff::game::HeldKeys;
use clickoff::settings::{BELLS, Flags, LOG_LEVELS, MOTIONS, Settings, TEMPLATE};
use clickoff::ui::keymap::{DEFAULT, KEY_NAMES, Keymap, MODIFIERS, SECTIONS, action_name, rows};
use clickoff::ui::theme::{ATTRIBUTES, BUILT_IN, Theme, ThemeFile, collect};
use clickoff::words::{Language, Words};
use regex_lite::Regex;
use serde_json::{Map, Value, json};
use toml::de::{DeTable, DeValue};

const COLOURS: [&str; 17] = [
    "default",
    "black",
    "red",
    "green",
    "yellow",
    "blue",
    "magenta",
    "cyan",
    "gray",
    "dark-gray",
    "light-red",
    "light-green",
    "light-yellow",
    "light-blue",
    "light-magenta",
    "light-cyan",
    "white",
];

fn schema(title: &str, about: &str, properties: Map<String, Value>) -> Value {
    json!({
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": title,
        "description": about.split("\n\n").next(),
        "type": "object",
        "properties": properties,
        "additionalProperties": false,
    })
}

fn one_of<T>(names: &[(&str, T)]) -> Value {
    names
        .iter()
        .map(|(name, _)| *name)
        .collect::<Vec<_>>()
        .into()
}

/// A string: one of these names, or any other text.
fn theme_name(more: &[&str]) -> Value {
    let built_in = BUILT_IN.iter().map(|(name, _)| *name);
    let names: Vec<&str> = more.iter().copied().chain(built_in).collect();
    json!([{ "enum": names }, { "type": "string" }])
}

fn settings() -> Value {
    let mut properties = Map::new();
    for setting in explained::settings() {
        let mut value = match setting.key {
            "plain" | "mouse" | "title" => json!({ "type": "boolean" }),
            "language" => json!({ "enum": Language::ALL.map(Language::name) }),
            "motion" => json!({ "enum": one_of(&MOTIONS) }),
            "bell" => json!({ "enum": one_of(&BELLS) }),
            "held_keys" => json!({ "enum": HeldKeys::ALL.map(HeldKeys::name) }),
            "log_level" => json!({ "enum": one_of(&LOG_LEVELS) }),
            "theme" => json!({ "anyOf": theme_name(&["auto"]) }),
            "database" => json!({ "type": "string", "minLength": 1 }),
            _ => json!({ "type": "string" }),
        };
        value["description"] = setting.about.into();
        properties.insert(setting.key.to_owned(), value);
    }
    schema(
        "clickoff: config.toml",
        &explained::of_settings(),
        properties,
    )
}

fn keymap() -> Value {
    let words = Words::default();
    let mut sections = Map::new();
    for &(section, name, _) in SECTIONS {
        let (about, defaults) = explained::section(name);
        let mut actions = Map::new();
        for row in rows(section) {
            let action = action_name(row.action);
            let keys = defaults.iter().find(|(of, _)| *of == action);
            let mut value = json!({
                "description": words.say(row.help),
                "allOf": [{ "$ref": "#/definitions/keys" }],
            });
            if let Some((_, keys)) = keys {
                value["default"] = serde_json::from_str(keys).expect("as JSON has it");
            }
            actions.insert(action.to_owned(), value);
        }
        let section = json!({
            "description": about,
            "type": "object",
            "properties": actions,
            "additionalProperties": false,
        });
        sections.insert(name.to_owned(), section);
    }
    let named = KEY_NAMES.iter().flat_map(|(_, names)| names.iter());
    let named: Vec<String> = named.map(ToString::to_string).collect();
    let names = (1..=12).map(|n| format!("f{n}"));
    let names: Vec<String> = named.into_iter().chain(names).collect();
    let modifiers = MODIFIERS.map(|(name, _)| name).join("|");
    let with = format!("^(({modifiers})[-+])*(.|{})$", names.join("|"));
    let mut schema = schema("clickoff: keymap.toml", &explained::of_keymap(), sections);
    schema["definitions"] = json!({
        "key": { "anyOf": [{ "enum": names }, { "type": "string", "pattern": with }] },
        "keys": { "anyOf": [
            { "$ref": "#/definitions/key" },
            { "type": "array", "items": { "$ref": "#/definitions/key" } },
        ] },
    });
    schema
}

fn theme() -> Value {
    let mut styles = Map::new();
    let inherits = json!({
        "description": "The theme that has all the styles which are not named here.",
        "anyOf": theme_name(&[]),
    });
    styles.insert("inherits".to_owned(), inherits);
    for (name, meaning) in Theme::MEANINGS {
        let value = json!({
            "description": meaning.trim(),
            "allOf": [{ "$ref": "#/definitions/style" }],
        });
        styles.insert((*name).to_owned(), value);
    }
    let colour = json!({ "$ref": "#/definitions/colour" });
    let attribute = json!({ "enum": one_of(&ATTRIBUTES) });
    let style = json!({
        "type": "object",
        "properties": {
            "fg": colour,
            "bg": colour,
            "attributes": { "anyOf": [attribute, { "type": "array", "items": attribute }] },
        },
        "additionalProperties": false,
    });
    let number = "^(25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])$";
    let mut schema = schema("clickoff: a theme", &explained::of_themes(), styles);
    schema["definitions"] = json!({
        "style": { "anyOf": [colour, style] },
        "colour": { "anyOf": [
            { "enum": COLOURS },
            { "type": "string", "pattern": "^#[0-9a-fA-F]{6}$" },
            { "type": "string", "pattern": number },
        ] },
    });
    schema
}

/// JSON with one action or style on each line.
fn in_lines(value: &Value, depth: usize) -> String {
    let Some(entries) = value.as_object().filter(|_| depth < 4) else {
        return value.to_string();
    };
    if entries.len() < 2 || entries.contains_key("allOf") {
        return value.to_string();
    }
    let indent = "  ".repeat(depth);
    let lines = entries.iter().map(|(key, value)| {
        let value = in_lines(value, depth + 1);
        format!("{indent}  {}: {value}", Value::from(key.as_str()))
    });
    let lines = lines.collect::<Vec<_>>().join(",\n");
    format!("{{\n{lines}\n{indent}}}")
}

/// Whether a value matches a schema. It knows only the keywords that our schemas use.
fn fits(value: &Value, schema: &Value, root: &Value) -> bool {
    let rules = schema.as_object().expect("a schema");
    rules.iter().all(|(word, rule)| match word.as_str() {
        "$schema" | "title" | "description" | "default" | "definitions" => true,
        "$ref" => {
            let place = rule.as_str().and_then(|to| to.strip_prefix('#'));
            let to = place.and_then(|place| root.pointer(place));
            fits(value, to.expect("what it refers to"), root)
        }
        "anyOf" => each(rule).any(|one| fits(value, one, root)),
        "allOf" => each(rule).all(|one| fits(value, one, root)),
        "enum" => each(rule).any(|one| one == value),
        "items" => each(value).all(|item| fits(item, rule, root)),
        "pattern" => {
            let pattern = Regex::new(rule.as_str().expect("a pattern")).expect("a pattern");
            value.as_str().is_some_and(|text| pattern.is_match(text))
        }
        "minLength" => {
            let length = value.as_str().map(|text| text.chars().count() as u64);
            length >= rule.as_u64()
        }
        "type" => match rule.as_str().expect("a type") {
            "string" => value.is_string(),
            "boolean" => value.is_boolean(),
            "array" => value.is_array(),
            "object" => value.is_object(),
            other => panic!("unknown type {other}"),
        },
        "properties" | "additionalProperties" => {
            let known = schema["properties"].as_object().expect("properties");
            let mut all = value.as_object().into_iter().flatten();
            match word == "properties" {
                true => all.all(|(key, value)| {
                    known
                        .get(key)
                        .is_none_or(|schema| fits(value, schema, root))
                }),
                false => all.all(|(key, _)| known.contains_key(key)),
            }
        }
        other => panic!("unknown word {other}"),
    })
}

fn each(list: &Value) -> impl Iterator<Item = &Value> {
    list.as_array().into_iter().flatten()
}

fn json_of(value: &DeValue<'_>) -> Value {
    match value {
        DeValue::String(text) => text.as_ref().into(),
        DeValue::Boolean(on) => (*on).into(),
        DeValue::Array(items) => items.iter().map(|item| json_of(item.get_ref())).collect(),
        DeValue::Table(table) => table_of(table),
        DeValue::Integer(number) => number.as_str().parse::<i64>().expect("a number").into(),
        other => panic!("{other:?}"),
    }
}

fn table_of(table: &DeTable<'_>) -> Value {
    let entries = table.iter();
    let entries = entries.map(|(k, v)| (k.get_ref().to_string(), json_of(v.get_ref())));
    Value::Object(entries.collect())
}

/// Whether a TOML file matches a schema.
fn takes(schema: &Value, text: &str) -> bool {
    let table = DeTable::parse(text).expect("TOML");
    fits(&table_of(table.get_ref()), schema, schema)
}

fn theme_mistakes(text: &str) -> usize {
    let file = ThemeFile {
        name: "mine".to_owned(),
        path: "mine.toml".to_owned(),
        text: text.to_owned(),
    };
    collect(&[file]).1.len()
}

#[test]
fn the_schemas_say_what_the_tables_say() {
    let made = [settings(), keymap(), theme()];
    for ((name, stored), schema) in SCHEMAS.into_iter().zip(made) {
        let text = in_lines(&schema, 0) + "\n";
        if std::env::var_os("CLICKOFF_SCHEMAS").is_some_and(|how| how == "write") {
            let root = env!("CARGO_MANIFEST_DIR");
            std::fs::write(format!("{root}/assets/json-schema/{name}"), &text).expect("written");
        } else {
            assert!(
                stored == text,
                "{name} is not what the tables say: CLICKOFF_SCHEMAS=write cargo test --test pure schemas"
            );
        }
    }
}

#[test]
fn what_is_shipped_fits_its_schema_and_names_it() {
    let lines = TEMPLATE.lines().filter_map(|line| line.strip_prefix("# "));
    let lines: Vec<&str> = lines.filter(|line| line.contains(" = ")).collect();
    assert!(takes(&settings(), &lines.join("\n")), "{lines:?}");
    assert!(TEMPLATE.starts_with("#:schema ./json-schema/config.json\n"));
    assert!(takes(&keymap(), DEFAULT));
    assert!(DEFAULT.starts_with("#:schema ./json-schema/keymap.json\n"));
    for (name, text) in BUILT_IN {
        assert!(takes(&theme(), text), "{name}");
        assert!(
            text.starts_with("#:schema ../json-schema/theme.json\n"),
            "{name}"
        );
    }
}

#[test]
fn of_each_setting_the_schema_takes_the_values_that_the_program_takes() {
    let schema = settings();
    let properties = schema["properties"].as_object().expect("properties");
    let mut values: Vec<Value> = vec![
        json!(true),
        json!(7),
        json!(""),
        json!("no such"),
        json!([]),
    ];
    for property in properties.values() {
        values.extend(each(&property["enum"]).cloned());
    }
    let mut taken = 0;
    for key in properties.keys().map(String::as_str).chain(["unknown"]) {
        for value in &values {
            let text = format!("{key} = {value}");
            let read = Settings::of(Flags::default(), Path::new(""), &text, &|_| None);
            let is_right = read.expect("settings").1.is_empty();
            assert_eq!(takes(&schema, &text), is_right, "{text}");
            taken += usize::from(is_right);
        }
    }
    assert!(taken > 30, "{taken}");
}

#[test]
fn of_keys_and_styles_the_schema_takes_what_the_program_takes() {
    let schema = keymap();
    let named = KEY_NAMES.iter().flat_map(|(_, names)| names.iter());
    let keys = named.copied().chain([
        "a",
        "G",
        "é",
        "f12",
        "f13",
        "ctrl-s",
        "alt-enter",
        "shift-up",
    ]);
    for key in keys.chain(["hyper-x", "", "nothing", "ctrl-"]) {
        for text in [
            format!("[play]\nhelp = '{key}'"),
            format!("[play]\nhelp = ['f7', '{key}']"),
            format!("[play]\naccept = '{key}'"),
            format!("[plays]\nhelp = '{key}'"),
        ] {
            let read = Keymap::read("keymap.toml", &text);
            assert_eq!(takes(&schema, &text), read.is_ok(), "{text}");
        }
    }
    let schema = theme();
    let colours = COLOURS.iter().copied();
    for colour in colours.chain(["#a0B1c2", "#abc", "0", "255", "256", "reddish", ""]) {
        for text in [
            format!("key = '{colour}'"),
            format!("key = {{ bg = '{colour}', attributes = 'bold' }}"),
            format!("key = {{ fg = '{colour}', attributes = ['dim', 'bold'] }}"),
            format!("key = {{ fg = '{colour}', attributes = ['blinking'] }}"),
            format!("keys = '{colour}'"),
            format!("inherits = 'dark'\ntext = {{ colour = '{colour}' }}"),
        ] {
            assert_eq!(takes(&schema, &text), theme_mistakes(&text) == 0, "{text}");
        }
    }
}

#[test]
fn they_are_written_beside_a_file_that_names_them_alone() {
    let home = tempfile::tempdir().expect("a directory");
    let file = home.path().join("config.toml");
    let schema = home.path().join("json-schema/config.json");
    std::fs::write(&file, "mouse = false\n").expect("written");
    write_beside(&file).expect("nothing to write");
    assert!(!schema.exists());
    std::fs::write(&file, TEMPLATE).expect("written");
    write_beside(&file).expect("written");
    std::fs::write(&schema, "of an older version").expect("written");
    write_beside(&file).expect("written");
    assert_eq!(
        std::fs::read_to_string(&schema).expect("read"),
        SCHEMAS[0].1
    );
    assert!(home.path().join("json-schema/theme.json").exists());
}
