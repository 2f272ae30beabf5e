//! How the rows of which a condition holds are found, without walking past all the others.

use sea_orm::Value;

use super::{Clause, Listing, Window, clause::Sql};
use crate::Engine;

/// So many rows are looked through, one after the other, before an index is asked which others may contain a text.
const NEARBY: u32 = 10_000;

/// A condition, and how the rows that fulfil it are found in the order of their ids.
#[derive(Clone, Debug)]
pub struct Way(Path);

#[derive(Clone, Debug)]
enum Path {
    Branches(Branches),
    Text(Text),
}

#[derive(Clone, Debug)]
struct Branches {
    /// What is true of the rows that the branches lead to, and of no others.
    condition: Clause,
    /// No row is found by two of them.
    to_pages: Vec<Branch>,
    /// Others to the same rows, where those do not matter in order: for counting.
    to_all: Option<Vec<Branch>>,
}

/// Rows that an index holds in the order of their ids.
#[derive(Clone, Debug)]
pub struct Branch {
    /// Another table than the list's that tells the ids, as conditions name it, and its column that does.
    through: Option<(&'static str, &'static str)>,
    /// Whether that has the same id several times.
    repeats: bool,
    only: Clause,
    /// A column, and a sub-query whose `v` are the values of it that are wanted. The index holds the rows of each value in
    /// order: as many of each are read as the page has room for.
    each: Option<(&'static str, Clause)>,
}

/// Rows with a text that contains another one.
#[derive(Clone, Debug)]
struct Text {
    from: &'static str,
    id: &'static str,
    text: &'static str,
    needle: Clause,
    grams: Grams,
}

/// Where SQLite finds texts by their pieces of three letters. On PostgreSQL, an index on `grams(text)` does that.
#[derive(Clone, Copy, Debug)]
pub struct Grams {
    /// A full-text index (FTS5, `trigram`), and which of its columns has the text, with two letters more at its end.
    pub index: (&'static str, &'static str),
    /// The list of its pieces, each with the rows that have it (`fts5vocab`, `instance`).
    pub pieces: &'static str,
    /// The column of the table that has the numbers by which the index knows rows.
    pub number: &'static str,
    /// How many letters the text has that is looked for.
    pub letters: usize,
}

/// What is asked for, from one end.
pub(super) struct Keys<'l> {
    pub list: &'l Listing,
    pub window: Window,
    pub limit: u32,
    pub order: &'static str,
}

impl Branch {
    /// Rows of the list itself.
    pub const fn of(only: Clause) -> Self {
        Self { through: None, repeats: false, only, each: None }
    }

    /// Rows whose ids another table has, and, as often as not, several times.
    pub const fn through(from: &'static str, id: &'static str, only: Clause) -> Self {
        Self { through: Some((from, id)), repeats: true, only, each: None }
    }

    /// Only those of which the column has one of the values that the sub-query calls `v`.
    #[must_use]
    pub fn with_each(mut self, column: &'static str, of: Clause) -> Self {
        self.each = Some((column, of));
        self
    }
}

impl Way {
    pub const fn new(condition: Clause, branches: Vec<Branch>) -> Self {
        Self(Path::Branches(Branches { condition, to_pages: branches, to_all: None }))
    }

    /// Rows are counted along these branches, which lead to the same rows as the others.
    #[must_use]
    pub fn counted_along(self, branches: Vec<Branch>) -> Self {
        match self.0 {
            Path::Branches(all) => Self(Path::Branches(Branches { to_all: Some(branches), ..all })),
            text @ Path::Text(_) => Self(text),
        }
    }

    /// To rows with a text that contains another one. `from` is a table that has it, and the list's ids in the column `id`. On
    /// PostgreSQL, it has an index on `grams(text)`, on SQLite `grams`.
    ///
    /// What many texts contain is found nearby, in the order of the ids. If there is no page full of it among the next ten
    /// thousand, it is rare enough to be collected by the index.
    pub const fn to_text(
        (from, id): (&'static str, &'static str),
        text: &'static str,
        needle: Clause,
        grams: Grams,
    ) -> Self {
        Self(Path::Text(Text { from, id, text, needle, grams }))
    }

    /// The same, said of one row of the list.
    pub(super) fn into_condition(self, list: &Listing) -> Clause {
        match self.0 {
            Path::Branches(branches) => branches.condition,
            Path::Text(text) => text.condition(list),
        }
    }

    /// What comes before the statement.
    pub(super) fn prelude(&self, sql: &mut Sql, keys: &Keys<'_>) {
        if let Path::Text(text) = &self.0
            && let Some(indexed) = text.indexed(sql.engine, keys.list)
        {
            text.prelude(sql, keys, indexed);
        }
    }

    /// A sub-query of at least as many ids as are wanted, if there are as many.
    pub(super) fn keys(&self, sql: &mut Sql, keys: &Keys<'_>) {
        match &self.0 {
            Path::Branches(branches) => {
                for (at, branch) in branches.to_pages.iter().enumerate() {
                    sql.push(if at == 0 { "" } else { " UNION ALL " });
                    branch.keys(sql, keys);
                }
            }
            Path::Text(text) if text.indexed(sql.engine, keys.list).is_some() => sql.push(
                "SELECT id FROM nearby WHERE (SELECT COUNT(*) FROM further) = 0 UNION ALL SELECT id FROM elsewhere",
            ),
            Path::Text(text) => text.branch(keys.list, None).keys(sql, keys),
        }
    }

    /// An expression: how many rows there are.
    pub(super) fn count(&self, sql: &mut Sql, list: &Listing) {
        match &self.0 {
            Path::Branches(Branches { to_pages, to_all, .. }) => {
                for (at, branch) in to_all.as_ref().unwrap_or(to_pages).iter().enumerate() {
                    sql.push(if at == 0 { "" } else { " + " });
                    branch.count(sql, list);
                }
            }
            Path::Text(text) => {
                let indexed = text.indexed(sql.engine, list).filter(|_| !text.begins_pieces(sql.engine));
                text.branch(list, indexed).count(sql, list);
            }
        }
    }
}

impl Branch {
    /// The column that has the ids.
    fn id(&self, list: &Listing) -> &'static str {
        self.through.map_or(list.id, |(_, id)| id)
    }

    /// What to select from, and the conditions of the list where they matter.
    fn rows<'c>(&'c self, list: &Listing, others: Vec<&'c Clause>) -> (String, Vec<&'c Clause>) {
        let mut clauses = others;
        let from = match self.through {
            None => list.from.to_owned(),
            Some((from, _)) if clauses.is_empty() => from.to_owned(),
            Some((from, id)) => format!("{from} JOIN {} ON {} = {id}", list.from, list.id),
        };
        clauses.push(&self.only);
        (from, clauses)
    }

    fn keys(&self, sql: &mut Sql, keys: &Keys<'_>) {
        let list = keys.list;
        match (&self.each, sql.engine) {
            (None, _) => {
                sql.push("SELECT b.id FROM (");
                self.first(sql, keys, None);
                sql.push(") AS b");
            }
            (Some((column, of)), Engine::Postgres) => {
                sql.push("SELECT b.id FROM (");
                sql.clause(of);
                sql.push(") AS v CROSS JOIN LATERAL (");
                self.first(sql, keys, Some(column));
                sql.push(") AS b");
            }
            // Which knows no LATERAL, but sub-queries of a row after IN.
            (Some((column, of)), Engine::Sqlite) => {
                let table = list.from.split(' ').next().unwrap_or_default();
                sql.push("SELECT b.id FROM (");
                sql.clause(of);
                sql.push(&format!(") AS v CROSS JOIN {table} AS b WHERE b.id IN ("));
                self.first(sql, keys, Some(column));
                sql.push(")");
            }
        }
    }

    /// The first ids of the branch; of one value of the column, if it has several.
    fn first(&self, sql: &mut Sql, keys: &Keys<'_>, column: Option<&str>) {
        let Keys { list, window, limit, order } = keys;
        let id = self.id(list);
        let others = list.conditions.iter().map(|condition| &condition.here).collect();
        let (from, mut clauses) = self.rows(list, others);
        let mut further = list.within(*window, id);
        further.extend(column.map(|column| Clause::new(format!("{column} = v.v"), [])));
        clauses.extend(&further);
        let distinct = if self.repeats { "DISTINCT " } else { "" };
        sql.push(&format!("SELECT {distinct}{id} AS id FROM {from} WHERE "));
        sql.all_of(clauses);
        sql.push(&format!(" ORDER BY {id} {order} LIMIT {limit}"));
    }

    fn count(&self, sql: &mut Sql, list: &Listing) {
        let id = self.id(list);
        let (from, mut clauses) = self.rows(list, list.counted().collect());
        let created = list.created.clauses(id);
        clauses.extend(&created);
        if self.repeats {
            sql.push(&format!("(SELECT COUNT(*) FROM (SELECT DISTINCT {id} FROM {from} WHERE "));
        } else {
            sql.push(&format!("(SELECT COUNT(*) FROM {from} WHERE "));
        }
        sql.all_of(clauses);
        if let Some((column, of)) = &self.each {
            sql.push(&format!(" AND {column} IN ("));
            sql.clause(of);
            sql.push(")");
        }
        sql.push(if self.repeats { ") AS b)" } else { ")" });
    }
}

impl Text {
    /// That the text contains the other one, which is looked at row by row.
    fn contains(&self, text: &str) -> Clause {
        self.needle.within(&format!("{{position}}({text}, {{}}) > 0"))
    }

    fn condition(&self, list: &Listing) -> Clause {
        let contains = self.contains(self.text);
        if self.from == list.from {
            return contains;
        }
        contains
            .within(&format!("EXISTS (SELECT 1 FROM {} WHERE {} = {} AND {{}})", self.from, self.id, list.id))
    }

    /// That the row is one of those that the engine's index says may contain the text. `None`: there is none, or it is not worth it.
    fn indexed(&self, engine: Engine, list: &Listing) -> Option<Clause> {
        match engine {
            // A sub-query, of which the planner knows no result: it always takes the index, and no parallel workers.
            Engine::Postgres => {
                Some(self.needle.within(&format!("grams({}) @> (SELECT grams_within({{}}))", self.text)))
            }
            // What begins pieces is rare if it is not found nearby, unless other conditions are why.
            Engine::Sqlite if self.begins_pieces(engine) && !list.conditions.is_empty() => None,
            Engine::Sqlite => Some(self.grams.found(&self.needle)),
        }
    }

    /// Of texts that are too short to have pieces themselves, SQLite knows those that they begin. There may be many.
    fn begins_pieces(&self, engine: Engine) -> bool {
        engine == Engine::Sqlite && self.grams.letters < 3
    }

    /// Those that the index finds, if it is asked, and that do contain the text.
    fn branch(&self, list: &Listing, indexed: Option<Clause>) -> Branch {
        let through = (self.from != list.from).then_some((self.from, self.id));
        let contains = self.contains(self.text);
        let only = match indexed {
            Some(indexed) => indexed.and(contains),
            None => contains,
        };
        Branch { through, repeats: false, only, each: None }
    }

    /// A page of what is nearby. If there are not as many, and `further` rows, then all that there is, from `elsewhere`.
    fn prelude(&self, sql: &mut Sql, keys: &Keys<'_>, indexed: Clause) {
        let Keys { list, window, limit, order } = keys;
        let Self { from, id, text, .. } = self;
        let within = list.within(*window, id);
        let others = || list.conditions.iter().map(|condition| &condition.here);
        let size = limit.saturating_mul(10).max(NEARBY);
        sql.push(&format!(
            "WITH nearby AS MATERIALIZED (SELECT t.id FROM (SELECT {id} AS id, {text} AS text FROM {from} WHERE "
        ));
        sql.all_of(&within);
        sql.push(&format!(" ORDER BY {id} {order} LIMIT {size}) AS t"));
        if !list.conditions.is_empty() {
            sql.push(&format!(" JOIN {} ON {} = t.id", list.from, list.id));
        }
        sql.push(" WHERE ");
        let contains = self.contains("t.text");
        sql.all_of(others().chain([&contains]));
        // CASE, because PostgreSQL would look at the second half of an AND first, each time.
        sql.push(&format!(
            " ORDER BY t.id {order} LIMIT {limit}), further AS MATERIALIZED (\
             SELECT COUNT(*) AS found FROM nearby HAVING CASE WHEN COUNT(*) < {limit} THEN EXISTS (SELECT 1 FROM {from} WHERE "
        ));
        sql.all_of(&within);
        sql.push(&format!(" ORDER BY {id} {order} LIMIT 1 OFFSET {size}) ELSE FALSE END), "));

        let branch = self.branch(list, Some(indexed));
        let (from, mut clauses) = branch.rows(list, others().collect());
        let lacking = Clause::text("(SELECT COUNT(*) FROM further) > 0");
        clauses.push(&lacking);
        clauses.extend(&within);
        // SQLite asks its index before it looks at what is the same for all rows: joined first, it does not if there is nothing further.
        let first = match sql.engine {
            Engine::Sqlite => "further CROSS JOIN ",
            Engine::Postgres => "",
        };
        // Without an order, which would tempt the planner to look for what is rare by walking along it.
        sql.push(&format!("elsewhere AS MATERIALIZED (SELECT {id} AS id FROM {first}{from} WHERE "));
        sql.all_of(clauses);
        sql.push(") ");
    }
}

impl Grams {
    fn found(self, needle: &Clause) -> Clause {
        let Self { index: (index, column), pieces, number, letters } = self;
        let rows = if letters < 3 {
            format!(
                "SELECT p.doc FROM {pieces} p \
                 WHERE p.col = '{column}' AND p.term >= {{}} AND p.term < {{}} || char(1114111)"
            )
        } else {
            // What is quoted is itself, whatever is in it. Its first hundred letters say enough: which rows do contain it is looked at besides.
            format!(
                "SELECT g.rowid FROM {index} g \
                 WHERE g.{column} MATCH '\"' || replace(substr({{}}, 1, 100), '\"', '\"\"') || '\"'"
            )
        };
        needle.within(&format!("{number} IN ({rows})"))
    }
}

/// The values that a column has in the rows that fulfil the condition, as `v`: found one after the other along an index
/// that begins with what the condition fixes, and then has the column. Only those greater than `over`, if that is given: as
/// part of the condition, it would have SQLite begin there for each value anew.
pub fn present(column: &str, table: &str, condition: &Clause, over: Option<Value>) -> Clause {
    let least = |more: Clause| {
        let sql = format!("SELECT {column} FROM {table} WHERE {{}} AND {{}} ORDER BY {column} LIMIT 1");
        condition.clone().with(more, &sql)
    };
    let first = least(match over {
        Some(value) => Clause::new(format!("{column} > ?"), [value]),
        None => Clause::new(format!("{column} IS NOT NULL"), []),
    });
    let next = least(Clause::new(format!("{column} > present.v"), []));
    first.with(
        next,
        "WITH RECURSIVE present (v) AS (SELECT * FROM ({}) AS least UNION ALL SELECT ({}) FROM present \
         WHERE present.v IS NOT NULL) SELECT v FROM present WHERE v IS NOT NULL",
    )
}

/// These values, as `v`.
pub fn values(values: Vec<Value>) -> Clause {
    let marks = vec!["(?)"; values.len()].join(", ");
    Clause::new(format!("SELECT column1 AS v FROM (VALUES {marks}) AS given"), values)
}
