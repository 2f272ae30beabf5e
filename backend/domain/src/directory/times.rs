//! Lists by when something was created or last active.

use kernel::Timestamp;
use serde::{Deserialize, Serialize};
use store::{
    Listing,
    listing::{Branch, Clause, Way, present},
};

/// Four weeks, as the column `active_weeks` counts them: see `migrations/src/m20261122_lists.rs`.
const WEEKS: i64 = 28 * 24 * 3600 * 1_000_000;

/// Instants between which something was created or last active; both excluded, and what was never active matches
/// neither of the latter.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Times {
    pub created_before: Option<Timestamp>,
    pub created_after: Option<Timestamp>,
    pub active_before: Option<Timestamp>,
    pub active_after: Option<Timestamp>,
}

/// A table with `last_active_at` and `active_weeks`, and an index of the latter and the id.
#[derive(Clone, Copy)]
pub(super) struct Table {
    pub name: &'static str,
    /// What the index begins with, said of the table and not of its alias.
    pub part: &'static str,
}

impl Times {
    pub(super) fn apply(self, list: &mut Listing, table: Table) {
        list.created(self.created_before, self.created_after);
        if self.active_before.is_some() || self.active_after.is_some() {
            list.along(self.last_active(table));
        }
    }

    /// Each four weeks are a list of their own, in the order of the ids. Only within those in which an end lies, instants are
    /// looked at.
    fn last_active(self, table: Table) -> Way {
        let ends = [(self.active_after, ">"), (self.active_before, "<")];
        let ends: Vec<_> = ends.into_iter().filter_map(|(at, than)| at.map(|at| (at, than))).collect();
        let instants =
            ends.iter().map(|(at, than)| Clause::new(format!("last_active_at {than} ?"), [(*at).into()]));
        let condition = instants.reduce(Clause::and).unwrap_or(Clause::TRUE);
        let mut branches = Vec::new();
        let mut between = Clause::text(table.part);
        let mut seen = None;
        for (at, than) in ends {
            let weeks = at.0.div_euclid(WEEKS);
            between = between.and(Clause::new(format!("active_weeks {than} ?"), [weeks.into()]));
            if seen.replace(weeks) != Some(weeks) {
                let these = Clause::new("active_weeks = ?", [weeks.into()]);
                branches.push(Branch::of(condition.clone().and(these)));
            }
        }
        let whole = present("active_weeks", table.name, &between);
        branches.push(Branch::of(Clause::TRUE).with_each("active_weeks", whole));
        Way::new(condition, branches)
    }
}
