//! Which keys exist: read off the JSON Schema, so that there is no second list to keep.

use std::sync::{Arc, Mutex, PoisonError, Weak};

use kernel::config::{Path, Problem, RootConfig, Severity};
use serde_json::Value as Json;

use super::node::{Node, Origin, Value};

/// The JSON Schema (draft 7) of the whole configuration. It is large, and needed only while configuration is read: whoever
/// asks while others hold it shares it with them.
pub fn schema() -> Arc<Json> {
    static HELD: Mutex<Weak<Json>> = Mutex::new(Weak::new());
    let mut held = HELD.lock().unwrap_or_else(PoisonError::into_inner);
    held.upgrade().unwrap_or_else(|| {
        let generator = schemars::generate::SchemaSettings::draft07().into_generator();
        let made = Arc::new(generator.into_root_schema_for::<RootConfig>().to_value());
        *held = Arc::downgrade(&made);
        made
    })
}

/// Keys that the schema does not have, as warnings. Values below an unknown key are not looked at.
pub fn unknown_keys(tree: &Node) -> Vec<Problem> {
    let schema = schema();
    let root = Root(&schema);
    let mut found = Vec::new();
    root.visit(tree, &[root.0], &mut |node, what| {
        if let Finding::Unknown(siblings) = what {
            if is_foreign(node) {
                return;
            }
            let what = format!("is not a known key and is ignored{}", root.hint(node, &siblings));
            found.push(Problem { severity: Severity::Warning, path: node.path.clone(), what });
        }
    });
    found
}

/// Keys of a section that must be there and are not, as errors.
pub fn missing_keys(section: &Node, name: &str) -> Vec<Problem> {
    let schema = schema();
    let root = Root(&schema);
    let mut found = Vec::new();
    root.visit(section, &property(&root.branches(root.0), name), &mut |node, what| {
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

/// The schema, which references lead through.
#[derive(Clone, Copy)]
struct Root<'a>(&'a Json);

impl<'a> Root<'a> {
    fn visit(self, node: &Node, schemas: &[&'a Json], found: &mut dyn FnMut(&Node, Finding)) {
        let candidates: Vec<&'a Json> = schemas.iter().flat_map(|schema| self.branches(schema)).collect();
        match &node.value {
            Value::List(items) => {
                let inner: Vec<_> = candidates.iter().filter_map(|schema| schema.get("items")).collect();
                items.iter().for_each(|item| self.visit(item, &inner, found));
            }
            Value::Map(entries) => {
                let fitting: Vec<_> = candidates.into_iter().filter(|schema| fits(node, schema)).collect();
                for (key, child) in entries {
                    let inner = property(&fitting, key);
                    if !inner.is_empty() {
                        self.visit(child, &inner, found);
                    } else if !fitting.iter().any(|schema| is_free(schema)) {
                        found(
                            child,
                            Finding::Unknown(fitting.iter().flat_map(|schema| keys(schema)).collect()),
                        );
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
    fn branches(self, of: &'a Json) -> Vec<&'a Json> {
        let referred = of
            .get("$ref")
            .and_then(Json::as_str)
            .and_then(|target| self.0.pointer(target.strip_prefix('#')?));
        let nested =
            ["allOf", "anyOf", "oneOf"].into_iter().filter_map(|key| of.get(key)?.as_array()).flatten();
        std::iter::once(of)
            .filter(|schema| {
                schema.get("properties").is_some() || schema.get("items").is_some() || is_free(schema)
            })
            .chain(referred.into_iter().chain(nested).flat_map(|schema| self.branches(schema)))
            .collect()
    }

    fn hint(self, node: &Node, siblings: &[String]) -> String {
        let key = node.path.0.last().cloned().unwrap_or_default();
        let parent = Path(node.path.0[..node.path.0.len().saturating_sub(1)].to_vec());
        if let Origin::Variable(name) = &node.origin
            && let Some(path) = self.reachable_by_ours(name)
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
        match self
            .all_keys()
            .into_iter()
            .filter(|path| path.0.last() == Some(&key))
            .collect::<Vec<_>>()
            .as_slice()
        {
            [elsewhere] => format!("; did you mean `{elsewhere}`?"),
            _ => String::new(),
        }
    }

    /// The key that a legacy variable was probably meant for: `MAS_HTTP_PUBLIC_BASE` for `http.public_base`.
    fn reachable_by_ours(self, name: &str) -> Option<Path> {
        let meant = name.get("MAS_".len()..).filter(|_| !is_ours(name))?.to_ascii_lowercase();
        self.all_keys().into_iter().find(|path| path.0.join("_") == meant)
    }

    /// Every key outside lists.
    fn all_keys(self) -> Vec<Path> {
        let mut found = Vec::new();
        self.walk(self.0, &Path::default(), &mut found);
        found
    }

    fn walk(self, schema: &'a Json, path: &Path, found: &mut Vec<Path>) {
        for branch in self.branches(schema) {
            for (key, inner) in branch.get("properties").and_then(Json::as_object).into_iter().flatten() {
                let path = path.join(key);
                self.walk(inner, &path, found);
                found.push(path);
            }
        }
    }
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

fn property<'a>(schemas: &[&'a Json], key: &str) -> Vec<&'a Json> {
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

fn our_variable(path: &Path) -> String {
    format!("MAS__{}", path.0.join("__").to_ascii_uppercase())
}
