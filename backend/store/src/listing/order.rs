//! The order of a list: by id, or by a column and, where that is the same, by id.

use uuid::Uuid;

use super::{Clause, End, Window};

/// A column of text by which a list can be sorted: an index carries it together with the id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Key(pub &'static str);

/// Which way a list runs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Order {
    /// By id, if by nothing else.
    pub key: Option<Key>,
    pub descending: bool,
    /// The keys of the rows that the window lies between. The rows themselves need not be there any more.
    pub after: Option<String>,
    pub before: Option<String>,
}

/// Ids between which rows lie; excluded.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bounds {
    pub lower: Option<Uuid>,
    pub upper: Option<Uuid>,
}

impl Bounds {
    pub const NONE: Self = Self { lower: None, upper: None };

    pub fn clauses(self, id: &str) -> Vec<Clause> {
        let clause = |than: &str, end: Option<Uuid>| {
            end.map(|end| Clause::new(format!("{id} {than} ?"), [end.into()]))
        };
        [clause(">", self.lower), clause("<", self.upper)].into_iter().flatten().collect()
    }

    /// What lies between both. One bound for each side: of two, SQLite would search by one and walk to the other.
    fn and(self, other: Self) -> Self {
        let least = |a: Option<Uuid>, b: Option<Uuid>| a.into_iter().chain(b).min();
        Self { lower: self.lower.max(other.lower), upper: least(self.upper, other.upper) }
    }
}

impl Order {
    pub(super) const BY_ID: Self = Self { key: None, descending: false, after: None, before: None };

    /// In which direction a page is read that is taken from this end.
    pub(super) fn direction(&self, from: End) -> &'static str {
        if self.descending == (from == End::Last) { "ASC" } else { "DESC" }
    }

    /// What to order by.
    pub(super) fn columns(&self, id: &str, direction: &str) -> String {
        match self.key {
            Some(Key(key)) => format!("{key} {direction}, {id} {direction}"),
            None => format!("{id} {direction}"),
        }
    }

    /// That a row lies between the ends of the window, and within bounds.
    pub(super) fn within(&self, window: Window, bounds: Bounds, id: &str) -> Vec<Clause> {
        let Some(Key(column)) = self.key else {
            let (lower, upper) = match self.descending {
                false => (window.after, window.before),
                true => (window.before, window.after),
            };
            return bounds.and(Bounds { lower, upper }).clauses(id);
        };
        let later = |is_later: bool| if is_later == self.descending { "<" } else { ">" };
        let ends = [(window.after, &self.after, later(true)), (window.before, &self.before, later(false))];
        let mut clauses = bounds.clauses(id);
        for (end, key, than) in ends {
            let Some(end) = end else { continue };
            clauses.push(match key {
                Some(key) => {
                    Clause::new(format!("({column}, {id}) {than} (?, ?)"), [key.clone().into(), end.into()])
                }
                None => Clause::new(format!("{id} {than} ?"), [end.into()]),
            });
        }
        clauses
    }
}
