//! Connections, transactions and tables: all that knows how the database is spoken to.
//!
//! Two engines, one behaviour. SQLite has one [`Writer`] connection that begins IMMEDIATE and many [`Reader`]s
//! beside it (WAL); on PostgreSQL both are the same pool. What the rows mean is the business of `domain`.
//!
//! The pool is ours (deadpool over single SQLx connections) because SQLx's own pings a connection each time that it
//! is given back: on PostgreSQL a second round trip for every statement.

mod bell;
pub mod changes;
mod connection;
mod db;
pub mod listing;
mod migrate;
mod pool;
pub mod sql;
pub mod tables;
pub mod target;
pub mod usage;

pub use bell::Bell;
pub use connection::Query;
pub use db::{Db, Lock, Reader, Run, Tx, Writer};
pub use listing::{Listing, Page, Window};
pub use migrate::{Standing, migrate, refusal, standing};
pub use sea_orm::{ConnectionTrait, DbErr};
pub use target::{Engine, PoolSize, Target};
