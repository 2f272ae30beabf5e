//! Jobs that are tried for long count apart how many workers have died of them; and what nobody has answered is found by
//! clean-up without a look at what was answered.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        crate::ddl::run(manager, DEATHS).await?;
        crate::ddl::run(manager, UNANSWERED).await
    }
}

const DEATHS: &str = "ALTER TABLE jobs ADD COLUMN deaths {int} NOT NULL DEFAULT 0;";

const UNANSWERED: &str = "
CREATE INDEX authorization_grants_unanswered ON authorization_grants (id)
  WHERE fulfilled_at IS NULL AND cancelled_at IS NULL;
CREATE INDEX compat_sso_logins_unanswered ON compat_sso_logins (id) WHERE fulfilled_at IS NULL;
";
