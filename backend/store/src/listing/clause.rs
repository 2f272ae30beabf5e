//! Pieces of SQL with the values that belong to them, and statements put together of such pieces.

use std::borrow::Cow;

use sea_orm::{Statement, Value};

use crate::Engine;

/// Fixed SQL, and a value for each `?` in it, in order. `{position}` is the engine's function that tells where in a text
/// another one begins, or zero.
#[derive(Clone, Debug)]
pub struct Clause {
    sql: Cow<'static, str>,
    values: Vec<Value>,
}

impl Clause {
    pub const TRUE: Self = Self { sql: Cow::Borrowed("TRUE"), values: Vec::new() };

    pub fn new(sql: impl Into<String>, values: impl IntoIterator<Item = Value>) -> Self {
        Self { sql: sql.into().into(), values: values.into_iter().collect() }
    }

    pub const fn text(sql: &'static str) -> Self {
        Self { sql: Cow::Borrowed(sql), values: Vec::new() }
    }

    /// Both.
    #[must_use]
    pub fn and(mut self, other: Self) -> Self {
        self.sql = format!("{} AND {}", self.sql, other.sql).into();
        self.values.extend(other.values);
        self
    }

    /// SQL in which the first `{}` stands for this, and the second one for the other.
    pub(super) fn with(self, other: Self, sql: &str) -> Self {
        let sql = sql.replacen("{}", &self.sql, 1).replacen("{}", &other.sql, 1);
        Self { sql: sql.into(), values: [self.values, other.values].concat() }
    }

    /// SQL in which each `{}` stands for this.
    pub(super) fn within(&self, sql: &str) -> Self {
        let times = sql.matches("{}").count();
        let values = std::iter::repeat_n(&self.values, times).flatten().cloned().collect();
        Self { sql: sql.replace("{}", &self.sql).into(), values }
    }
}

/// A statement that comes to be.
#[derive(Debug)]
pub(super) struct Sql {
    pub engine: Engine,
    text: String,
    values: Vec<Value>,
}

impl Sql {
    pub const fn new(engine: Engine) -> Self {
        Self { engine, text: String::new(), values: Vec::new() }
    }

    /// SQL without values.
    pub fn push(&mut self, sql: &str) {
        self.text.push_str(sql);
    }

    pub fn clause(&mut self, clause: &Clause) {
        let position = match self.engine {
            Engine::Sqlite => "instr",
            Engine::Postgres => "strpos",
        };
        let sql = clause.sql.replace("{position}", position);
        let mut values = clause.values.iter();
        let mut rest = sql.as_str();
        while let Some((before, after)) = rest.split_once('?') {
            self.push(before);
            self.values.extend(values.next().cloned());
            let number = self.values.len();
            self.push(&format!("${number}"));
            rest = after;
        }
        self.push(rest);
    }

    pub fn all_of<'c>(&mut self, clauses: impl IntoIterator<Item = &'c Clause>) {
        let mut separator = "(";
        for clause in clauses {
            self.push(separator);
            self.clause(clause);
            separator = ") AND (";
        }
        self.push(if separator == "(" { "TRUE" } else { ")" });
    }
}

impl From<Sql> for Statement {
    fn from(sql: Sql) -> Self {
        Self::from_sql_and_values(sql.engine.backend(), sql.text, sql.values)
    }
}

#[cfg(test)]
impl std::fmt::Display for Sql {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.text)
    }
}

/// A pattern for `LIKE … ESCAPE '\'` that finds the text itself, wherever it stands.
pub fn containing(text: &str) -> String {
    let mut pattern = String::with_capacity(text.len() + 2);
    pattern.push('%');
    for character in text.chars() {
        if matches!(character, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(character);
    }
    pattern.push('%');
    pattern
}
