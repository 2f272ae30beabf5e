//! Text patterns of the data document: constraints (literals, substrings, prefixes, suffixes, regular expressions)
//! and domain globs. Case-sensitive, nothing is trimmed or normalised.

mod glob;
mod re2;

use std::collections::HashSet;

use regex::Regex;
use serde_json::Value;

use super::node::Node;

/// Matches what any member of any list matches.
#[derive(Debug, Default)]
pub(super) struct Constraints {
    literals: HashSet<String>,
    substrings: Vec<String>,
    prefixes: Vec<String>,
    suffixes: Vec<String>,
    regexes: Vec<Regex>,
}

impl Constraints {
    const KEYS: [&str; 5] = ["literals", "substrings", "regexes", "prefixes", "suffixes"];

    /// What must not match. Absent: nothing.
    pub fn banned(node: Node) -> Self {
        if !node.flag() {
            return Self::default();
        }
        let node = node.object(&Self::KEYS);
        let owned = |key| node.get(key).strings().into_iter().map(String::from);
        Self {
            literals: owned("literals").collect(),
            substrings: owned("substrings").collect(),
            prefixes: owned("prefixes").collect(),
            suffixes: owned("suffixes").collect(),
            regexes: node.get("regexes").each(re2::compile),
        }
    }

    /// What must match. `None`, if absent or `false`: no restriction. An empty one lets nobody through.
    pub fn allowed(node: Node) -> Option<Self> {
        if !node.flag() {
            return None;
        }
        let constraints = Self::banned(node.clone());
        if constraints.is_empty() {
            node.warn(LOCKED_OUT);
        }
        Some(constraints)
    }

    fn is_empty(&self) -> bool {
        self.literals.is_empty()
            && self.substrings.is_empty()
            && self.prefixes.is_empty()
            && self.suffixes.is_empty()
            && self.regexes.is_empty()
    }

    pub fn matches(&self, text: &str) -> bool {
        self.literals.contains(text)
            || self.substrings.iter().any(|part| text.contains(part.as_str()))
            || self.prefixes.iter().any(|prefix| text.starts_with(prefix.as_str()))
            || self.suffixes.iter().any(|suffix| text.ends_with(suffix.as_str()))
            || self.regexes.iter().any(|regex| regex.is_match(text))
    }
}

const LOCKED_OUT: &str = "is there but empty, so it allows nothing at all: remove it to lift the restriction";

/// A list of domain globs.
#[derive(Debug, Default)]
pub(super) struct Globs {
    /// Those without wildcards: lists of throw-away mail domains are long.
    plain: HashSet<String>,
    wild: Vec<Regex>,
}

impl Globs {
    pub fn banned(node: &Node) -> Self {
        if !node.flag() {
            return Self::default();
        }
        let (wild, plain): (Vec<_>, Vec<_>) = node
            .each(|text| glob::compile(text).map(|regex| (text.to_owned(), regex)))
            .into_iter()
            .partition(|(_, regex)| regex.is_some());
        Self {
            plain: plain.into_iter().map(|(text, _)| text).collect(),
            wild: wild.into_iter().filter_map(|(_, regex)| regex).collect(),
        }
    }

    /// Like [`Constraints::allowed`].
    pub fn allowed(node: &Node) -> Option<Self> {
        if !node.flag() {
            return None;
        }
        if matches!(node.value, Some(Value::Null))
            || node.value.and_then(Value::as_array).is_some_and(Vec::is_empty)
        {
            node.warn(LOCKED_OUT);
        }
        Some(Self::banned(node))
    }

    pub fn matches(&self, domain: &str) -> bool {
        self.plain.contains(domain) || self.wild.iter().any(|glob| glob.is_match(domain))
    }
}
