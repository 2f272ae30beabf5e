//! Fixed SQL for the hot paths: text that is never rebuilt, so that the prepared statement is always found again.

use sea_orm::{DbErr, QueryResult, TryGetable, Value};

use crate::{Query, Run};

/// Runs fixed SQL with its values and returns the first row. `$1`, `$2` … are understood by both engines.
pub async fn one(
    db: &impl Run,
    sql: &'static str,
    values: impl IntoIterator<Item = Value>,
) -> Result<Option<QueryResult>, DbErr> {
    db.run_one(Query::fixed(sql, values)).await
}

/// Runs fixed SQL with its values and returns all rows.
pub async fn all(
    db: &impl Run,
    sql: &'static str,
    values: impl IntoIterator<Item = Value>,
) -> Result<Vec<QueryResult>, DbErr> {
    db.run_all(Query::fixed(sql, values)).await
}

/// Runs fixed SQL with its values and returns how many rows it touched.
pub async fn execute(
    db: &impl Run,
    sql: &'static str,
    values: impl IntoIterator<Item = Value>,
) -> Result<u64, DbErr> {
    Ok(db.run(Query::fixed(sql, values)).await?.rows_affected())
}

/// Reads the columns of a row one after the other, in the order in which the statement names them. For hot paths:
/// finding a column by its name costs an allocation.
pub struct Columns<'a> {
    row: &'a QueryResult,
    next: usize,
}

impl<'a> Columns<'a> {
    pub const fn of(row: &'a QueryResult) -> Self {
        Self { row, next: 0 }
    }

    pub fn read<T: TryGetable>(&mut self) -> Result<T, DbErr> {
        let at = self.next;
        self.next += 1;
        self.row.try_get_by_index(at)
    }
}
