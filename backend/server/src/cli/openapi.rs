//! `openapi`: what `/api/spec.json` serves, for whoever generates a client.

use edge::Urls;
use kernel::{Error, Result};
use url::Url;

use super::write_output;

#[derive(clap::Args)]
pub struct Command {
    /// Where the service is (`http.public_base`)
    #[arg(long, value_name = "URL", default_value = "https://auth.example.com/")]
    base: Url,
}

impl Command {
    pub fn run(&self) -> Result<()> {
        let document = admin::document(&Urls::new(self.base.clone(), &self.base));
        let text = document.to_pretty_json().map_err(Error::internal)?;
        write_output(None, &format!("{text}\n"))
    }
}
