//! One file per table: the only derived entities. A test compares them, column by column, with both databases.

pub mod audit_events;
pub mod authenticators;
pub mod authorization_grants;
pub mod browser_sessions;
pub mod changes;
pub mod compat_sso_logins;
pub mod consents;
pub mod device_grants;
pub mod jobs;
pub mod oauth_clients;
pub mod sessions;
pub mod token_pairs;
pub mod user_emails;
pub mod users;
