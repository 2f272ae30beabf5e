//! The database itself: migrations, and entities that match it.

mod entities;
mod migrations;
