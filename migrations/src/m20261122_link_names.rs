//! Searching for upstream links by the name that an account has there, on SQLite: an index of its pieces of three letters, made like
//! `m20261122_grams`. PostgreSQL has one since `m20261122_lists`.

use sea_orm_migration::{prelude::*, sea_orm::DbBackend};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        crate::ddl::only(manager, DbBackend::Sqlite, GRAMS).await
    }
}

// Numbers of our own, because SQLite may give rows new ones (VACUUM) where no column has them.
const GRAMS: &str = "
ALTER TABLE upstream_links ADD COLUMN number INTEGER;
UPDATE upstream_links SET number = numbered.number
  FROM (SELECT id, row_number() OVER (ORDER BY id) AS number FROM upstream_links) AS numbered
  WHERE numbered.id = upstream_links.id;
CREATE UNIQUE INDEX upstream_links_number ON upstream_links (number);

CREATE VIRTUAL TABLE upstream_link_grams USING fts5 (account_name, content = '', tokenize = 'trigram case_sensitive 1');
CREATE VIRTUAL TABLE upstream_link_pieces USING fts5vocab (upstream_link_grams, instance);
INSERT INTO upstream_link_grams (rowid, account_name)
  SELECT number, lower(account_name) || char(10, 10) FROM upstream_links WHERE account_name IS NOT NULL ORDER BY number;

CREATE TRIGGER upstream_links_added AFTER INSERT ON upstream_links BEGIN
  UPDATE upstream_links SET number = (SELECT COALESCE(MAX(number), 0) + 1 FROM upstream_links) WHERE id = new.id;
  INSERT INTO upstream_link_grams (rowid, account_name)
    SELECT number, lower(account_name) || char(10, 10) FROM upstream_links WHERE id = new.id AND account_name IS NOT NULL;
END;
CREATE TRIGGER upstream_links_renamed AFTER UPDATE OF account_name ON upstream_links
WHEN old.account_name IS NOT new.account_name BEGIN
  INSERT INTO upstream_link_grams (upstream_link_grams, rowid, account_name)
    SELECT 'delete', old.number, lower(old.account_name) || char(10, 10) WHERE old.account_name IS NOT NULL;
  INSERT INTO upstream_link_grams (rowid, account_name)
    SELECT new.number, lower(new.account_name) || char(10, 10) WHERE new.account_name IS NOT NULL;
END;
CREATE TRIGGER upstream_links_removed AFTER DELETE ON upstream_links WHEN old.account_name IS NOT NULL BEGIN
  INSERT INTO upstream_link_grams (upstream_link_grams, rowid, account_name)
    VALUES ('delete', old.number, lower(old.account_name) || char(10, 10));
END;
";
