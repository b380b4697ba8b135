//! No two files import each other, directly or indirectly.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use crate::layers::{code, sources, tokens};

/// A module's place, as in `["ui", "list"]`.
type Module = Vec<String>;

/// Every path that a use of a path or of a group of paths at `at` names, and where it ends.
fn paths(tokens: &[&str], mut at: usize, before: &[&str]) -> (Vec<Module>, usize) {
    let mut path = before.to_vec();
    while let Some(word) = tokens.get(at) {
        if *word == "{" {
            let mut found = Vec::new();
            while !matches!(tokens.get(at), None | Some(&"}")) {
                let (more, end) = paths(tokens, at + 1, &path);
                found.extend(more);
                at = end;
            }
            return (found, at + 1);
        }
        path.push(word);
        at += 1;
        if tokens.get(at) != Some(&"::") {
            break;
        }
        at += 1;
    }
    // What stands between this one and the next of its group, as a new name.
    let ends = tokens[at..]
        .iter()
        .position(|t| matches!(*t, "," | "}" | ";"));
    let grouped = before.is_empty() || ends.is_none();
    let end = if grouped { at } else { at + ends.unwrap_or(0) };
    (vec![path.into_iter().map(str::to_owned).collect()], end)
}

/// The modules that a file imports from or names, without those that it stands in.
fn imports(module: &[String], source: &str, all: &BTreeSet<Module>) -> BTreeSet<Module> {
    let own = source.split("#[cfg(test)]\nmod tests").next();
    let code = code(own.unwrap_or_default());
    let tokens = tokens(&code);
    let mut found = BTreeSet::new();
    for at in 0..tokens.len() {
        let begins = at == 0 || tokens[at - 1] != "::";
        if !begins || !matches!(tokens[at], "crate" | "super") {
            continue;
        }
        for path in paths(&tokens, at, &[]).0 {
            let ups = path.iter().take_while(|word| *word == "super").count();
            let base = match path[0].as_str() {
                "crate" => &[],
                _ => &module[..module.len().saturating_sub(ups)],
            };
            let mut target: Module = base.to_vec();
            target.extend(path.into_iter().skip(ups.max(1)));
            while !target.is_empty() && !all.contains(&target) {
                target.pop();
            }
            if !target.is_empty() && !module.starts_with(&target) {
                found.insert(target);
            }
        }
    }
    found
}

/// Those of the files that import each other, or stand between some that do.
fn in_cycles(mut imports: BTreeMap<Module, BTreeSet<Module>>) -> Vec<String> {
    loop {
        let imported: BTreeSet<Module> = imports.values().flatten().cloned().collect();
        let importing: BTreeSet<Module> = imports.keys().cloned().collect();
        let before = imports.len();
        for targets in imports.values_mut() {
            targets.retain(|target| importing.contains(target));
        }
        imports.retain(|module, targets| !targets.is_empty() && imported.contains(module));
        if imports.len() == before {
            return imports.keys().map(|module| module.join("::")).collect();
        }
    }
}

#[test]
fn no_file_imports_one_that_imports_it() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let files = sources(&src).into_iter().map(|path| {
        let below = path.strip_prefix(&src).expect("a path below it");
        let below = below.with_extension("");
        let parts = below.iter().filter_map(|part| part.to_str());
        let module: Module = parts.filter(|p| *p != "mod").map(str::to_owned).collect();
        (
            module,
            std::fs::read_to_string(path).expect("a source file"),
        )
    });
    let files: BTreeMap<Module, String> = files.collect();
    let all: BTreeSet<Module> = files.keys().cloned().collect();
    let imports = files
        .iter()
        .map(|(module, source)| (module.clone(), imports(module, source, &all)));
    assert_eq!(in_cycles(imports.collect()), [] as [&str; 0]);
}

#[test]
fn a_cycle_would_be_found() {
    let module = |path: &str| -> Module { path.split("::").map(str::to_owned).collect() };
    let files = [
        ("a", "use crate::b::{self, x::Y, c};"),
        ("b", "fn f() {}"),
        ("b::c", "use super::d::Z; mod m {}"),
        ("b::d", "use {super::super::a, std::fmt as f};"),
        (
            "e",
            "fn g() { crate::a::h() }\n#[cfg(test)]\nmod tests { use crate::f; }",
        ),
        ("f", "// use crate::f\nuse crate::e;"),
    ];
    let all: BTreeSet<Module> = files.iter().map(|(name, _)| module(name)).collect();
    let found = files.map(|(name, source)| {
        let name = module(name);
        (name.clone(), imports(&name, source, &all))
    });
    assert_eq!(in_cycles(found.into()), ["a", "b::c", "b::d"]);
}
