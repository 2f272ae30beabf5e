//! Reading the data document: a place in it, and the list of complaints.

use std::{cell::RefCell, fmt};

use serde_json::Value;

use super::merge::kind;

/// Something wrong in the data document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Where, below the document's root; empty for the document itself.
    pub path: String,
    /// What is wrong and how to mend it.
    pub message: String,
}

impl Problem {
    pub(super) fn new(path: impl Into<String>, message: impl Into<String>) -> Self {
        Self { path: path.into(), message: message.into() }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.path.as_str() {
            "" => f.write_str(&self.message),
            path => write!(f, "{path}: {}", self.message),
        }
    }
}

#[derive(Debug, Default)]
pub(super) struct Report {
    pub problems: RefCell<Vec<Problem>>,
    pub warnings: RefCell<Vec<Problem>>,
}

/// A place in the document. What is absent, or lies below `null` or something absent, has no value: as in Rego,
/// reading through it is no error.
#[derive(Clone, Debug)]
pub(super) struct Node<'a> {
    path: String,
    pub value: Option<&'a Value>,
    report: &'a Report,
}

pub(super) fn below(path: &str, key: &str) -> String {
    if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") }
}

impl<'a> Node<'a> {
    pub fn root(value: &'a Value, report: &'a Report) -> Self {
        Self { path: String::new(), value: Some(value), report }
    }

    pub fn problem(&self, message: impl Into<String>) {
        self.report.problems.borrow_mut().push(Problem::new(&self.path, message));
    }

    pub fn warn(&self, message: impl Into<String>) {
        self.report.warnings.borrow_mut().push(Problem::new(&self.path, message));
    }

    pub fn get(&self, key: &str) -> Self {
        let value = self.value.and_then(|value| value.get(key));
        Self { path: below(&self.path, key), value, report: self.report }
    }

    /// This place as an object that may have these keys.
    pub fn object(self, known: &[&str]) -> Self {
        match self.value {
            None | Some(Value::Null) => {}
            Some(Value::Object(members)) => {
                for key in members.keys().filter(|key| !known.contains(&key.as_str())) {
                    self.get(key).warn(format!(
                        "no built-in rule reads this key; the ones here are {}",
                        known.join(", ")
                    ));
                }
            }
            Some(other) => self.problem(format!("must be an object, not {}", kind(other))),
        }
        self
    }

    /// Rego's truth: everything but `false` and absence, `null` and `"false"` included.
    pub fn flag(&self) -> bool {
        self.value.is_some_and(|value| *value != Value::Bool(false))
    }

    /// A list of strings; nothing if absent or `null`.
    pub fn strings(&self) -> Vec<&'a str> {
        match self.value {
            None | Some(Value::Null) => Vec::new(),
            Some(Value::Array(items)) => items.iter().filter_map(|item| self.string_in(item)).collect(),
            Some(other) => {
                self.problem(format!("must be a list of strings, not {}: put it in [brackets]", kind(other)));
                Vec::new()
            }
        }
    }

    fn string_in(&self, item: &'a Value) -> Option<&'a str> {
        if !item.is_string() {
            self.problem(format!("holds {item}, which is not a string: put it in quotes"));
        }
        item.as_str()
    }

    /// Each string of the list as `read` understands it; its errors become problems.
    pub fn each<T>(&self, read: impl Fn(&str) -> Result<T, String>) -> Vec<T> {
        let read = |item: &str| read(item).map_err(|error| self.problem(error)).ok();
        self.strings().into_iter().filter_map(read).collect()
    }

    /// A whole number, from 0 on.
    pub fn count(&self) -> Option<u32> {
        let value = self.value.filter(|value| !value.is_null())?;
        let count = value.as_u64().and_then(|count| u32::try_from(count).ok());
        if count.is_none() {
            self.problem(format!("must be a whole number that is not negative, not {value}"));
        }
        count
    }
}
