//! Protocol endpoints and the pages that people see.

pub mod assets;
pub mod view;
