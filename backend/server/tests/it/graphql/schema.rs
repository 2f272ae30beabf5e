//! The schema that is kept is the one that is served, and has all that MAS's has.

use std::collections::BTreeSet;

use regex::Regex;

const KEPT: &str = include_str!("../../../../../schema.graphql");
const OF_MAS: &str = include_str!("mas.names");

#[test]
fn schema_graphql_is_what_the_service_speaks() {
    assert!(
        KEPT == graphql::sdl(),
        "schema.graphql has drifted: run `cargo run --bin mas-cli -- graphql schema -o schema.graphql`"
    );
}

/// Clients are written against these: nothing of it is renamed, retyped or taken away.
#[test]
fn everything_that_mas_has_is_there() {
    let names: Vec<&str> = OF_MAS.lines().filter(|line| !line.starts_with('#')).collect();
    assert!(names.len() > 600, "{}", names.len());
    let ours = names_of(KEPT);
    let missing: Vec<_> = names.into_iter().filter(|name| !ours.contains(*name)).collect();
    assert!(missing.is_empty(), "{missing:#?}");
}

/// A line for each type, interface, member and argument, as `mas.names` has them.
fn names_of(sdl: &str) -> BTreeSet<String> {
    let beside =
        Regex::new(r#"(?s)""".*?"""| @deprecated\(reason: "[^"]*"\)| = ("[^"]*"|true|false)"#).unwrap();
    let member = Regex::new(r"^\t(\w+)(?:\((.*)\))?(: .*)?$").unwrap();
    let mut names = BTreeSet::new();
    let mut owner = String::new();
    for line in beside.replace_all(sdl, "").lines() {
        if let Some(member) = member.captures(line) {
            let (name, arguments) = (&member[1], member.get(2).map_or("", |found| found.as_str()));
            names.insert(format!("{owner}.{name}{}", member.get(3).map_or("", |found| found.as_str())));
            let arguments = arguments.split(", ").filter(|argument| !argument.is_empty());
            names.extend(arguments.map(|argument| format!("{owner}.{name}({argument})")));
        } else if let Some((kind, rest)) = line.split_once(' ')
            && ["enum", "input", "interface", "scalar", "type", "union"].contains(&kind)
        {
            let rest = rest.trim_end_matches(" {");
            owner = rest.split(' ').next().unwrap_or_default().to_owned();
            names.insert(format!("{kind} {owner}"));
            let (_, interfaces) = rest.split_once(" implements ").unwrap_or_default();
            names.extend(parts(interfaces, " & ").map(|one| format!("{kind} {owner} implements {one}")));
            let (_, members) = rest.split_once(" = ").unwrap_or_default();
            names.extend(parts(members, " | ").map(|one| format!("{owner}.{one}")));
        }
    }
    names
}

fn parts<'t>(list: &'t str, separator: &'t str) -> impl Iterator<Item = &'t str> {
    list.split(separator).filter(|one| !one.is_empty())
}
