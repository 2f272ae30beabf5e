//! The first schema. It has room for what comes later (further factors, upstream providers, legacy and personal
//! sessions, registration, recovery), so that those arrive as code and not as rebuilds.
//!
//! Conventions: a state is a nullable instant (`locked_at`, `finished_at` …); `*_norm` is the form computed by
//! the application under which a name or address is unique; `*_hash` is SHA-256 of something never stored;
//! `*_box` is sealed with the encryption secret; every foreign key is indexed; no list of kinds is checked by the
//! database, because later kinds would have to alter it.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for part in [PEOPLE, BROWSERS, OAUTH, SESSIONS, FLOWS, UPSTREAM, MACHINERY] {
            crate::ddl::run(manager, part).await?;
        }
        Ok(())
    }
}

const PEOPLE: &str = "
CREATE TABLE users (
  id {id} PRIMARY KEY,
  username text NOT NULL,
  username_norm text NOT NULL,
  -- brought in by a migration and differing from another account by case only: exempt from uniqueness
  username_twin {bool} NOT NULL DEFAULT FALSE,
  created_at {time} NOT NULL,
  locked_at {time},
  deactivated_at {time},
  can_request_admin {bool} NOT NULL DEFAULT FALSE,
  is_guest {bool} NOT NULL DEFAULT FALSE
);
CREATE UNIQUE INDEX users_username ON users (username);
CREATE UNIQUE INDEX users_username_norm ON users (username_norm) WHERE username_twin = FALSE;
CREATE INDEX users_username_norm_any ON users (username_norm);

CREATE TABLE user_emails (
  id {id} PRIMARY KEY,
  user_id {id} NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  email text NOT NULL,
  email_norm text NOT NULL,
  email_twin {bool} NOT NULL DEFAULT FALSE,
  created_at {time} NOT NULL
);
CREATE UNIQUE INDEX user_emails_email_norm ON user_emails (email_norm) WHERE email_twin = FALSE;
CREATE INDEX user_emails_email_norm_any ON user_emails (email_norm);
CREATE INDEX user_emails_user ON user_emails (user_id);

-- phone numbers and the like, from Synapse only
CREATE TABLE user_third_party_ids (
  user_id {id} NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  medium text NOT NULL,
  address text NOT NULL,
  created_at {time} NOT NULL,
  PRIMARY KEY (user_id, medium, address)
);

CREATE TABLE accepted_terms (
  user_id {id} NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  url text NOT NULL,
  created_at {time} NOT NULL,
  PRIMARY KEY (user_id, url)
);

-- ways to sign in: kind 'password' today; passkeys, TOTP seeds and recovery codes are rows of other kinds
CREATE TABLE authenticators (
  id {id} PRIMARY KEY,
  user_id {id} NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  kind text NOT NULL,
  -- a password's hashing scheme
  version {int},
  -- a password's hash, a sealed seed, a hashed recovery code
  secret text,
  -- a passkey's public data
  data {json},
  label text,
  created_at {time} NOT NULL,
  last_used_at {time},
  retired_at {time}
);
CREATE INDEX authenticators_user ON authenticators (user_id);
CREATE UNIQUE INDEX authenticators_password ON authenticators (user_id)
  WHERE kind = 'password' AND retired_at IS NULL;
";

const BROWSERS: &str = "
CREATE TABLE browser_sessions (
  id {id} PRIMARY KEY,
  user_id {id} NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  -- of the random secret in the cookie; absent in sessions taken over from elsewhere
  secret_hash {bytes},
  created_at {time} NOT NULL,
  finished_at {time},
  -- of the newest authentication, with its methods (RFC 8176 values, space-separated)
  auth_time {time} NOT NULL,
  amr text NOT NULL,
  user_agent text,
  last_active_at {time},
  last_active_ip text
);
CREATE INDEX browser_sessions_user ON browser_sessions (user_id);

-- a sign-in in progress: it becomes a browser session when every factor asked for has passed
CREATE TABLE sign_ins (
  id {id} PRIMARY KEY,
  user_id {id} REFERENCES users (id) ON DELETE CASCADE,
  secret_hash {bytes} NOT NULL,
  -- the factors passed so far (RFC 8176 values, space-separated)
  amr text NOT NULL,
  -- what comes after
  next {json},
  address text,
  user_agent text,
  created_at {time} NOT NULL,
  expires_at {time} NOT NULL,
  completed_at {time}
);
CREATE INDEX sign_ins_user ON sign_ins (user_id);
";

const OAUTH: &str = "
CREATE TABLE oauth_clients (
  id {id} PRIMARY KEY,
  is_static {bool} NOT NULL DEFAULT FALSE,
  -- of the registration document; only for dynamic clients without a secret
  digest text,
  auth_method text,
  secret_box text,
  -- space-separated
  grant_types text NOT NULL,
  name text,
  uri text,
  -- the whole validated metadata
  metadata {json} NOT NULL,
  created_at {time} NOT NULL
);
CREATE UNIQUE INDEX oauth_clients_digest ON oauth_clients (digest) WHERE digest IS NOT NULL;

CREATE TABLE authorization_grants (
  id {id} PRIMARY KEY,
  client_id {id} NOT NULL REFERENCES oauth_clients (id) ON DELETE CASCADE,
  browser_session_id {id} REFERENCES browser_sessions (id) ON DELETE SET NULL,
  session_id {id},
  created_at {time} NOT NULL,
  fulfilled_at {time},
  exchanged_at {time},
  cancelled_at {time},
  scope text NOT NULL,
  redirect_uri text NOT NULL,
  -- whether the request carried it, so that the exchange must repeat it (RFC 6749 section 4.1.3)
  redirect_uri_given {bool} NOT NULL,
  response_type text NOT NULL,
  response_mode text NOT NULL,
  state text,
  nonce text,
  code_hash {bytes},
  code_challenge text,
  code_challenge_method text,
  login_hint text,
  locale text,
  -- all parameters of the request, as received
  parameters {json} NOT NULL
);
CREATE UNIQUE INDEX authorization_grants_code ON authorization_grants (code_hash) WHERE code_hash IS NOT NULL;
CREATE INDEX authorization_grants_client ON authorization_grants (client_id);
CREATE INDEX authorization_grants_browser_session ON authorization_grants (browser_session_id);
CREATE INDEX authorization_grants_session ON authorization_grants (session_id);

CREATE TABLE device_grants (
  id {id} PRIMARY KEY,
  client_id {id} NOT NULL REFERENCES oauth_clients (id) ON DELETE CASCADE,
  browser_session_id {id} REFERENCES browser_sessions (id) ON DELETE SET NULL,
  session_id {id},
  scope text NOT NULL,
  device_code_hash {bytes} NOT NULL,
  user_code_hash {bytes} NOT NULL,
  user_code_box text NOT NULL,
  address text,
  user_agent text,
  locale text,
  created_at {time} NOT NULL,
  expires_at {time} NOT NULL,
  polled_at {time},
  fulfilled_at {time},
  rejected_at {time},
  exchanged_at {time}
);
CREATE UNIQUE INDEX device_grants_device_code ON device_grants (device_code_hash);
CREATE UNIQUE INDEX device_grants_user_code ON device_grants (user_code_hash);
CREATE INDEX device_grants_client ON device_grants (client_id);
CREATE INDEX device_grants_browser_session ON device_grants (browser_session_id);
CREATE INDEX device_grants_session ON device_grants (session_id);
";

const SESSIONS: &str = "
-- OAuth 2.0, legacy ('compat') and personal sessions: one table, because introspection, device sync, lists and
-- limits treat them alike
CREATE TABLE sessions (
  id {id} PRIMARY KEY,
  kind text NOT NULL,
  -- who is acted for; none for client_credentials
  user_id {id} REFERENCES users (id) ON DELETE CASCADE,
  client_id {id} REFERENCES oauth_clients (id) ON DELETE CASCADE,
  browser_session_id {id} REFERENCES browser_sessions (id),
  -- of a personal session owned by a user
  owner_user_id {id} REFERENCES users (id) ON DELETE CASCADE,
  scope text NOT NULL,
  device_id text,
  human_name text,
  is_synapse_admin {bool} NOT NULL DEFAULT FALSE,
  created_at {time} NOT NULL,
  finished_at {time},
  user_agent text,
  last_active_at {time},
  last_active_ip text
);
CREATE INDEX sessions_user ON sessions (user_id);
CREATE INDEX sessions_client ON sessions (client_id);
CREATE INDEX sessions_browser_session ON sessions (browser_session_id);
CREATE INDEX sessions_owner ON sessions (owner_user_id);
CREATE INDEX sessions_device ON sessions (device_id);

-- a line of succession of tokens: the current pair and the one before it (see docs/security.md)
CREATE TABLE token_pairs (
  id {id} PRIMARY KEY,
  session_id {id} NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
  handle text,
  created_at {time} NOT NULL,
  revoked_at {time},
  access_id {id} NOT NULL,
  access_hash {bytes} NOT NULL,
  access_expires_at {time},
  access_used_at {time},
  refresh_id {id},
  refresh_hash {bytes},
  rotated_at {time},
  prior_access_id {id},
  prior_access_hash {bytes},
  prior_access_expires_at {time},
  prior_refresh_hash {bytes},
  successor_box {bytes}
);
CREATE UNIQUE INDEX token_pairs_handle ON token_pairs (handle) WHERE handle IS NOT NULL;
CREATE INDEX token_pairs_session ON token_pairs (session_id);
-- Nothing that a refresh changes is indexed, so that PostgreSQL can update the row in place (HOT).

CREATE TABLE compat_sso_logins (
  id {id} PRIMARY KEY,
  browser_session_id {id} REFERENCES browser_sessions (id) ON DELETE CASCADE,
  session_id {id} REFERENCES sessions (id) ON DELETE CASCADE,
  redirect_uri text NOT NULL,
  token_hash {bytes} NOT NULL,
  created_at {time} NOT NULL,
  fulfilled_at {time},
  exchanged_at {time}
);
CREATE UNIQUE INDEX compat_sso_logins_token ON compat_sso_logins (token_hash);
CREATE INDEX compat_sso_logins_browser_session ON compat_sso_logins (browser_session_id);
CREATE INDEX compat_sso_logins_session ON compat_sso_logins (session_id);
";

const FLOWS: &str = "
CREATE TABLE registration_tokens (
  id {id} PRIMARY KEY,
  token_hash {bytes} NOT NULL,
  token_box text NOT NULL,
  usage_limit {int},
  times_used {int} NOT NULL DEFAULT 0,
  created_at {time} NOT NULL,
  last_used_at {time},
  expires_at {time},
  revoked_at {time}
);
CREATE UNIQUE INDEX registration_tokens_token ON registration_tokens (token_hash);

CREATE TABLE registrations (
  id {id} PRIMARY KEY,
  username text NOT NULL,
  -- display name, terms, password hash, upstream claims, what comes after: filled step by step
  document {json} NOT NULL,
  registration_token_id {id} REFERENCES registration_tokens (id) ON DELETE SET NULL,
  address text,
  user_agent text,
  created_at {time} NOT NULL,
  completed_at {time}
);
CREATE INDEX registrations_token ON registrations (registration_token_id);

CREATE TABLE email_authentications (
  id {id} PRIMARY KEY,
  browser_session_id {id} REFERENCES browser_sessions (id) ON DELETE SET NULL,
  registration_id {id} REFERENCES registrations (id) ON DELETE CASCADE,
  email text NOT NULL,
  created_at {time} NOT NULL,
  completed_at {time}
);
CREATE INDEX email_authentications_browser_session ON email_authentications (browser_session_id);
CREATE INDEX email_authentications_registration ON email_authentications (registration_id);

CREATE TABLE email_codes (
  id {id} PRIMARY KEY,
  email_authentication_id {id} NOT NULL REFERENCES email_authentications (id) ON DELETE CASCADE,
  code_hash {bytes} NOT NULL,
  created_at {time} NOT NULL,
  expires_at {time} NOT NULL
);
CREATE INDEX email_codes_authentication ON email_codes (email_authentication_id);

CREATE TABLE recovery_sessions (
  id {id} PRIMARY KEY,
  email text NOT NULL,
  locale text NOT NULL,
  address text,
  user_agent text,
  created_at {time} NOT NULL,
  consumed_at {time}
);

CREATE TABLE recovery_tickets (
  id {id} PRIMARY KEY,
  recovery_session_id {id} NOT NULL REFERENCES recovery_sessions (id) ON DELETE CASCADE,
  user_email_id {id} NOT NULL REFERENCES user_emails (id) ON DELETE CASCADE,
  ticket_hash {bytes} NOT NULL,
  created_at {time} NOT NULL,
  expires_at {time} NOT NULL
);
CREATE UNIQUE INDEX recovery_tickets_ticket ON recovery_tickets (ticket_hash);
CREATE INDEX recovery_tickets_session ON recovery_tickets (recovery_session_id);
CREATE INDEX recovery_tickets_email ON recovery_tickets (user_email_id);
";

const UPSTREAM: &str = "
CREATE TABLE upstream_providers (
  id {id} PRIMARY KEY,
  position {int} NOT NULL,
  -- the provider as configured
  document {json} NOT NULL,
  secret_box text,
  created_at {time} NOT NULL,
  disabled_at {time}
);

CREATE TABLE upstream_links (
  id {id} PRIMARY KEY,
  provider_id {id} NOT NULL REFERENCES upstream_providers (id) ON DELETE CASCADE,
  user_id {id} REFERENCES users (id) ON DELETE CASCADE,
  subject text NOT NULL,
  account_name text,
  created_at {time} NOT NULL
);
CREATE UNIQUE INDEX upstream_links_subject ON upstream_links (provider_id, subject);
CREATE INDEX upstream_links_user ON upstream_links (user_id);

-- a visit to a provider; the claims that are needed, never the raw token
CREATE TABLE upstream_visits (
  id {id} PRIMARY KEY,
  provider_id {id} NOT NULL REFERENCES upstream_providers (id) ON DELETE CASCADE,
  link_id {id} REFERENCES upstream_links (id) ON DELETE SET NULL,
  browser_session_id {id} REFERENCES browser_sessions (id) ON DELETE SET NULL,
  state_hash {bytes} NOT NULL,
  document {json} NOT NULL,
  subject text,
  sid text,
  created_at {time} NOT NULL,
  completed_at {time},
  consumed_at {time},
  unlinked_at {time}
);
CREATE UNIQUE INDEX upstream_visits_state ON upstream_visits (state_hash);
CREATE INDEX upstream_visits_provider_subject ON upstream_visits (provider_id, subject);
CREATE INDEX upstream_visits_provider_sid ON upstream_visits (provider_id, sid);
CREATE INDEX upstream_visits_link ON upstream_visits (link_id);
CREATE INDEX upstream_visits_browser_session ON upstream_visits (browser_session_id);
";

const MACHINERY: &str = "
CREATE TABLE policy_data (
  id {id} PRIMARY KEY,
  data {json} NOT NULL,
  created_at {time} NOT NULL
);

CREATE TABLE jobs (
  id {id} PRIMARY KEY,
  queue text NOT NULL,
  payload {json} NOT NULL,
  attempt {int} NOT NULL DEFAULT 0,
  created_at {time} NOT NULL,
  run_at {time} NOT NULL,
  -- the worker that has it, until when; afterwards anybody may take it
  leased_by text,
  leased_until {time},
  completed_at {time},
  failed_at {time},
  reason text,
  -- the recurring schedule that it belongs to
  schedule text
);
CREATE INDEX jobs_due ON jobs (run_at, id) WHERE completed_at IS NULL AND failed_at IS NULL;

CREATE TABLE schedules (
  name text PRIMARY KEY,
  next_run_at {time} NOT NULL
);

-- what happened; without foreign keys, so that it outlives what it tells of
CREATE TABLE audit_events (
  id {id} PRIMARY KEY,
  kind text NOT NULL,
  actor text NOT NULL,
  user_id {id},
  client_id {id},
  session_id {id},
  browser_session_id {id},
  address text,
  user_agent text,
  request_id text NOT NULL,
  data {json},
  created_at {time} NOT NULL
);
CREATE INDEX audit_events_user ON audit_events (user_id);

-- every change that can make a token, session, user, client or key invalid; caches live from it
CREATE TABLE changes (
  seq {seq},
  kind text NOT NULL,
  id {id} NOT NULL,
  at {time} NOT NULL
);
";
