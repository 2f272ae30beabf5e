//! Clean-up where nothing finds at once what is to go: it looks at one row after the other, and remembers how far it has come.
//!
//! It looks where nobody who writes has to wait for it, at [`LOOK`] rows at a time, whatever those are; only what is to go is
//! then written, and the statement that does so asks again whether it still is.

use kernel::{Result, Timestamp, id::*};
use sea_orm::Value;
use serde::{Deserialize, Serialize};
use store::{Db, Engine, sql};

use super::SLICE;
use crate::jobs::Stop;

/// As the statements say.
const LOOK: usize = 2000;
const LOOKS: usize = 100;

/// Where a walk has come to: an id, and of rows that are walked through by their end, also when that was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Cursor {
    pub ended: Timestamp,
    pub id: SessionId,
}

/// One kind of walk.
#[derive(Clone, Copy, Debug)]
pub struct Walk {
    /// The rows after a cursor, in order, and which of them are to go: before `$1`, after the id `$2` (and the end `$3`).
    look: &'static str,
    by_end: bool,
    /// Removes, of the ids in the JSON `$1`, what is to go before `$2`; on SQLite and on PostgreSQL.
    take: [&'static str; 2],
}

/// How far it came: `None` is to the end.
pub struct Walked {
    pub removed: u64,
    pub on_from: Option<Cursor>,
}

impl Walk {
    pub async fn go(&self, db: &Db, before: Timestamp, from: Cursor, stop: &Stop) -> Result<Walked> {
        let mut walked = Walked { removed: 0, on_from: Some(from) };
        for _ in 0..LOOKS {
            let Some(from) = walked.on_from else { break };
            let (due, next) = self.look(db, before, from).await?;
            walked.on_from = next;
            for ids in due.chunks(SLICE) {
                walked.removed += self.take(db, before, ids).await?;
            }
            if stop.is_cancelled() {
                break;
            }
        }
        Ok(walked)
    }

    /// What is to go, and from where to look on, if there may be more.
    async fn look(
        &self,
        db: &Db,
        before: Timestamp,
        from: Cursor,
    ) -> Result<(Vec<SessionId>, Option<Cursor>)> {
        let ended: Option<Value> = self.by_end.then(|| from.ended.into());
        let values = [Value::from(before), from.id.into()].into_iter().chain(ended);
        let rows = sql::all(&db.read, self.look, values).await?;
        let (mut due, mut last) = (Vec::new(), from);
        for row in &rows {
            last.id = row.try_get("", "id")?;
            if self.by_end {
                last.ended = row.try_get("", "ended")?;
            }
            if row.try_get::<i64>("", "due")? != 0 {
                due.push(last.id);
            }
        }
        Ok((due, (rows.len() == LOOK).then_some(last)))
    }

    async fn take(&self, db: &Db, before: Timestamp, ids: &[SessionId]) -> Result<u64> {
        let statement = match db.engine() {
            Engine::Sqlite => self.take[0],
            Engine::Postgres => self.take[1],
        };
        let ids: serde_json::Value = ids.iter().map(|id| id.0.simple().to_string()).collect();
        Ok(sql::execute(&db.single, statement, [ids.to_string().into(), before.into()]).await?)
    }
}

impl Cursor {
    /// Everything that ended at that instant or later.
    pub fn at(ended: Timestamp) -> Self {
        Self { ended, id: Id::from_ulid(kernel::id::first_ulid(0)) }
    }
}

impl From<Cursor> for String {
    fn from(Cursor { ended, id }: Cursor) -> Self {
        if ended == Timestamp(0) { id.to_string() } else { format!("{}/{id}", ended.0) }
    }
}

impl TryFrom<String> for Cursor {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let (ended, id) = text.split_once('/').unwrap_or(("0", &text));
        let ended = ended.parse().map(Timestamp).map_err(|_| "no instant")?;
        Ok(Self { ended, id: id.parse().map_err(|_| "no id")? })
    }
}

/// `$statement … $column IN (the ids)`, for each engine. Of an array on PostgreSQL, which then uses an index, however few rows
/// it thinks that there are.
macro_rules! of_ids {
    ($statement:expr, $rest:literal) => {
        [
            concat!($statement, " IN (SELECT unhex(value) FROM json_each($1))", $rest),
            concat!(
                $statement,
                " = ANY (ARRAY(SELECT value::uuid FROM jsonb_array_elements_text($1::jsonb) AS value))",
                $rest
            ),
        ]
    };
}

/// Rows of a table that ended before `$1`, and of each whether it is to go. Whether something refers to one is asked row by row: a
/// plan that reads a whole table for that would read it for each slice.
macro_rules! ended {
    ($table:literal, $due:literal) => {
        concat!(
            "SELECT candidates.id, candidates.finished_at AS ended, ",
            $due,
            " AS due FROM (SELECT id, finished_at FROM ",
            $table,
            " WHERE finished_at IS NOT NULL AND finished_at < $1 AND (finished_at, id) > ($3, $2) \
               ORDER BY finished_at, id LIMIT 2000) AS candidates ORDER BY candidates.finished_at, candidates.id"
        )
    };
}

pub const TOKENS_OF_ENDED_SESSIONS: Walk = Walk {
    look: ended!(
        "sessions",
        "CASE WHEN (SELECT 1 FROM token_pairs t WHERE t.session_id = candidates.id LIMIT 1) IS NULL \
         THEN 0 ELSE CAST(1 AS bigint) END"
    ),
    by_end: true,
    take: of_ids!(
        "DELETE FROM token_pairs WHERE session_id",
        " AND EXISTS (SELECT 1 FROM sessions s WHERE s.id = token_pairs.session_id AND s.finished_at < $2)"
    ),
};

// Those that an app session came from stay with it: signing out at a provider must find its way along them.
pub const ENDED_BROWSER_SESSIONS: Walk = Walk {
    look: ended!(
        "browser_sessions",
        "CASE WHEN (SELECT 1 FROM sessions s WHERE s.browser_session_id = candidates.id LIMIT 1) IS NULL \
         THEN CAST(1 AS bigint) ELSE 0 END"
    ),
    by_end: true,
    take: of_ids!(
        "DELETE FROM browser_sessions WHERE id",
        " AND finished_at < $2 \
          AND NOT EXISTS (SELECT 1 FROM sessions s WHERE s.browser_session_id = browser_sessions.id)"
    ),
};

macro_rules! addresses {
    ($table:literal) => {
        Walk {
            look: concat!(
                "SELECT id, CASE WHEN last_active_ip IS NOT NULL AND last_active_at < $1 \
                   THEN CAST(1 AS bigint) ELSE 0 END AS due FROM ",
                $table,
                " WHERE id > $2 ORDER BY id LIMIT 2000"
            ),
            by_end: false,
            take: of_ids!(
                concat!("UPDATE ", $table, " SET last_active_ip = NULL WHERE id"),
                " AND last_active_ip IS NOT NULL AND last_active_at < $2"
            ),
        }
    };
}

pub const INACTIVE_ADDRESSES: Walk = addresses!("sessions");
pub const INACTIVE_BROWSER_ADDRESSES: Walk = addresses!("browser_sessions");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cursors_read_what_they_write_and_the_mere_ids_of_older_versions() {
        let id: SessionId = "01K2C31V80V37E3S3E28JT97KB".parse().unwrap();
        for ended in [Timestamp(0), Timestamp(1_785_585_600_000_001)] {
            let cursor = Cursor { ended, id };
            assert_eq!(Cursor::try_from(String::from(cursor)), Ok(cursor));
        }
        assert_eq!(String::from(Cursor { ended: Timestamp(0), id }), id.to_string());
        for wrong in ["", "/", "x/01K2C31V80V37E3S3E28JT97KB", "1/x"] {
            assert!(Cursor::try_from(wrong.to_owned()).is_err(), "{wrong}");
        }
    }

    #[test]
    fn the_statements_look_at_as_many_as_is_said() {
        for walk in [TOKENS_OF_ENDED_SESSIONS, ENDED_BROWSER_SESSIONS, INACTIVE_ADDRESSES] {
            assert!(walk.look.contains(&format!("LIMIT {LOOK}")), "{}", walk.look);
        }
    }
}
