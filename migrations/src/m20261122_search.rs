//! Searching for accounts: what has no `@` is looked for in names and in what addresses have before theirs. Where everybody has an address at
//! the same domain, a part of that domain would otherwise find everybody, and whoever is called so would be lost among them.

use sea_orm_migration::{prelude::*, sea_orm::DbBackend};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();
        let names = match db.get_database_backend() {
            DbBackend::Sqlite => NAMES_SQLITE,
            _ => NAMES_POSTGRES,
        };
        db.execute_unprepared(names).await.map(drop)
    }
}

const NAMES_POSTGRES: &str = r"
ALTER TABLE user_search
  ADD COLUMN names text NOT NULL GENERATED ALWAYS AS (regexp_replace(text, E'@[^\n]*', '', 'g')) STORED;
CREATE INDEX user_search_names ON user_search USING gin (grams(names)) WITH (fastupdate = off);
";

// Which has no regular expressions, but triggers that see what others have written.
const NAMES_SQLITE: &str = "
ALTER TABLE user_search ADD COLUMN names TEXT NOT NULL DEFAULT '';
CREATE TRIGGER user_search_names AFTER UPDATE OF text ON user_search BEGIN
  UPDATE user_search SET names = (SELECT u.username_norm || COALESCE(
    (SELECT group_concat(char(10) || substr(e.email_norm, 1, instr(e.email_norm || '@', '@') - 1), '')
      FROM user_emails e WHERE e.user_id = u.id), '')
    FROM users u WHERE u.id = new.user_id)
  WHERE user_id = new.user_id;
END;
CREATE TRIGGER user_search_names_added AFTER INSERT ON user_search BEGIN
  UPDATE user_search SET text = new.text WHERE user_id = new.user_id;
END;
UPDATE user_search SET text = text;
";
