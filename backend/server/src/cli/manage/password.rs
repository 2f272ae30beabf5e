//! Where a command takes a new password from, and whether it will do.

use std::{
    io::BufRead,
    path::{Path, PathBuf},
};

use domain::passwords::{Complexity, Hashed, Hasher, Password, Verdict};
use kernel::{Op, Result, Secret, config::PasswordsConfig};

use super::refused;
use crate::assembly;

/// More than any password that is accepted.
const MOST_BYTES: u64 = 64 * 1024;

#[derive(clap::Args)]
pub struct Elsewhere {
    /// Read the password from the first line of standard input: nobody sees it in the process list
    #[arg(long)]
    password_stdin: bool,

    /// Read the password from the first line of a file
    #[arg(long, value_name = "FILE", conflicts_with = "password_stdin")]
    password_file: Option<PathBuf>,
}

impl Elsewhere {
    pub fn read(&self) -> Result<Option<Secret<String>>> {
        if self.password_stdin {
            let line = first_line(std::io::stdin().lock());
            return line
                .map_err(|error| refused("cannot read the password from standard input").caused_by(error))
                .map(Some);
        }
        self.password_file.as_deref().map(from_file).transpose()
    }
}

fn from_file(path: &Path) -> Result<Secret<String>> {
    let line = std::fs::File::open(path).and_then(|file| first_line(std::io::BufReader::new(file)));
    line.map_err(|error| {
        refused(format!("cannot read the password from {}", path.display())).caused_by(error)
    })
}

/// Without its line ending; every other character counts.
fn first_line(from: impl BufRead) -> std::io::Result<Secret<String>> {
    let mut line = String::new();
    from.take(MOST_BYTES).read_line(&mut line)?;
    if line.ends_with('\n') {
        line.pop();
        if line.ends_with('\r') {
            line.pop();
        }
    }
    Ok(Secret::new(line))
}

/// Judges and hashes new passwords.
pub struct Passwords {
    hasher: Hasher,
    complexity: Option<Complexity>,
}

impl Passwords {
    /// `None` when passwords are not in use. With `any`, a weak password will do, too.
    pub fn new(config: &PasswordsConfig, any: bool) -> Result<Option<Self>> {
        let complexity = (!any).then(|| Complexity::new(config.minimum_complexity));
        Ok(assembly::hasher(config)?.map(|hasher| Self { hasher, complexity }))
    }

    /// What is wrong with the password, in a sentence or more; `None` if it will do.
    pub async fn objection(&self, password: &Secret<String>) -> Result<Option<String>> {
        let password = Password::parse(password.expose().as_str())?;
        let Some(complexity) = self.complexity else { return Ok(None) };
        Ok(match self.hasher.judge(complexity, password).await? {
            Verdict::Strong { .. } => None,
            Verdict::Weak { advice, .. } => {
                Some(format!("That password is too weak. {advice}").trim_end().to_owned())
            }
        })
    }

    pub async fn hash(&self, op: &Op, password: &Secret<String>) -> Result<Hashed> {
        self.hasher.hash(Password::parse(password.expose().as_str())?, op.random()).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_line_ending_is_taken_away() {
        for (text, password) in [
            ("hunter2", "hunter2"),
            ("hunter2\n", "hunter2"),
            ("hunter2\r\n", "hunter2"),
            (" hunter 2 \nmore\n", " hunter 2 "),
            ("", ""),
        ] {
            assert_eq!(first_line(text.as_bytes()).unwrap().expose(), password);
        }
    }
}
