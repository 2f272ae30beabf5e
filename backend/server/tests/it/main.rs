//! What the service promises to those who use it: at the command line, over HTTP, and in its database.

mod cli;
mod compat;
mod conformance;
mod faults;
mod graphql;
mod homeserver;
mod jobs;
mod kit;
mod oauth;
mod pages;
mod security;
mod store;
mod upkeep;
mod users;
