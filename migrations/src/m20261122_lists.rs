//! What administrators' lists are read along, for a million accounts and several millions of sessions: indexes that end in
//! the id, by which lists are ordered, and a text per account in which names are searched for.
//!
//! When a session was last active changes all the time, and PostgreSQL updates a row in place (HOT) only while nothing
//! that an index holds changes. So the index has the four weeks of the last activity and not its instant.

use sea_orm_migration::{prelude::*, sea_orm::DbBackend};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();
        let (columns, search) = match db.get_database_backend() {
            DbBackend::Sqlite => (COLUMNS_SQLITE, SEARCH_SQLITE),
            _ => (COLUMNS_POSTGRES, SEARCH_POSTGRES),
        };
        db.execute_unprepared(columns).await?;
        crate::ddl::run(manager, INDEXES).await?;
        db.execute_unprepared(search).await.map(drop)
    }
}

// `scope_group` is the same in sessions with the same scope, the device apart, of which there is one each.
const COLUMNS_POSTGRES: &str = "
ALTER TABLE sessions
  ADD COLUMN active_weeks bigint GENERATED ALWAYS AS (last_active_at / 2419200000000) STORED,
  ADD COLUMN scope_group bigint GENERATED ALWAYS AS
    (hashtextextended(COALESCE(replace(scope, ':device:' || device_id, ':device:'), scope), 0)) STORED;
ALTER TABLE browser_sessions
  ADD COLUMN active_weeks bigint GENERATED ALWAYS AS (last_active_at / 2419200000000) STORED;
";

const COLUMNS_SQLITE: &str = "
ALTER TABLE sessions
  ADD COLUMN active_weeks INTEGER GENERATED ALWAYS AS (last_active_at / 2419200000000) VIRTUAL;
ALTER TABLE sessions
  ADD COLUMN scope_group TEXT GENERATED ALWAYS AS
    (COALESCE(replace(scope, ':device:' || device_id, ':device:'), scope)) VIRTUAL;
ALTER TABLE browser_sessions
  ADD COLUMN active_weeks INTEGER GENERATED ALWAYS AS (last_active_at / 2419200000000) VIRTUAL;
";

const INDEXES: &str = "
CREATE INDEX sessions_unfinished_list ON sessions (kind, id) WHERE finished_at IS NULL;
CREATE INDEX sessions_last_active ON sessions (kind, active_weeks, id);
CREATE INDEX sessions_scope ON sessions (kind, scope_group, id);
DROP INDEX sessions_client;
CREATE INDEX sessions_client ON sessions (client_id, kind, id);
-- who is signed in at all, or to a client, in the order of accounts
CREATE INDEX sessions_users ON sessions (kind, user_id) WHERE finished_at IS NULL;
CREATE INDEX sessions_client_users ON sessions (client_id, kind, user_id) WHERE finished_at IS NULL;
DROP INDEX sessions_browser_session;
CREATE INDEX sessions_browser_session ON sessions (browser_session_id, id) WHERE browser_session_id IS NOT NULL;
DROP INDEX sessions_owner;
CREATE INDEX sessions_owner ON sessions (owner_user_id, id) WHERE owner_user_id IS NOT NULL;
DROP INDEX sessions_device;
CREATE INDEX sessions_device ON sessions (device_id) WHERE device_id IS NOT NULL;

CREATE INDEX browser_sessions_unfinished_list ON browser_sessions (id) WHERE finished_at IS NULL;
CREATE INDEX browser_sessions_last_active ON browser_sessions (active_weeks, id);

-- with the id, to be sorted by
DROP INDEX users_username_norm_any;
CREATE INDEX users_username_norm_any ON users (username_norm, id);
DROP INDEX user_emails_email_norm_any;
CREATE INDEX user_emails_email_norm_any ON user_emails (email_norm, id);

CREATE INDEX oauth_clients_static ON oauth_clients (id) WHERE is_static = TRUE;
CREATE INDEX upstream_links_provider ON upstream_links (provider_id, id);
";

// The text of an account is its name and its addresses, a line each. On PostgreSQL, what a text contains is found by its
// pieces of up to three letters, which an index of the server's own kind (GIN) holds: no extension is needed. With
// `fastupdate`, searches would have to look through what was added last.
const SEARCH_POSTGRES: &str = r"
CREATE FUNCTION grams(t text) RETURNS text[] LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT ARRAY(SELECT substr(t, at, size) FROM generate_series(1, length(t)) AS at, generate_series(1, 3) AS size)
$$;
-- those of a text that is looked for that all texts with it have, and that say most
CREATE FUNCTION grams_within(t text) RETURNS text[] LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT ARRAY(SELECT substr(t, at, 3) FROM generate_series(1, greatest(length(t) - 2, 1)) AS at)
$$;

CREATE TABLE user_search (
  user_id uuid PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
  text text NOT NULL
);
INSERT INTO user_search (user_id, text)
  SELECT u.id, u.username_norm || COALESCE(
    (SELECT string_agg(E'\n' || e.email_norm, '') FROM user_emails e WHERE e.user_id = u.id), '')
  FROM users u;
CREATE INDEX user_search_text ON user_search USING gin (grams(text)) WITH (fastupdate = off);
CREATE INDEX upstream_links_account_name ON upstream_links USING gin (grams(lower(account_name)))
  WITH (fastupdate = off);

-- Locks first: whoever adds another address of the same account at this moment is waited for, and then seen.
CREATE FUNCTION write_user_search(person uuid) RETURNS void LANGUAGE plpgsql VOLATILE AS $$
BEGIN
  PERFORM 1 FROM user_search WHERE user_id = person FOR UPDATE;
  INSERT INTO user_search (user_id, text)
    SELECT u.id, u.username_norm || COALESCE(
      (SELECT string_agg(E'\n' || e.email_norm, '') FROM user_emails e WHERE e.user_id = u.id), '')
    FROM users u WHERE u.id = person
  ON CONFLICT (user_id) DO UPDATE SET text = excluded.text;
END
$$;
CREATE FUNCTION user_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM write_user_search(NEW.id);
  RETURN NULL;
END
$$;
CREATE FUNCTION user_email_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP <> 'INSERT' THEN PERFORM write_user_search(OLD.user_id); END IF;
  IF TG_OP <> 'DELETE' THEN PERFORM write_user_search(NEW.user_id); END IF;
  RETURN NULL;
END
$$;
CREATE TRIGGER users_search AFTER INSERT OR UPDATE OF username_norm ON users
  FOR EACH ROW EXECUTE FUNCTION user_changed();
CREATE TRIGGER user_emails_search AFTER INSERT OR DELETE OR UPDATE OF email_norm, user_id ON user_emails
  FOR EACH ROW EXECUTE FUNCTION user_email_changed();
";

// On SQLite the texts are looked through, in the order of the ids, in which they lie.
const SEARCH_SQLITE: &str = "
CREATE TABLE user_search (
  user_id BLOB PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
  text TEXT NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO user_search (user_id, text)
  SELECT u.id, u.username_norm || COALESCE(
    (SELECT group_concat(char(10) || e.email_norm, '') FROM user_emails e WHERE e.user_id = u.id), '')
  FROM users u;

CREATE TRIGGER users_search AFTER INSERT ON users BEGIN
  INSERT INTO user_search (user_id, text) VALUES (new.id, new.username_norm);
END;
CREATE TRIGGER users_search_renamed AFTER UPDATE OF username_norm ON users BEGIN
  UPDATE user_search SET text = new.username_norm || COALESCE(
    (SELECT group_concat(char(10) || e.email_norm, '') FROM user_emails e WHERE e.user_id = new.id), '')
  WHERE user_id = new.id;
END;
CREATE TRIGGER user_emails_search_added AFTER INSERT ON user_emails BEGIN
  UPDATE user_search SET text = text || char(10) || new.email_norm WHERE user_id = new.user_id;
END;
CREATE TRIGGER user_emails_search_changed AFTER UPDATE OF email_norm, user_id ON user_emails BEGIN
  UPDATE user_search SET text = (SELECT u.username_norm || COALESCE(
    (SELECT group_concat(char(10) || e.email_norm, '') FROM user_emails e WHERE e.user_id = u.id), '')
    FROM users u WHERE u.id = user_search.user_id)
  WHERE user_id IN (old.user_id, new.user_id);
END;
CREATE TRIGGER user_emails_search_removed AFTER DELETE ON user_emails BEGIN
  UPDATE user_search SET text = (SELECT u.username_norm || COALESCE(
    (SELECT group_concat(char(10) || e.email_norm, '') FROM user_emails e WHERE e.user_id = u.id), '')
    FROM users u WHERE u.id = old.user_id)
  WHERE user_id = old.user_id AND EXISTS (SELECT 1 FROM users WHERE id = old.user_id);
END;
";
