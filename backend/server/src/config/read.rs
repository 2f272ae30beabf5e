//! From the tree to typed sections, naming every problem on the way.

use kernel::config::{Path, Problem, Problems, Section, Severity};
use serde_path_to_error::Segment;

use super::{
    known,
    node::{Node, Value},
};

/// Reads one section. `None` if it has an error, which `problems` then names.
pub fn section<T: Section>(tree: &Node, problems: &mut Vec<Problem>) -> Option<T> {
    let here = Path::from(T::NAME);
    let node = tree.get(T::NAME).filter(|node| node.value != Value::Null);
    let Some(node) = node else {
        let absent = T::absent();
        if absent.is_none() {
            let what = "this section is required".to_owned();
            problems.push(Problem { severity: Severity::Error, path: here, what });
        }
        return absent;
    };

    let before = problems.len();
    problems.extend(known::missing_keys(node, T::NAME));
    let mut pruned: Vec<Path> = problems[before..].iter().map(|problem| problem.path.clone()).collect();
    let mut sound = node.clone();
    let section: T = structure(&mut sound, problems, &mut pruned)?;

    let mut rules = Problems::default();
    section.validate(&mut rules);
    // A rule may only be broken because a malformed part was taken out.
    let caused = |problem: &Problem| pruned.iter().any(|path| path.starts_with(&problem.path));
    let found = rules.found.into_iter().map(|problem| in_file(&sound, problem));
    problems.extend(found.filter(|problem| !caused(problem)));
    let failed = problems[before..].iter().any(|problem| problem.severity == Severity::Error);
    (!failed).then_some(section)
}

/// serde stops at the first malformed part. It is noted and taken out, and the rest is tried again.
fn structure<T: Section>(node: &mut Node, problems: &mut Vec<Problem>, pruned: &mut Vec<Path>) -> Option<T> {
    loop {
        let error = match serde_path_to_error::deserialize::<_, T>(node.json()) {
            Ok(section) => return Some(section),
            Err(error) => error,
        };
        let steps: Vec<String> = error.path().iter().filter_map(step).collect();
        let path = node.nearest(&steps).path.clone();
        let what = wording(&error.into_inner().to_string());
        // Of what is wrong around a part that was taken out, that part is the likely reason; and keys that are
        // missing were named from the schema.
        if !pruned.iter().any(|gone| gone.starts_with(&path)) {
            problems.push(Problem { severity: Severity::Error, path: path.clone(), what });
        }
        pruned.push(path);
        if !node.prune(&steps) {
            return None;
        }
    }
}

/// serde names Rust's types, where people want to know what they may write; and it quotes what it found, which may
/// be a secret in the wrong place.
fn wording(what: &str) -> String {
    const NAMES: [(&str, &str); 7] = [
        ("a nonzero u16", "a number from 1 to 65535"),
        ("a nonzero u32", "a whole number of at least 1"),
        ("a nonzero u64", "a whole number of at least 1"),
        ("u16", "a number from 0 to 65535"),
        ("u32", "a whole number of at least 0"),
        ("u64", "a whole number of at least 0"),
        ("a sequence", "a list"),
    ];
    if what.contains("relative URL without a base") {
        return "is no URL: write it with its scheme, such as https://example.com/".to_owned();
    }
    if what.contains("invalid socket address syntax") {
        return "is no IP address with a port: write 127.0.0.1:8080 or \"[::]:8080\", or `host` and `port` for a \
                name"
            .to_owned();
    }
    let Some((found, expected)) = what.rsplit_once(", expected ").filter(|_| what.starts_with("invalid "))
    else {
        return what.to_owned();
    };
    let is_map = expected.starts_with("struct ") || expected.starts_with("internally tagged enum ");
    let name = NAMES.iter().find(|(rust, _)| *rust == expected).map_or(expected, |(_, words)| *words);
    let expected = if is_map { "keys and values" } else { name };
    let kind =
        |found: &str| found.split([' ', '`', '"']).next().unwrap_or_default().replace("sequence", "list");
    let found = match found.split_once(": ") {
        // Only a number is worth repeating, and is no secret where a number belongs.
        Some(("invalid value", found)) if found.starts_with("integer ") => {
            found["integer ".len()..].to_owned()
        }
        Some((_, "null")) => "nothing".to_owned(),
        Some((_, found)) => format!("a value of type {}", kind(found)),
        None => "something else".to_owned(),
    };
    format!("expected {expected}, found {found}")
}

fn step(segment: &Segment) -> Option<String> {
    match segment {
        Segment::Seq { index } => Some(index.to_string()),
        Segment::Map { key } => Some(key.clone()),
        Segment::Enum { .. } | Segment::Unknown => None,
    }
}

/// The path of a rule's problem in the file: positions in a list have moved where a part was taken out. Rules may
/// also name several steps at once, with dots.
fn in_file(section: &Node, problem: Problem) -> Problem {
    let steps = Path::from(problem.path.to_string().as_str()).0;
    let steps: Vec<String> = steps.into_iter().filter(|step| !step.is_empty()).collect();
    let (mut node, mut path) = (Some(section), section.path.clone());
    for step in &steps {
        node = node.and_then(|node| node.get(step));
        path = node.map_or_else(|| path.join(step), |node| node.path.clone());
    }
    Problem { path, ..problem }
}
