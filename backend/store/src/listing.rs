//! Lists that are read page by page, in the order of their ids, which is that of their creation (keyset pagination).
//! A page costs the same wherever in the list it lies, since nothing before it is read; counting is asked for apart.

use kernel::id::Id;
use sea_orm::{ConnectionTrait, DbErr, QueryResult, Statement, Value};
use uuid::Uuid;

/// A list, and which of its rows are wanted. Conditions are fixed SQL; what people send are values.
#[derive(Clone, Debug)]
pub struct Listing {
    columns: &'static str,
    from: &'static str,
    /// The column of the id, as the conditions name it.
    id: &'static str,
    conditions: Vec<String>,
    values: Vec<Value>,
}

/// Which end of a list a page is taken from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    First,
    Last,
}

/// The part of a list that is a page: of the rows between two ids, so many from one end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// Only greater ids.
    pub after: Option<Uuid>,
    /// Only smaller ids.
    pub before: Option<Uuid>,
    pub from: End,
    pub size: u32,
}

/// A page, its rows ascending by id whichever end they were taken from.
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
        Self { columns, from, id, conditions: Vec::new(), values: Vec::new() }
    }

    /// Only the rows of which this is true. Each `?` in it stands for one of the values, in order.
    pub fn only(&mut self, condition: &str, values: impl IntoIterator<Item = Value>) {
        let mut values = values.into_iter();
        let mut text = String::with_capacity(condition.len() + 8);
        for character in condition.chars() {
            if character == '?' {
                self.values.extend(values.next());
                text.push_str(&format!("${}", self.values.len()));
            } else {
                text.push(character);
            }
        }
        self.conditions.push(text);
    }

    /// [`Self::only`], with as many `?` in place of `{}` as there are values.
    pub fn any_of(&mut self, condition: &str, values: Vec<Value>) {
        let marks = vec!["?"; values.len()].join(", ");
        self.only(&condition.replace("{}", &marks), values);
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
            let millis = before.as_millis() + i64::from(!whole);
            self.only(&format!("{} < ?", self.id), [first(millis).into()]);
        }
        if let Some(after) = after {
            self.only(&format!("{} >= ?", self.id), [first(after.as_millis() + 1).into()]);
        }
    }

    /// One statement.
    pub async fn page(&self, db: &impl ConnectionTrait, window: Window) -> Result<Page<QueryResult>, DbErr> {
        let mut list = self.clone();
        if let Some(after) = window.after {
            list.only(&format!("{} > ?", self.id), [after.into()]);
        }
        if let Some(before) = window.before {
            list.only(&format!("{} < ?", self.id), [before.into()]);
        }
        let order = match window.from {
            End::First => "ASC",
            End::Last => "DESC",
        };
        let size = window.size as usize;
        // One more than asked for tells whether there are more.
        list.values.push((i64::from(window.size) + 1).into());
        let sql = format!(
            "SELECT {} FROM {}{} ORDER BY {} {order} LIMIT ${}",
            self.columns,
            self.from,
            list.conditions(),
            self.id,
            list.values.len()
        );
        let mut rows = db.query_all_raw(statement(db, sql, list.values)).await?;
        let has_more = rows.len() > size;
        rows.truncate(size);
        if window.from == End::Last {
            rows.reverse();
        }
        Ok(Page { rows, has_more })
    }

    /// How many rows there are in all. One statement, which looks at each of them.
    pub async fn count(&self, db: &impl ConnectionTrait) -> Result<u64, DbErr> {
        let sql = format!("SELECT COUNT(*) AS count FROM {}{}", self.from, self.conditions());
        let row = db.query_one_raw(statement(db, sql, self.values.clone())).await?;
        let count: i64 = row.map_or(Ok(0), |row| row.try_get("", "count"))?;
        Ok(u64::try_from(count).unwrap_or(0))
    }

    /// The row with that id, if it is one of these.
    pub async fn get(mut self, db: &impl ConnectionTrait, id: impl Id) -> Result<Option<QueryResult>, DbErr> {
        self.only(&format!("{} = ?", self.id), [id.into()]);
        let sql = format!("SELECT {} FROM {}{}", self.columns, self.from, self.conditions());
        db.query_one_raw(statement(db, sql, self.values)).await
    }

    fn conditions(&self) -> String {
        if self.conditions.is_empty() {
            String::new()
        } else {
            format!(" WHERE ({})", self.conditions.join(") AND ("))
        }
    }
}

fn statement(db: &impl ConnectionTrait, sql: String, values: Vec<Value>) -> Statement {
    Statement::from_sql_and_values(db.get_database_backend(), sql, values)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_numbered_through_all_conditions() {
        let mut list = Listing::of("*", "things t", "t.id");
        list.only("t.a = ?", [1.into()]);
        list.any_of("t.b IN ({})", vec![2.into(), 3.into()]);
        list.only("t.c IS NULL", []);
        assert_eq!(list.conditions(), " WHERE (t.a = $1) AND (t.b IN ($2, $3)) AND (t.c IS NULL)");
        assert_eq!(list.values, [1.into(), 2.into(), 3.into()]);
    }

    #[test]
    fn a_pattern_finds_the_text_itself() {
        assert_eq!(containing("50%_\\"), "%50\\%\\_\\\\%");
    }
}
