//! Searching for accounts by display name, too. The homeserver keeps it; here is what it was when this service last saw it. Of one with an
//! `@`, as of an address, what comes before counts as a name: where people are called by their addresses, a domain finds nobody. One that is the
//! username, as Synapse gives it to whoever comes without, adds nothing to what is searched.

use sea_orm_migration::{prelude::*, sea_orm::DbBackend};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        crate::ddl::run(manager, COLUMNS).await?;
        let db = manager.get_connection();
        let search = match db.get_database_backend() {
            DbBackend::Sqlite => SEARCH_SQLITE,
            _ => SEARCH_POSTGRES,
        };
        db.execute_unprepared(search).await.map(drop)
    }
}

// The second is what is searched: one line, lower-cased by the application.
const COLUMNS: &str = "
ALTER TABLE users ADD COLUMN display_name TEXT;
ALTER TABLE users ADD COLUMN display_name_norm TEXT;
";

const SEARCH_POSTGRES: &str = r"
CREATE OR REPLACE FUNCTION write_user_search(person uuid) RETURNS void LANGUAGE plpgsql VOLATILE AS $$
BEGIN
  PERFORM 1 FROM user_search WHERE user_id = person FOR UPDATE;
  INSERT INTO user_search (user_id, text)
    SELECT u.id, u.username_norm || COALESCE(E'\n' || NULLIF(u.display_name_norm, u.username_norm), '') || COALESCE(
      (SELECT string_agg(E'\n' || e.email_norm, '') FROM user_emails e WHERE e.user_id = u.id), '')
    FROM users u WHERE u.id = person
  ON CONFLICT (user_id) DO UPDATE SET text = excluded.text;
END
$$;
CREATE TRIGGER users_search_named AFTER UPDATE OF display_name_norm ON users FOR EACH ROW
  WHEN (OLD.display_name_norm IS DISTINCT FROM NEW.display_name_norm) EXECUTE FUNCTION user_changed();
";

// Both texts are said once, for all triggers, which take the place of those that there were. All of them are looked through when somebody is
// looked for whom there is not, so they are short: what has an `@` is looked for in `text`, which need have no lines but those with one.
const SEARCH_SQLITE: &str = "
DROP TRIGGER users_search;
DROP TRIGGER users_search_renamed;
DROP TRIGGER user_emails_search_added;
DROP TRIGGER user_emails_search_changed;
DROP TRIGGER user_emails_search_removed;
DROP TRIGGER user_search_names;
DROP TRIGGER user_search_names_added;

CREATE VIEW searched (user_id, text, names) AS
  SELECT u.id,
    COALESCE((SELECT group_concat(line, char(10)) FROM (SELECT u.username_norm AS line UNION ALL SELECT u.name
      UNION ALL SELECT e.email_norm FROM user_emails e WHERE e.user_id = u.id) WHERE instr(line, '@') > 0), ''),
    (SELECT group_concat(substr(line, 1, instr(line || '@', '@') - 1), char(10)) FROM (SELECT u.username_norm AS line
      UNION ALL SELECT u.name UNION ALL SELECT e.email_norm FROM user_emails e WHERE e.user_id = u.id))
  FROM (SELECT id, username_norm, NULLIF(display_name_norm, username_norm) AS name FROM users) u;

CREATE TRIGGER users_search AFTER INSERT ON users BEGIN
  INSERT INTO user_search (user_id, text, names) SELECT user_id, text, names FROM searched WHERE user_id = new.id;
END;
CREATE TRIGGER users_search_named AFTER UPDATE OF username_norm, display_name_norm ON users
WHEN (old.username_norm, old.display_name_norm) IS NOT (new.username_norm, new.display_name_norm) BEGIN
  UPDATE user_search SET (text, names) = (SELECT text, names FROM searched WHERE user_id = new.id)
  WHERE user_id = new.id;
END;
CREATE TRIGGER user_emails_search_added AFTER INSERT ON user_emails BEGIN
  UPDATE user_search SET (text, names) = (SELECT text, names FROM searched WHERE user_id = new.user_id)
  WHERE user_id = new.user_id;
END;
CREATE TRIGGER user_emails_search_changed AFTER UPDATE OF email_norm, user_id ON user_emails BEGIN
  UPDATE user_search
  SET (text, names) = (SELECT s.text, s.names FROM searched s WHERE s.user_id = user_search.user_id)
  WHERE user_id IN (old.user_id, new.user_id);
END;
CREATE TRIGGER user_emails_search_removed AFTER DELETE ON user_emails BEGIN
  UPDATE user_search SET (text, names) = (SELECT text, names FROM searched WHERE user_id = old.user_id)
  WHERE user_id = old.user_id AND EXISTS (SELECT 1 FROM users WHERE id = old.user_id);
END;
UPDATE user_search
SET (text, names) = (SELECT s.text, s.names FROM searched s WHERE s.user_id = user_search.user_id);
";
