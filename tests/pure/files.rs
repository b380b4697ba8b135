//! Files that others may have created.

use std::fs::OpenOptions;
use std::io;
use std::path::Path;

use clickoff::files::*;

#[test]
fn a_text_is_read_up_to_its_bound() {
    let directory = tempfile::tempdir().expect("a directory");
    let path = directory.path().join("text");
    for (bytes, read_as) in [(0, true), (10, true), (11, false), (5_000_000, false)] {
        std::fs::write(&path, vec![b'['; bytes]).expect("written");
        let text = read(&path, 10, Links::Refused);
        assert_eq!(text.is_ok_and(|text| text.len() == bytes), read_as);
    }
    std::fs::write(&path, b"\xff").expect("written");
    let error = read(&path, 10, Links::Followed).expect_err("no text");
    assert_eq!(error.kind(), io::ErrorKind::InvalidData);
}

#[test]
fn what_is_no_regular_file_is_refused_and_not_waited_for() {
    let directory = tempfile::tempdir().expect("a directory");
    let pipe = directory.path().join("pipe");
    let mode = rustix::fs::Mode::from_raw_mode(0o600);
    let kind = rustix::fs::FileType::Fifo;
    rustix::fs::mknodat(rustix::fs::CWD, &pipe, kind, mode, 0).expect("a pipe");
    for path in [&*pipe, directory.path(), Path::new("/dev/zero")] {
        for links in [Links::Followed, Links::Refused] {
            let error = read(path, 10, links).expect_err("refused");
            assert_ne!(error.kind(), io::ErrorKind::NotFound, "{error}");
        }
        let written = open(OpenOptions::new().write(true), path, Links::Refused);
        written.expect_err("refused");
    }
}

#[test]
fn a_link_is_followed_where_the_player_made_it_alone() {
    let directory = tempfile::tempdir().expect("a directory");
    let (file, link) = (directory.path().join("file"), directory.path().join("link"));
    std::fs::write(&file, "words").expect("written");
    std::os::unix::fs::symlink(&file, &link).expect("a link");
    assert_eq!(read(&link, 10, Links::Followed).expect("text"), "words");
    let error = read(&link, 10, Links::Refused).expect_err("refused");
    assert!(error.to_string().contains("a link"), "{error}");
    std::fs::remove_file(&file).expect("removed");
    let made = open(
        OpenOptions::new().write(true).create(true),
        &link,
        Links::Refused,
    );
    made.expect_err("refused");
    assert!(!file.exists(), "nothing is made where a link leads to");
}
