//! Questions to a person at a terminal. Prompts go to stderr, so that stdout holds results only.

use std::io::IsTerminal;

use inquire::{InquireError, PasswordDisplayMode};
use kernel::{Error, Result, Secret};

use super::refused;

/// Whether there is somebody to ask.
pub fn is_there() -> bool {
    std::io::stdin().is_terminal() && std::io::stderr().is_terminal()
}

/// Asks for a new password, twice.
pub fn new_password() -> Result<Secret<String>> {
    inquire::Password::new("Password")
        .with_display_mode(PasswordDisplayMode::Masked)
        .with_custom_confirmation_message("Password, once more")
        .with_custom_confirmation_error_message("The two are not the same.")
        .prompt()
        .map(Secret::new)
        .map_err(given_up)
}

pub fn text(question: &str) -> Result<String> {
    inquire::Text::new(question).prompt().map_err(given_up)
}

pub fn yes_or_no(question: &str) -> Result<bool> {
    inquire::Confirm::new(question).with_default(false).prompt().map_err(given_up)
}

/// A menu that narrows down as one types.
pub fn choice<T: std::fmt::Display>(question: &str, options: Vec<T>) -> Result<T> {
    inquire::Select::new(question, options).prompt().map_err(given_up)
}

fn given_up(error: InquireError) -> Error {
    match error {
        InquireError::OperationCanceled | InquireError::OperationInterrupted => refused("Aborted"),
        InquireError::NotTTY => refused("this needs a terminal"),
        other => refused("cannot ask at this terminal").caused_by(other),
    }
}
