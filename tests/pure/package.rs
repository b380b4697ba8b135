//! The published package contains everything that the build needs, and no internal files.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

/// The paths in the package, as cargo lists them without a network.
fn listed() -> BTreeSet<String> {
    let output = Command::new(env!("CARGO"))
        .args([
            "package",
            "--list",
            "--allow-dirty",
            "--offline",
            "--locked",
        ])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("cargo");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    assert!(!said.contains("warning"), "{said}");
    let list = String::from_utf8(output.stdout).expect("text");
    list.lines().map(str::to_owned).collect()
}

#[test]
fn the_package_is_whole_and_has_nothing_else() {
    let listed = listed();
    for file in [
        "Cargo.lock",
        "LICENSE-MIT",
        "LICENSE-APACHE",
        "README.md",
        "README.zh-CN.md",
        "CHANGELOG.md",
        "src/main.rs",
        "assets/config.toml",
        "assets/keymap.toml",
        "assets/json-schema/keymap.json",
        "assets/locales/en.ftl",
        "assets/locales/zh-CN.ftl",
        "assets/schema/sqlite.sql",
        "docs/pictures/play.svg",
        "assets/packaging/deb",
        "docs/SUMMARY.md",
        "docs/architecture.md",
    ] {
        assert!(listed.contains(file), "no {file}");
    }
    let known = ["src/", "assets/", "docs/", "benches/", "tests/"];
    let unknown = listed.iter().filter(|path| {
        let inside = known.iter().any(|directory| path.starts_with(directory));
        !inside && path.contains('/')
    });
    assert_eq!(unknown.collect::<Vec<_>>(), [""; 0]);
}

#[test]
fn what_the_debian_package_is_made_of_is_there_or_is_made() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let manifest = std::fs::read_to_string(root.join("Cargo.toml")).expect("the manifest");
    let script = std::fs::read_to_string(root.join("assets/packaging/deb")).expect("the script");
    let (_, assets) = manifest.split_once("\nassets = [").expect("assets");
    let (assets, _) = assets.split_once("\n]").expect("their end");
    let sources = assets.lines().filter_map(|line| line.split('"').nth(1));
    let mut made = 0;
    for source in sources {
        if let Some(share) = source.strip_prefix("target/release/share/") {
            let (directory, file) = share.rsplit_once('/').expect("a directory");
            let is_made = match file.strip_suffix(".gz") {
                Some(pages) => script.contains(&format!("\"$share\"/{directory}/{pages}")),
                None => script.contains(&format!("$share/{directory}")) && script.contains(file),
            };
            assert!(is_made, "{share} is not made");
            made += 1;
        } else if !source.starts_with("target/") {
            let file = source.split_once('*').map_or(source, |(start, _)| start);
            assert!(root.join(file).exists(), "no {source}");
        }
    }
    assert_eq!(made, 5, "{assets}");
}

/// What `cargo deny check` would say of sources and bans, without a network.
#[test]
fn everything_is_built_from_the_sources_that_are_allowed() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let read = |name| std::fs::read_to_string(root.join(name)).expect(name);
    let (deny, lock) = (read("deny.toml"), read("Cargo.lock"));
    let registry = "https://github.com/rust-lang/crates.io-index";
    assert!(deny.contains(&format!("allow-registry = [\"{registry}\"]")));
    let sources = lock
        .lines()
        .filter_map(|line| line.strip_prefix("source = "));
    let elsewhere: BTreeSet<&str> = sources
        .filter(|source| *source != format!("\"registry+{registry}\""))
        .collect();
    assert_eq!(elsewhere, BTreeSet::new());
    let banned = deny.lines().filter_map(|line| {
        let line = line.trim().strip_prefix("{ crate = \"")?;
        line.split('"').next()
    });
    let banned: Vec<&str> = banned.collect();
    assert!(banned.contains(&"rsa"), "{banned:?}");
    for name in banned {
        let locked = lock.contains(&format!("name = \"{name}\"\n"));
        assert!(!locked, "{name} is banned");
    }
}
