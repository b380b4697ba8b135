//! The words of the game in lines.

use clickoff::game::contest::{Kind, Length};
use clickoff::message::Action;
use clickoff::plain::words::*;

#[test]
fn no_two_words_are_written_alike_and_each_is_read_as_itself() {
    let mut all = Vec::new();
    for word in &WORDS {
        all.push(word.long);
        all.extend((!word.short.is_empty()).then_some(word.short));
        for written in [word.long, word.short, &word.long.to_uppercase()] {
            if !written.is_empty() {
                assert_eq!(read(written), Request::Word(word.verb, ""), "{written}");
            }
        }
    }
    let count = all.len();
    all.sort_unstable();
    all.dedup();
    assert_eq!(all.len(), count, "{all:?}");
}

#[test]
fn lines_are_read_by_their_first_word() {
    for (line, read_as) in [
        ("", Request::Blank(0)),
        ("  ", Request::Blank(2)),
        (
            " add  Ada Lovelace ",
            Request::Word(Verb::Do(Action::Add), "Ada Lovelace"),
        ),
        ("LIST", Request::Word(Verb::List, "")),
        ("l 21", Request::Word(Verb::List, "21")),
        ("list 0", Request::Wrong("list", Takes::Number)),
        ("quit smoking", Request::Wrong("quit", Takes::Nothing)),
        ("/ad", Request::Word(Verb::Do(Action::Filter), "ad")),
        ("/", Request::Word(Verb::Do(Action::Filter), "")),
        ("/ ad", Request::Word(Verb::Do(Action::Filter), "ad")),
        (
            "s 30",
            Request::Word(Verb::Do(Action::Contest(Kind::Sprint)), "30"),
        ),
        (
            "r",
            Request::Word(Verb::Do(Action::Contest(Kind::Race)), ""),
        ),
        ("R", Request::Word(Verb::Do(Action::Join), "")),
        (
            "Race 5",
            Request::Word(Verb::Do(Action::Contest(Kind::Race)), "5"),
        ),
        ("Q", Request::Word(Verb::Do(Action::Quit), "")),
        (
            "s 7",
            Request::Wrong("sprint", Takes::OneOf(&["5", "10", "30", "60"])),
        ),
        ("7", Request::Other("7")),
        ("Ada Lovelace", Request::Other("Ada Lovelace")),
        ("王小明", Request::Other("王小明")),
    ] {
        assert_eq!(read(line), read_as, "{line:?}");
    }
}

#[test]
fn the_names_of_lengths_are_all_of_them_in_their_order() {
    assert_eq!(LENGTHS.map(|(_, length)| length), Length::ALL);
    for (name, length) in LENGTHS {
        assert_eq!(name, length.seconds().to_string());
    }
}
