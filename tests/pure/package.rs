//! The published package contains everything that the build needs, and no internal files.

use std::collections::{BTreeMap, BTreeSet};
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

/// What `cargo deny check` says of sources, licences and bans, as far as it can be said offline.
#[test]
fn everything_is_built_from_what_is_allowed() {
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

    // The texts in quotes of a list, by its name.
    let list = |name: &str| -> Vec<&str> {
        let (_, list) = deny.split_once(&format!("\n{name} = [\n")).expect(name);
        let (list, _) = list.split_once("\n]").expect("its end");
        let lines = list.lines().filter(|line| !line.trim().starts_with('#'));
        lines.filter_map(|line| line.split('"').nth(1)).collect()
    };
    let (allowed, skipped, banned) = (list("allow"), list("skip"), list("deny"));
    let packages = packages();
    assert!(packages.len() > 200, "only {}", packages.len());
    let mut versions: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (name, version, license) in &packages {
        assert!(!banned.contains(&&**name), "{name} is banned");
        assert!(
            is_allowed(license, &allowed),
            "{name}: {license} is not allowed"
        );
        let is_skipped = skipped.iter().any(|skipped| {
            let (crate_name, start) = skipped.split_once('@').expect("a version");
            crate_name == name && version.starts_with(&format!("{start}."))
        });
        if !is_skipped {
            versions.entry(name).or_default().push(version);
        }
    }
    versions.retain(|_, versions| versions.len() > 1);
    assert_eq!(versions, BTreeMap::new(), "more than one version");
    assert!(banned.contains(&"rsa"), "{banned:?}");
}

/// The name, the version and the licence of each package that this machine builds from. Those of the
/// server are left out if they have never been downloaded.
fn packages() -> Vec<(String, String, String)> {
    let host = Command::new("rustc").arg("-vV").output().expect("rustc");
    let host = String::from_utf8(host.stdout).expect("text");
    let host = host.lines().find_map(|line| line.strip_prefix("host: "));
    let metadata = |features: &[&str]| {
        Command::new(env!("CARGO"))
            .args(["metadata", "--format-version=1", "--offline", "--locked"])
            .args(features)
            .args(["--filter-platform", host.expect("a host")])
            .current_dir(env!("CARGO_MANIFEST_DIR"))
            .output()
            .expect("cargo")
    };
    let mut output = metadata(&["--all-features"]);
    if !output.status.success() {
        output = metadata(&[]);
    }
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    let metadata: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let packages = metadata["packages"].as_array().expect("packages");
    let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    packages
        .iter()
        .map(|package| {
            let field = |name: &str| text(&package[name]);
            (field("name"), field("version"), field("license"))
        })
        .collect()
}

/// Whether an SPDX expression can be met with the allowed licences.
fn is_allowed(expression: &str, allowed: &[&str]) -> bool {
    let mut flat = expression.replace('/', " OR ");
    // An inner expression in brackets is replaced by a licence that is allowed or not.
    while let Some((before, rest)) = flat.rsplit_once('(') {
        let (inner, after) = rest.split_once(')').expect("a closing bracket");
        let inner = match is_allowed(inner, allowed) {
            true => allowed[0],
            false => "refused",
        };
        flat = format!("{before}{inner}{after}");
    }
    flat.split(" OR ").any(|choice| {
        choice
            .split(" AND ")
            .all(|license| allowed.contains(&license.trim()))
    })
}

#[test]
fn licences_are_read_as_spdx_has_them() {
    let cases = [
        ("MIT", true),
        ("GPL-3.0-only", false),
        ("MIT/Apache-2.0", true),
        ("GPL-3.0-only OR MIT", true),
        ("GPL-3.0-only AND MIT", false),
        ("(GPL-3.0-only OR MIT) AND Apache-2.0", true),
        ("(GPL-3.0-only OR BSL-1.0) AND Apache-2.0", false),
        ("", false),
    ];
    for (expression, expected) in cases {
        let allowed = is_allowed(expression, &["MIT", "Apache-2.0"]);
        assert_eq!(allowed, expected, "{expression}");
    }
}
