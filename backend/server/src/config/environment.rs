//! Environment variables as layers of the configuration.

use std::{collections::BTreeMap, sync::Arc};

use super::{
    node::{Node, Origin, Value},
    variable,
};

/// The environment of the process, or a test's.
pub type Environment = BTreeMap<String, String>;

const OURS: &str = "MAS__";
const LEGACY: &str = "MAS_";

/// The variables with which libpq's clients find their database.
const LIBPQ: [&str; 12] = [
    "PGHOST",
    "PGHOSTADDR",
    "PGPORT",
    "PGUSER",
    "PGPASSWORD",
    "PGDATABASE",
    "PGSSLMODE",
    "PGSSLROOTCERT",
    "PGSSLCERT",
    "PGSSLKEY",
    "PGAPPNAME",
    "PGOPTIONS",
];

pub fn names_postgres(environment: &Environment) -> bool {
    LIBPQ.iter().any(|name| environment.contains_key(*name))
}

/// `MAS_A_B` sets `a.b`: every `_` and `.` separates, so only keys without underscores can be reached. Lowest layer.
pub fn legacy(environment: &Environment) -> Node {
    layer(environment, |name| {
        let rest = strip(name, LEGACY)?;
        let ours = strip(name, OURS).is_some() || rest.eq_ignore_ascii_case("config");
        (!ours).then(|| rest.to_lowercase().split(['_', '.']).map(str::to_owned).collect())
    })
}

/// `MAS__A__B_C` sets `a.b_c`. Highest layer.
pub fn ours(environment: &Environment) -> Node {
    layer(environment, |name| {
        Some(strip(name, OURS)?.to_lowercase().split("__").map(str::to_owned).collect())
    })
}

fn strip<'a>(name: &'a str, prefix: &str) -> Option<&'a str> {
    let (head, rest) = name.split_at_checked(prefix.len())?;
    head.eq_ignore_ascii_case(prefix).then_some(rest)
}

fn layer(environment: &Environment, path: impl Fn(&str) -> Option<Vec<String>>) -> Node {
    let mut root = Node::empty_map(Origin::Default);
    for (name, text) in environment {
        let Some(steps) = path(name).filter(|steps| steps.iter().all(|step| !step.is_empty())) else {
            continue;
        };
        let origin = Origin::Variable(Arc::from(name.as_str()));
        insert(&mut root, &steps, variable::parse(text, &origin));
    }
    root
}

fn insert(node: &mut Node, steps: &[String], leaf: Node) {
    let Some((step, rest)) = steps.split_first() else {
        *node = leaf;
        return;
    };
    if !matches!(node.value, Value::Map(_)) {
        *node = Node::empty_map(leaf.origin.clone());
    }
    if node.get(step).is_none()
        && let Value::Map(entries) = &mut node.value
    {
        entries.push((step.clone(), Node::empty_map(leaf.origin.clone())));
    }
    if let Some(child) = node.get_mut(step) {
        insert(child, rest, leaf);
    }
}
