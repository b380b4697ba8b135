//! `clickoff keys`, and the key of the server.

use std::os::unix::fs::PermissionsExt;
use std::process::Command;

use crate::server::{Place, join, quit, text, wait_score};

fn public(place: &Place, name: &str) -> String {
    let mut path = place.key(name);
    path.set_extension("pub");
    std::fs::read_to_string(path).expect("a public key")
}

fn fingerprint(place: &Place, name: &str) -> String {
    let shown = Command::new("ssh-keygen")
        .arg("-lf")
        .arg(place.key(name))
        .output();
    let shown = text(&shown.expect("ssh-keygen").stdout);
    shown.split(' ').nth(1).expect("a fingerprint").to_owned()
}

#[test]
fn the_keeper_lists_adds_and_removes_keys() {
    let place = Place::new();
    for name in ["Ada", "Bob"] {
        place.answer(&["players", "add", name]);
    }
    place.answer(&["keys", "add", "Ada", &public(&place, "ada")]);
    let file = place.join("authorized_keys");
    let keys = format!(
        "# Bob's\n{}no-pty {}",
        public(&place, "bob"),
        public(&place, "laptop")
    );
    std::fs::write(&file, keys).expect("written");
    let added = place.answer(&["keys", "add", "Bob", "--file", file.to_str().expect("text")]);
    assert_eq!(added, "Added 2 keys of Bob (id 2).\n");
    let listed = place.answer(&["keys", "list", "--json"]);
    for name in ["ada", "bob", "laptop"] {
        assert!(listed.contains(&fingerprint(&place, name)), "{listed}");
    }
    let server = place.serve(&["--join", "invited", "--watch", "closed"]);
    let game = server.come_back(&place, "laptop");
    game.keys(" ");
    wait_score(&game, "Bob", 1);
    quit(&game);
    let removed = place.answer(&["keys", "remove", &fingerprint(&place, "laptop")]);
    assert_eq!(removed, "Removed 1 key.\n");
    let refused = server.script(&place, Some("laptop"), "play", &[], "quit\n");
    assert!(
        text(&refused.stdout).contains("accepts only keys"),
        "{refused:?}"
    );
    place.answer(&["keys", "remove", "Ada"]);
    // Who goes takes the keys along.
    place.answer(&["players", "remove", "--yes", "Bob"]);
    assert_eq!(place.answer(&["keys", "--"]).lines().count(), 1);
    let wrong = place
        .clickoff()
        .args(["keys", "add", "Ada", "ssh-rsa AAAA"])
        .output();
    let wrong = wrong.expect("run");
    assert_eq!(wrong.status.code(), Some(2));
    assert!(
        text(&wrong.stderr).contains("line 1 is no public key"),
        "{wrong:?}"
    );
}

#[test]
fn the_servers_key_is_made_once_shown_as_ssh_shows_it_and_refused_where_others_can_read_it() {
    let place = Place::new();
    let key = place.join("host_key");
    let path = key.to_str().expect("text");
    let mut server = place.serve(&["--host-key", path]);
    let game = server.play(&place, "ada");
    join(&game, "Ada");
    quit(&game);
    let shown = Command::new("ssh-keygen").arg("-lf").arg(&key).output();
    let shown = text(&shown.expect("ssh-keygen").stdout);
    assert!(
        shown.contains(&server.fingerprint),
        "{shown} {}",
        server.fingerprint
    );
    server.end();
    let port = server.port;
    // The next start has the same one: the client that knows it comes in.
    let server =
        crate::server::Server::start(&place, &format!("127.0.0.1:{port}"), &["--host-key", path]);
    let game = server.play(&place, "ada");
    wait_score(&game, "Ada", 0);
    quit(&game);
    drop(server);
    // Another one does not.
    let listen = format!("127.0.0.1:{port}");
    let other = place.join("other_key");
    let other = other.to_str().expect("text");
    let server = crate::server::Server::start(&place, &listen, &["--host-key", other]);
    let refused = server.script(&place, Some("ada"), "play", &[], "");
    assert_eq!(refused.status.code(), Some(255));
    assert!(
        text(&refused.stderr).contains("REMOTE HOST IDENTIFICATION HAS CHANGED"),
        "{refused:?}"
    );
    drop(server);
    std::fs::set_permissions(&key, std::fs::Permissions::from_mode(0o644)).expect("set");
    let refused = place
        .clickoff()
        .args(["serve", "--listen", "127.0.0.1:0", "--host-key", path])
        .output();
    let refused = refused.expect("run");
    assert_eq!(refused.status.code(), Some(5));
    assert!(
        text(&refused.stderr).contains("can be read by others"),
        "{refused:?}"
    );
}

#[test]
fn doctor_and_config_know_of_the_server() {
    let place = Place::new();
    let path = place.answer(&["config", "path", "host-key"]);
    let path = path.trim();
    let line = |what: &str| {
        let told = place.answer(&["doctor"]);
        let line = told
            .lines()
            .find(|line| line.get(2..).is_some_and(|l| l.starts_with(what)));
        line.unwrap_or_else(|| panic!("no {what} in {told}"))
            .to_owned()
    };
    assert!(
        line("server").contains("127.0.0.1:2222"),
        "{}",
        line("server")
    );
    let made_later = format!("  host key       {path} (not there: the server makes it)");
    assert_eq!(line("host key"), made_later);
    let mut server = place.serve(&[]);
    let game = server
        .client(&place, Some("ada"), "ada.lovelace", &[])
        .spawn();
    game.wait_text("New player");
    game.keys("\r");
    game.wait_text("Welcome, ada.lovelace");
    quit(&game);
    server.end();
    let sound = format!("  host key       {path}, ED25519, {}", server.fingerprint);
    assert_eq!(line("host key"), sound);
    assert_eq!(line("ssh keys"), "  ssh keys       1");
    // The keeper knows a key by the name that it came with.
    let listed = place.answer(&["keys"]);
    assert!(
        listed.contains("ada.lovelace") && listed.contains(&fingerprint(&place, "ada")),
        "{listed}"
    );
    for (old, new, words) in [("", "x", " has a passphrase"), ("x", "", &sound[2..])] {
        let set = Command::new("ssh-keygen")
            .args(["-q", "-p", "-P", old, "-N", new, "-f", path])
            .status();
        assert!(set.expect("ssh-keygen").success());
        assert!(line("host key").contains(words), "{}", line("host key"));
        assert_eq!(line("host key").starts_with('!'), old.is_empty());
    }
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o640)).expect("set");
    assert!(line("host key").starts_with("! host key       the host key "));
}
