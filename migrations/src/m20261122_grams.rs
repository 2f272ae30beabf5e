//! Searching for accounts on SQLite: an index of the pieces of three letters that names and addresses have, so that somebody whom there is
//! not is looked for in no time. PostgreSQL has one since `m20261122_lists`.
//!
//! The index is a full-text one (FTS5) that keeps no texts of its own, knows rows by numbers, and has to be told what a row was that goes. Each
//! text ends in two lines with nothing in them: every letter of it then begins a piece, and what is shorter than three letters is found as the
//! beginning of one, in the list of pieces.

use sea_orm_migration::{prelude::*, sea_orm::DbBackend};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        crate::ddl::only(manager, DbBackend::Sqlite, NUMBERS).await?;
        crate::ddl::only(manager, DbBackend::Sqlite, GRAMS).await
    }
}

// The table has no row ids, since it lies in the order of accounts.
const NUMBERS: &str = "
ALTER TABLE user_search ADD COLUMN number INTEGER;
UPDATE user_search SET number = numbered.number
  FROM (SELECT user_id, row_number() OVER (ORDER BY user_id) AS number FROM user_search) AS numbered
  WHERE numbered.user_id = user_search.user_id;
CREATE UNIQUE INDEX user_search_number ON user_search (number);

DROP TRIGGER users_search;
CREATE TRIGGER users_search AFTER INSERT ON users BEGIN
  INSERT INTO user_search (user_id, text, names, number)
    SELECT user_id, text, names, (SELECT COALESCE(MAX(number), 0) + 1 FROM user_search) FROM searched
    WHERE user_id = new.id;
END;
";

const GRAMS: &str = "
CREATE VIRTUAL TABLE user_search_grams USING fts5 (text, names, content = '', tokenize = 'trigram case_sensitive 1');
CREATE VIRTUAL TABLE user_search_pieces USING fts5vocab (user_search_grams, instance);
INSERT INTO user_search_grams (rowid, text, names)
  SELECT number, text || char(10, 10), names || char(10, 10) FROM user_search ORDER BY number;

CREATE TRIGGER user_search_added AFTER INSERT ON user_search BEGIN
  INSERT INTO user_search_grams (rowid, text, names)
    VALUES (new.number, new.text || char(10, 10), new.names || char(10, 10));
END;
CREATE TRIGGER user_search_changed AFTER UPDATE OF text, names ON user_search
WHEN (old.text, old.names) IS NOT (new.text, new.names) BEGIN
  INSERT INTO user_search_grams (user_search_grams, rowid, text, names)
    VALUES ('delete', old.number, old.text || char(10, 10), old.names || char(10, 10));
  INSERT INTO user_search_grams (rowid, text, names)
    VALUES (new.number, new.text || char(10, 10), new.names || char(10, 10));
END;
CREATE TRIGGER user_search_removed AFTER DELETE ON user_search BEGIN
  INSERT INTO user_search_grams (user_search_grams, rowid, text, names)
    VALUES ('delete', old.number, old.text || char(10, 10), old.names || char(10, 10));
END;
";
