//! Reading the configuration: which files, how they and the environment are laid over each other, and what is
//! wrong with the result.
//!
//! Layers, the later one wins: `MAS_*` variables (the legacy form), files in the order given, `MAS__*` variables.
//! A command asks a [`Source`] for the sections that it needs and for nothing else, so that a partial file is
//! enough. The shapes and their rules are `kernel::config`; `docs/configuration.md` tells the story for operators.
//!
//! Invariant: an error names every problem of the sections that were asked for, and never quotes a secret.

pub mod dump;
mod environment;
pub mod files;
mod known;
mod locate;
mod merge;
mod node;
mod read;
mod report;
mod source;
mod synapse;
pub mod template;
#[cfg(test)]
mod tests;
pub mod unbuilt;
mod variable;

pub use known::schema;
pub use locate::Options;
pub use node::Node;
pub use source::Source;
pub use synapse::{Import, import};
