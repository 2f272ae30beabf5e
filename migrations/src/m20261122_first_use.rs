//! A function that records the first use of an access token, on PostgreSQL only: called from the statement that
//! looks a token up, and only in the rare case, it costs that statement nothing. An `UPDATE` in a `WITH` is prepared
//! for by every execution, whether a row needs it or not (a seventh of the statement's time). SQLite has neither.

use sea_orm_migration::{prelude::*, sea_orm::DbBackend};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        crate::ddl::only(manager, DbBackend::Postgres, FUNCTION).await
    }
}

const FUNCTION: &str = "
CREATE FUNCTION record_first_use(line uuid, access bytea, now bigint) RETURNS boolean LANGUAGE sql VOLATILE AS $$
  UPDATE token_pairs SET access_used_at = now
  WHERE id = line AND access_hash = access AND access_used_at IS NULL
  RETURNING TRUE
$$;
";
