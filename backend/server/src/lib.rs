//! The service put together: the command line, the configuration, the log.

pub mod assembly;
pub mod cli;
pub mod config;
pub mod logging;
mod process;
pub mod serve;
pub mod worker;
