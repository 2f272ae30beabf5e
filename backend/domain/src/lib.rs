//! What the service does, one folder per capability. No HTTP, no HTML, no GraphQL.

pub mod account;
pub mod agent;
pub mod audit;
pub mod bulk;
pub mod compat;
pub mod directory;
pub mod homeserver;
pub mod idempotency;
pub mod jobs;
pub mod limits;
pub mod mail;
pub mod oauth;
pub mod outbound;
pub mod passwords;
pub mod personal;
pub mod policy;
pub mod reseal;
pub mod sessions;
pub mod upstream;
pub mod users;
