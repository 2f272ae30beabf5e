//! Which keys exist: read off the JSON Schema, so that there is no second list to keep.

use std::sync::LazyLock;

use kernel::config::{Path, Problem, RootConfig, Severity};
use serde_json::Value as Json;

use super::node::{Node, Origin, Value};

/// The JSON Schema (draft 7) of the whole configuration.
pub fn schema() -> &'static Json {
    static SCHEMA: LazyLock<Json> = LazyLock::new(|| {
        let generator = schemars::generate::SchemaSettings::draft07().into_generator();
        generator.into_root_schema_for::<RootConfig>().to_value()
    });
    &SCHEMA
}

/// Keys that the schema does not have, as warnings. Values below an unknown key are not looked at.
pub fn unknown_keys(tree: &Node) -> Vec<Problem> {
    let mut found = Vec::new();
    visit(tree, &[schema()], &mut |node, what| {
        if let Finding::Unknown(siblings) = what {
            if is_foreign(node) {
                return;
            }
            let what = format!("is not a known key and is ignored{}", hint(node, &siblings));
            found.push(Problem { severity: Severity::Warning, path: node.path.clone(), what });
        }
    });
    found
}

/// Keys of a section that must be there and are not, as errors.
pub fn missing_keys(section: &Node, name: &str) -> Vec<Problem> {
    let mut found = Vec::new();
    visit(section, &property(&branches(schema()), name), &mut |node, what| {
        if let Finding::Missing(key) = what {
            let what = "is required".to_owned();
            found.push(Problem { severity: Severity::Error, path: node.path.join(key), what });
        }
    });
    found
}

enum Finding {
    /// The keys that would be known there.
    Unknown(Vec<String>),
    Missing(String),
}

fn visit(node: &Node, schemas: &[&'static Json], found: &mut dyn FnMut(&Node, Finding)) {
    let candidates: Vec<&'static Json> = schemas.iter().flat_map(|schema| branches(schema)).collect();
    match &node.value {
        Value::List(items) => {
            let inner: Vec<_> = candidates.iter().filter_map(|schema| schema.get("items")).collect();
            items.iter().for_each(|item| visit(item, &inner, found));
        }
        Value::Map(entries) => {
            let fitting: Vec<_> = candidates.into_iter().filter(|schema| fits(node, schema)).collect();
            for (key, child) in entries {
                let inner = property(&fitting, key);
                if !inner.is_empty() {
                    visit(child, &inner, found);
                } else if !fitting.iter().any(|schema| is_free(schema)) {
                    found(child, Finding::Unknown(fitting.iter().flat_map(|schema| keys(schema)).collect()));
                }
            }
            required(&fitting)
                .filter(|key| node.get(key).is_none())
                .for_each(|key| found(node, Finding::Missing(key)));
        }
        _ => {}
    }
}

/// The alternatives of a schema, with references followed.
fn branches(of: &'static Json) -> Vec<&'static Json> {
    let referred =
        of.get("$ref").and_then(Json::as_str).and_then(|target| schema().pointer(target.strip_prefix('#')?));
    let nested = ["allOf", "anyOf", "oneOf"].into_iter().filter_map(|key| of.get(key)?.as_array()).flatten();
    std::iter::once(of)
        .filter(|schema| {
            schema.get("properties").is_some() || schema.get("items").is_some() || is_free(schema)
        })
        .chain(referred.into_iter().chain(nested).flat_map(branches))
        .collect()
}

/// Of several alternatives that name a constant (`name: graphql`), the one that was chosen.
fn fits(node: &Node, schema: &Json) -> bool {
    let Some(properties) = schema.get("properties").and_then(Json::as_object) else { return true };
    properties.iter().all(|(key, property)| match (property.get("const"), node.get(key)) {
        (Some(constant), Some(given)) => given.json() == *constant,
        _ => true,
    })
}

/// A map whose keys are the operator's, such as `policy.data`.
fn is_free(schema: &Json) -> bool {
    schema.get("additionalProperties").is_some_and(|extra| *extra != Json::Bool(false))
}

fn property(schemas: &[&'static Json], key: &str) -> Vec<&'static Json> {
    schemas.iter().filter_map(|schema| schema.get("properties")?.get(key)).collect()
}

fn keys(schema: &Json) -> impl Iterator<Item = String> {
    schema.get("properties").and_then(Json::as_object).into_iter().flat_map(|all| all.keys().cloned())
}

/// What all alternatives require.
fn required(schemas: &[&Json]) -> impl Iterator<Item = String> {
    let lists: Vec<Vec<&str>> = schemas
        .iter()
        .filter_map(|schema| {
            Some(schema.get("required")?.as_array()?.iter().filter_map(Json::as_str).collect())
        })
        .collect();
    let common = lists.first().cloned().unwrap_or_default().into_iter();
    let common: Vec<String> =
        common.filter(|key| lists.iter().all(|list| list.contains(key))).map(str::to_owned).collect();
    common.into_iter()
}

/// `MAS_*` variables may belong to anything (Kubernetes makes `MAS_PORT` for a service called `mas`): only those
/// that start with a section's name are ours to complain about.
fn is_foreign(node: &Node) -> bool {
    matches!(&node.origin, Origin::Variable(name) if !is_ours(name)) && node.path.0.len() < 2
}

fn is_ours(name: &str) -> bool {
    name.to_ascii_uppercase().starts_with("MAS__")
}

fn hint(node: &Node, siblings: &[String]) -> String {
    let key = node.path.0.last().cloned().unwrap_or_default();
    let parent = Path(node.path.0[..node.path.0.len().saturating_sub(1)].to_vec());
    if let Origin::Variable(name) = &node.origin
        && let Some(path) = reachable_by_ours(name)
    {
        return format!("; use {} (two underscores between keys)", our_variable(&path));
    }
    let near = siblings
        .iter()
        .map(|sibling| (strsim::damerau_levenshtein(&key, sibling), sibling))
        .min()
        .filter(|(distance, sibling)| *distance <= (sibling.len() / 3).max(1));
    if let Some((_, sibling)) = near {
        return format!("; did you mean `{}`?", parent.join(sibling));
    }
    match all_keys().into_iter().filter(|path| path.0.last() == Some(&key)).collect::<Vec<_>>().as_slice() {
        [elsewhere] => format!("; did you mean `{elsewhere}`?"),
        _ => String::new(),
    }
}

/// The key that a legacy variable was probably meant for: `MAS_HTTP_PUBLIC_BASE` for `http.public_base`.
fn reachable_by_ours(name: &str) -> Option<Path> {
    let meant = name.get("MAS_".len()..).filter(|_| !is_ours(name))?.to_ascii_lowercase();
    all_keys().into_iter().find(|path| path.0.join("_") == meant)
}

fn our_variable(path: &Path) -> String {
    format!("MAS__{}", path.0.join("__").to_ascii_uppercase())
}

/// Every key outside lists.
fn all_keys() -> Vec<Path> {
    fn walk(schema: &'static Json, path: &Path, found: &mut Vec<Path>) {
        for branch in branches(schema) {
            for (key, inner) in branch.get("properties").and_then(Json::as_object).into_iter().flatten() {
                let path = path.join(key);
                walk(inner, &path, found);
                found.push(path);
            }
        }
    }
    let mut found = Vec::new();
    walk(schema(), &Path::default(), &mut found);
    found
}
