//! Lists by when something was created or last active.

use kernel::Timestamp;
use serde::{Deserialize, Serialize};
use store::{
    Listing,
    listing::{Branch, Clause, Way, present},
};

/// A column that says in which stretch of time something was last active.
#[derive(Clone, Copy)]
struct Stretch {
    column: &'static str,
    /// Microseconds.
    length: i64,
}

const DAY: i64 = 24 * 3600 * 1_000_000;
/// Few, so that a page can be put together from the lists of each: see `migrations/src/m20261122_lists.rs`.
const FOUR_WEEKS: Stretch = Stretch { column: "active_weeks", length: 28 * DAY };
/// Short, so that few rows are left to be looked at one by one: see `migrations/src/m20261122_days.rs`.
const ONE_DAY: Stretch = Stretch { column: "active_days", length: DAY };

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

/// A table with `last_active_at`, `active_weeks` and `active_days`, and indexes of the latter ones.
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
    /// looked at; for counting, only within the day.
    fn last_active(self, table: Table) -> Way {
        let ends = [(self.active_after, ">"), (self.active_before, "<")];
        let instants = ends.iter().filter_map(|(at, than)| {
            at.map(|at| Clause::new(format!("last_active_at {than} ?"), [at.into()]))
        });
        let condition = instants.reduce(Clause::and).unwrap_or(Clause::TRUE);

        let over = self.active_after.map(|at| FOUR_WEEKS.of(at).into());
        let below = self.active_before.map(|at| FOUR_WEEKS.compared("<", at));
        let part = [Some(Clause::text(table.part)), below].into_iter().flatten().reduce(Clause::and);
        let whole = present(FOUR_WEEKS.column, table.name, &part.unwrap_or(Clause::TRUE), over);
        let mut to_pages = self.at_ends(FOUR_WEEKS, &condition);
        to_pages.push(Branch::of(Clause::TRUE).with_each(FOUR_WEEKS.column, whole));

        let whole = ends.iter().filter_map(|(at, than)| at.map(|at| ONE_DAY.compared(than, at)));
        let mut to_all = self.at_ends(ONE_DAY, &condition);
        to_all.push(Branch::of(whole.reduce(Clause::and).unwrap_or(Clause::TRUE)));
        Way::new(condition, to_pages).counted_along(to_all)
    }

    /// Branches to what was last active in the same stretch as an end.
    fn at_ends(self, stretch: Stretch, condition: &Clause) -> Vec<Branch> {
        let mut ends: Vec<_> = [self.active_after, self.active_before].into_iter().flatten().collect();
        ends.dedup_by_key(|at| stretch.of(*at));
        ends.into_iter().map(|at| Branch::of(condition.clone().and(stretch.compared("=", at)))).collect()
    }
}

impl Stretch {
    const fn of(self, at: Timestamp) -> i64 {
        at.0.div_euclid(self.length)
    }

    fn compared(self, than: &str, at: Timestamp) -> Clause {
        Clause::new(format!("{} {than} ?", self.column), [self.of(at).into()])
    }
}
