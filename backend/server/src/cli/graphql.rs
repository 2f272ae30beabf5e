//! `mas-cli graphql`: what others build against.

use std::path::PathBuf;

use clap::Subcommand;
use kernel::Result;

#[derive(Subcommand)]
pub enum Command {
    /// Write the schema in the schema definition language
    Schema {
        /// Where to write it; standard output otherwise
        #[arg(short, long, value_name = "PATH")]
        output: Option<PathBuf>,
    },
}

impl Command {
    pub fn run(self) -> Result<()> {
        let Self::Schema { output } = self;
        super::write_output(output.as_deref(), &::graphql::sdl())
    }
}
