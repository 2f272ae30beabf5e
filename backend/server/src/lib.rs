//! The service put together: the command line, the configuration, the log.

pub mod cli;
pub mod config;
pub mod logging;
