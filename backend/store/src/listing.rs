//! Lists that are read page by page (keyset pagination), in the order of their ids, which is that of their creation, or of
//! a column that an index carries. A page costs the same wherever in the list it lies, since nothing before it is read;
//! counting is asked for apart.
//!
//! Walking along the order and leaving out what does not fit is fast while much fits. For conditions that few rows fulfil,
//! or only those at one end of the list, there are [`Way`]s.

mod clause;
mod order;
mod way;

use kernel::id::Id;
use sea_orm::{ConnectionTrait, DbBackend, DbErr, QueryResult, Statement, Value};
use uuid::Uuid;

use self::{clause::Sql, order::Bounds, way::Keys};
pub use self::{
    clause::{Clause, containing},
    order::{Key, Order},
    way::{Branch, Grams, Way, present, values},
};
use crate::Tx;

/// A list, and which of its rows are wanted. Conditions are fixed SQL; what people send are values.
#[derive(Clone, Debug)]
pub struct Listing {
    columns: &'static str,
    /// The table, and what the conditions call it.
    from: &'static str,
    /// The column of the id, as the conditions name it.
    id: &'static str,
    conditions: Vec<Condition>,
    /// Ids between which all rows lie; excluded.
    created: Bounds,
    way: Option<Way>,
    /// So few rows are left that no way is needed.
    narrow: bool,
    order: Order,
}

/// What must be true of a row.
#[derive(Clone, Debug)]
struct Condition {
    here: Clause,
    /// The same for counting, where all rows are looked at and not some: a sub-query that is best run for each row of a page
    /// is best joined then.
    counted: Option<Counted>,
}

#[derive(Clone, Debug)]
enum Counted {
    So(Clause),
    /// All, less those that this way leads to: they are few.
    Without(Way),
}

/// Which end of a list a page is taken from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    First,
    Last,
}

/// The part of a list that is a page: of the rows between two, so many from one end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// Only what comes later in the list than the row with this id.
    pub after: Option<Uuid>,
    /// Only what comes before.
    pub before: Option<Uuid>,
    pub from: End,
    pub size: u32,
}

/// A page, its rows in the order of the list whichever end they were taken from.
#[derive(Clone, Debug)]
pub struct Page<T> {
    pub rows: Vec<T>,
    /// There are more, away from the end that the page was taken from.
    pub has_more: bool,
}

impl<T> Page<T> {
    pub fn try_map<U, E>(self, row: impl FnMut(T) -> Result<U, E>) -> Result<Page<U>, E> {
        let rows = self.rows.into_iter().map(row).collect::<Result<_, E>>()?;
        Ok(Page { rows, has_more: self.has_more })
    }
}

impl Listing {
    pub const fn of(columns: &'static str, from: &'static str, id: &'static str) -> Self {
        let (created, order) = (Bounds::NONE, Order::BY_ID);
        Self { columns, from, id, conditions: Vec::new(), created, way: None, narrow: false, order }
    }

    /// The column of the id, as conditions name it.
    pub const fn id(&self) -> &'static str {
        self.id
    }

    /// Only the rows of which this is true. Each `?` in it stands for one of the values, in order.
    pub fn only(&mut self, condition: &str, values: impl IntoIterator<Item = Value>) {
        let here = Clause::new(condition, values);
        self.conditions.push(Condition { here, counted: None });
    }

    /// [`Self::only`], said in another way for counting.
    pub fn only_counted(&mut self, here: Clause, counted: Clause) {
        self.conditions.push(Condition { here, counted: Some(Counted::So(counted)) });
    }

    /// [`Self::only`] the rows of which this is true: those that the way, to few, does not lead to. Said at most once of a list.
    pub fn without(&mut self, here: Clause, few: Way) {
        self.conditions.push(Condition { here, counted: Some(Counted::Without(few)) });
    }

    /// [`Self::only`], with as many `?` in place of `{}` as there are values.
    pub fn any_of(&mut self, condition: &str, values: Vec<Value>) {
        let marks = vec!["?"; values.len()].join(", ");
        self.only(&condition.replace("{}", &marks), values);
    }

    /// What was said so far, as that rows be somebody's, leaves few of them and is found by an index.
    pub const fn is_narrow(&mut self) {
        self.narrow = true;
    }

    /// Only the rows that the way leads to. Of several ways, the first one is taken, and the conditions of the others are
    /// looked at on it.
    pub fn along(&mut self, way: Way) {
        if self.way.is_none() && !self.narrow {
            self.way = Some(way);
        } else {
            let here = way.into_condition(self);
            self.conditions.push(Condition { here, counted: None });
        }
    }

    /// In this order. Ways lead along ids, and so the conditions of a way that was taken before are looked at instead.
    pub fn sort(&mut self, order: Order) {
        if order.key.is_some()
            && let Some(way) = self.way.take()
        {
            let here = way.into_condition(self);
            self.conditions.push(Condition { here, counted: None });
            self.narrow = true;
        }
        self.order = order;
    }

    /// Only what was created before or after an instant, both excluded, by the milliseconds in its id.
    pub fn created(&mut self, before: Option<kernel::Timestamp>, after: Option<kernel::Timestamp>) {
        let first = |millis: i64| {
            const GREATEST: u64 = (1 << 48) - 1;
            let millis = u64::try_from(millis).unwrap_or(0).min(GREATEST);
            Uuid::from_u128(kernel::id::first_ulid(millis).0)
        };
        if let Some(before) = before {
            // What was created within the very millisecond was so before its end, if only just.
            let whole = before.0.rem_euclid(1_000) == 0;
            self.created.upper = Some(first(before.as_millis() + i64::from(!whole)));
        }
        if let Some(after) = after {
            let last = first(after.as_millis() + 1).as_u128().saturating_sub(1);
            self.created.lower = Some(Uuid::from_u128(last));
        }
    }

    /// One statement. Of a list that is not sorted by ids, each row has the column `sort_key`.
    pub async fn page(&self, db: &impl ConnectionTrait, window: Window) -> Result<Page<QueryResult>, DbErr> {
        let size = window.size as usize;
        let mut rows =
            db.query_all_raw(self.page_sql(db.get_database_backend().into(), window).into()).await?;
        let has_more = rows.len() > size;
        rows.truncate(size);
        if window.from == End::Last {
            rows.reverse();
        }
        Ok(Page { rows, has_more })
    }

    fn page_sql(&self, engine: crate::Engine, window: Window) -> Sql {
        let mut sql = Sql::new(engine);
        // One more than asked for tells whether there are more. Text and no value, so that the planner knows that it is little.
        let limit = window.size + 1;
        let order = self.order.direction(window.from);
        let keys = Keys { list: self, window, limit, order };
        if let Some(way) = &self.way {
            way.prelude(&mut sql, &keys);
        }
        let key = self.order.key.map(|key| format!(", {} AS sort_key", key.0)).unwrap_or_default();
        sql.push(&format!("SELECT {}{key} FROM {} WHERE ", self.columns, self.from));
        match &self.way {
            Some(way) => {
                sql.push(&format!("{} IN (SELECT k.id FROM (", self.id));
                way.keys(&mut sql, &keys);
                sql.push(&format!(") AS k ORDER BY k.id {order} LIMIT {limit})"));
            }
            None => self.conditions(&mut sql, &keys, self.id),
        }
        sql.push(&format!(" ORDER BY {} LIMIT {limit}", self.order.columns(self.id, order)));
        sql
    }

    /// All conditions, the window's among them.
    fn conditions(&self, sql: &mut Sql, keys: &Keys<'_>, id: &str) {
        let within = self.within(keys.window, id);
        let own = self.conditions.iter().map(|condition| &condition.here);
        sql.all_of(own.chain(&within));
    }

    /// That a row lies within the window, and was created when it is to have been.
    fn within(&self, window: Window, id: &str) -> Vec<Clause> {
        self.order.within(window, self.created, id)
    }

    /// How many rows there are in all. One statement, which looks at each of them.
    pub async fn count(&self, db: &impl ConnectionTrait) -> Result<u64, DbErr> {
        let row = db.query_one_raw(self.count_sql(db.get_database_backend().into()).into()).await?;
        let count: i64 = row.map_or(Ok(0), |row| row.try_get("", "count"))?;
        Ok(u64::try_from(count).unwrap_or(0))
    }

    fn count_sql(&self, engine: crate::Engine) -> Sql {
        let mut sql = Sql::new(engine);
        match &self.way {
            Some(way) => {
                sql.push("SELECT ");
                way.count(&mut sql, self);
                sql.push(" AS count");
            }
            None => {
                sql.push(&format!("SELECT (SELECT COUNT(*) FROM {} WHERE ", self.from));
                sql.all_of(self.counted().chain(&self.created.clauses(self.id)));
                sql.push(")");
                for condition in &self.conditions {
                    if let Some(Counted::Without(few)) = &condition.counted {
                        sql.push(" - ");
                        few.count(&mut sql, self);
                    }
                }
                sql.push(" AS count");
            }
        }
        sql
    }

    fn counted(&self) -> impl Iterator<Item = &Clause> {
        self.conditions.iter().filter_map(|Condition { here, counted }| match counted {
            Some(Counted::So(clause)) => Some(clause),
            // What is found along a way is looked at row by row.
            Some(Counted::Without(_)) if self.way.is_none() => None,
            _ => Some(here),
        })
    }

    /// Has nobody else change the row with that id until the transaction ends. What was read of it before may be old by then.
    pub async fn hold(&self, tx: &Tx, id: impl Id) -> Result<(), DbErr> {
        let engine = tx.get_database_backend();
        if engine == DbBackend::Sqlite {
            // This transaction is the only one that writes.
            return Ok(());
        }
        let table = self.id.split_once('.').map(|(table, _)| format!(" OF {table}")).unwrap_or_default();
        let sql =
            format!("SELECT 1 AS held FROM {} WHERE {} = $1 FOR NO KEY UPDATE{table}", self.from, self.id);
        tx.query_one_raw(Statement::from_sql_and_values(engine, sql, [id.into()])).await.map(drop)
    }

    /// The row with that id, if it is one of these.
    pub async fn get(mut self, db: &impl ConnectionTrait, id: impl Id) -> Result<Option<QueryResult>, DbErr> {
        self.only(&format!("{} = ?", self.id), [id.into()]);
        if let Some(way) = self.way.take() {
            let here = way.into_condition(&self);
            self.conditions.push(Condition { here, counted: None });
        }
        let mut sql = Sql::new(db.get_database_backend().into());
        sql.push(&format!("SELECT {} FROM {} WHERE ", self.columns, self.from));
        let conditions = self.conditions.iter().map(|condition| &condition.here);
        sql.all_of(conditions.chain(&self.created.clauses(self.id)));
        db.query_one_raw(sql.into()).await
    }
}

#[cfg(test)]
mod tests;
