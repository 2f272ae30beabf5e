//! The questions of `register-user` at a terminal.

use std::fmt;

use kernel::{Result, Secret};

use super::{
    Tools,
    attributes::{self, Attributes},
    username,
};
use crate::cli::manage::{password::Passwords, terminal};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    Create,
    Drop,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    Create,
    Username,
    Email,
    Password,
    Admin,
    DisplayName,
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Create => "Create the user",
            Self::Username => "Change the username",
            Self::Email => "Add an email address",
            Self::Password => "Set a password",
            Self::Admin => "Set the admin status",
            Self::DisplayName => "Set a display name",
        })
    }
}

/// Asks for what is missing until the person is content or gives up.
pub async fn hold(tools: &Tools, attributes: &mut Attributes) -> Result<Decision> {
    if attributes.username.is_empty() {
        attributes.username = ask_username(tools).await?;
    }
    loop {
        tools.show(&attributes.table(tools.names.server()))?;
        tools.show(&format!("\nThe same without questions:\n  {}\n\n", attributes.command()))?;
        match terminal::choice("What next?", steps(tools, attributes))? {
            Step::Create => {
                let sure = terminal::yes_or_no("Confirm?")?;
                return Ok(if sure { Decision::Create } else { Decision::Drop });
            }
            Step::Username => attributes.username = ask_username(tools).await?,
            Step::Email => match attributes::email(terminal::text("Email")?.trim()) {
                Ok(email) => attributes.emails.push(email),
                Err(objection) => tracing::warn!("{objection}"),
            },
            Step::Password => {
                if let Some(passwords) = &tools.passwords {
                    attributes.password = Some(ask_password(passwords).await?);
                }
            }
            Step::Admin => {
                attributes.admin = Some(terminal::yes_or_no("May the user request admin rights?")?)
            }
            Step::DisplayName => attributes.display_name = Some(terminal::text("Display name")?),
        }
    }
}

fn steps(tools: &Tools, known: &Attributes) -> Vec<Step> {
    let mut steps = vec![Step::Create, Step::Username, Step::Email];
    steps.extend((tools.passwords.is_some() && known.password.is_none()).then_some(Step::Password));
    steps.extend(known.admin.is_none().then_some(Step::Admin));
    steps.extend(known.display_name.is_none().then_some(Step::DisplayName));
    steps
}

async fn ask_username(tools: &Tools) -> Result<String> {
    loop {
        let typed = terminal::text("Username")?;
        let name = username::localpart(&typed);
        match tools.names.objection(name).await? {
            None => return Ok(name.to_owned()),
            Some(objection) => tracing::warn!("{objection}"),
        }
    }
}

async fn ask_password(passwords: &Passwords) -> Result<Secret<String>> {
    loop {
        let password = terminal::new_password()?;
        match passwords.objection(&password).await? {
            None => return Ok(password),
            Some(objection) => tracing::warn!("{objection}"),
        }
    }
}
