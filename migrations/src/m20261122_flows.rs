//! What an authorization request demands of the sign-in, and what people have agreed to.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        crate::ddl::run(manager, FLOWS).await
    }
}

const FLOWS: &str = "
-- the scope that a person need not be asked for again; one row per person and client
CREATE TABLE consents (
  user_id {id} NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  client_id {id} NOT NULL REFERENCES oauth_clients (id) ON DELETE CASCADE,
  scope text NOT NULL,
  granted_at {time} NOT NULL,
  PRIMARY KEY (user_id, client_id)
);
CREATE INDEX consents_client ON consents (client_id);

-- prompt, max_age, id_token_hint and acr_values, as understood; absent where nothing is demanded
ALTER TABLE authorization_grants ADD COLUMN demands {json};
-- the browser session in which the person said that this account is the right one
ALTER TABLE authorization_grants ADD COLUMN account_chosen_by {id};
-- of the browser session when the person agreed: what the ID token tells
ALTER TABLE authorization_grants ADD COLUMN auth_time {time};
ALTER TABLE authorization_grants ADD COLUMN amr text;
";
