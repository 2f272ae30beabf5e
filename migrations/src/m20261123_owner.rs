//! Asks about the owner of a session only where there is one: hardly any session has, and PostgreSQL sets a joined table up anew each time
//! that a statement runs, which cost introspection a twentieth of its throughput. (PL/pgSQL, because it keeps its plan.)

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
CREATE FUNCTION may_act(person uuid) RETURNS boolean LANGUAGE plpgsql STABLE STRICT AS $$
BEGIN
  RETURN EXISTS (SELECT FROM users u WHERE u.id = person AND u.locked_at IS NULL AND u.deactivated_at IS NULL);
END
$$;
";
