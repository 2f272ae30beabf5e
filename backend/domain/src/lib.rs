//! What the service does, one folder per capability. No HTTP, no HTML, no GraphQL.

pub mod oauth;
pub mod policy;
