//! Migrations: one source for SQLite and PostgreSQL, forward only.
//!
//! They are plain SQL in which a few words in braces stand for the column types of the engine (see
//! [`ddl::Types`]), because a schema is read far more often than it is written. On PostgreSQL everything lives in
//! the schema `latchkey`, which the connection's `search_path` selects; who runs them holds a lock.

mod ddl;
mod m20261121_first_light;
mod m20261122_account;
mod m20261122_admin;
mod m20261122_bulk;
mod m20261122_bulk_bound;
mod m20261122_client_assertions;
mod m20261122_compat;
mod m20261122_compat_login;
mod m20261122_days;
mod m20261122_device_grants;
mod m20261122_display_names;
mod m20261122_first_use;
mod m20261122_flows;
mod m20261122_grams;
mod m20261122_link_names;
mod m20261122_lists;
mod m20261122_mended;
mod m20261122_own_tokens;
mod m20261122_patience;
mod m20261122_queue;
mod m20261122_registration;
mod m20261122_retention;
mod m20261122_search;
mod m20261122_unfinished;
mod m20261122_upkeep;
mod m20261123_owner;
mod m20261123_sign_in;

use sea_orm_migration::{MigrationTrait, MigratorTrait};

pub struct Migrator;

impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m20261121_first_light::Migration),
            Box::new(m20261122_first_use::Migration),
            Box::new(m20261122_client_assertions::Migration),
            Box::new(m20261122_device_grants::Migration),
            Box::new(m20261122_retention::Migration),
            Box::new(m20261122_flows::Migration),
            Box::new(m20261122_queue::Migration),
            Box::new(m20261122_compat::Migration),
            Box::new(m20261122_account::Migration),
            Box::new(m20261122_patience::Migration),
            Box::new(m20261122_admin::Migration),
            Box::new(m20261122_upkeep::Migration),
            Box::new(m20261122_lists::Migration),
            Box::new(m20261122_search::Migration),
            Box::new(m20261122_mended::Migration),
            Box::new(m20261122_bulk::Migration),
            Box::new(m20261122_bulk_bound::Migration),
            Box::new(m20261122_display_names::Migration),
            Box::new(m20261122_days::Migration),
            Box::new(m20261122_compat_login::Migration),
            Box::new(m20261122_grams::Migration),
            Box::new(m20261122_registration::Migration),
            Box::new(m20261122_own_tokens::Migration),
            Box::new(m20261122_link_names::Migration),
            Box::new(m20261122_unfinished::Migration),
            Box::new(m20261123_sign_in::Migration),
            Box::new(m20261123_owner::Migration),
        ]
    }
}
