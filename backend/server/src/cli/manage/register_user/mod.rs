//! `manage register-user`: straight from its arguments with `--yes`, else in a conversation.

mod attributes;
mod conversation;
mod username;

use std::process::ExitCode;

use domain::{
    passwords::Hashed,
    users::register::{self, NewUser, Registration},
};
use email_address::EmailAddress;
use kernel::{
    Error, Kind, Op, Result,
    config::{DatabaseConfig, MatrixConfig, PasswordsConfig},
    id::UserId,
};
use serde_json::json;
use store::Db;

use super::{
    Output, open,
    password::{Elsewhere, Passwords},
    refused, terminal,
};
use crate::{
    cli::operation,
    config::{Options, Source},
};
use attributes::Attributes;
use conversation::Decision;
use username::Names;

#[derive(clap::Args)]
pub struct Command {
    /// The name: the part of the Matrix ID between the @ and the server
    username: Option<String>,

    /// The password. Others can see it in the process list: --password-stdin and --password-file hide it
    #[arg(short, long, conflicts_with_all = ["password_stdin", "password_file"])]
    password: Option<String>,

    #[command(flatten)]
    elsewhere: Elsewhere,

    /// An e-mail address, taken as verified; may be given several times
    #[arg(short, long = "email", value_name = "EMAIL", value_parser = attributes::email)]
    emails: Vec<EmailAddress>,

    /// An account at an upstream provider that signs in to this one; may be given several times
    #[arg(short = 'm', long = "upstream-provider-mapping", value_name = "PROVIDER:SUBJECT", value_parser = mapping)]
    mappings: Vec<Mapping>,

    /// The account may ask for administrative rights
    #[arg(short, long, conflicts_with = "no_admin")]
    admin: bool,

    /// The account may not ask for administrative rights
    #[arg(short = 'A', long)]
    no_admin: bool,

    /// The name that others see
    #[arg(short, long)]
    display_name: Option<String>,

    /// Do not ask
    #[arg(short, long, requires = "username")]
    yes: bool,

    /// Accept a weak password
    #[arg(long, alias = "ignore-complexity")]
    ignore_password_complexity: bool,
}

/// `<ULID of the provider>:<who one is there>`
#[derive(Clone, Debug)]
struct Mapping {
    provider: kernel::id::UpstreamProviderId,
}

fn mapping(text: &str) -> Result<Mapping, &'static str> {
    const SHAPE: &str = "expected PROVIDER:SUBJECT, where PROVIDER is the ULID of an upstream provider";
    let (provider, subject) = text.split_once(':').ok_or(SHAPE)?;
    if subject.is_empty() {
        return Err(SHAPE);
    }
    Ok(Mapping { provider: provider.parse().map_err(|_| SHAPE)? })
}

/// What the command works with.
struct Tools {
    db: Db,
    names: Names,
    passwords: Option<Passwords>,
    output: Output,
}

impl Command {
    pub async fn run(self, options: &Options, output: Output) -> Result<ExitCode> {
        let sections: (DatabaseConfig, PasswordsConfig, MatrixConfig) = Source::load(options)?.sections()?;
        self.check()?;
        let passwords = Passwords::new(&sections.1, self.ignore_password_complexity)?;
        let mut attributes = self.attributes()?;
        if let Some(password) = &attributes.password {
            let Some(passwords) = &passwords else {
                return Err(refused("passwords are switched off (passwords.enabled: false)"));
            };
            if let Some(objection) = passwords.objection(password).await? {
                tracing::error!("{objection}");
                return Ok(ExitCode::FAILURE);
            }
        }

        let db = open(&sections.0).await?;
        let names = Names::new(db.clone(), &sections.2)?;
        let tools = Tools { db, names, passwords, output };
        if let Some(username) = &self.username {
            attributes.username = username::localpart(username).to_owned();
            if let Some(objection) = tools.names.objection(&attributes.username).await? {
                return Err(Error::new(Kind::Conflict, objection));
            }
        }
        if self.yes {
            tools.show(&attributes.table(tools.names.server()))?;
        } else if conversation::hold(&tools, &mut attributes).await? == Decision::Drop {
            tracing::warn!("Aborted");
            return Ok(ExitCode::SUCCESS);
        }
        tools.register(attributes).await?;
        tools.db.close();
        Ok(ExitCode::SUCCESS)
    }

    /// What can be refused before anything is opened.
    fn check(&self) -> Result<()> {
        if let Some(mapping) = self.mappings.first() {
            return Err(refused(format!(
                "there is no upstream provider {}: signing in through providers is not built yet",
                mapping.provider
            )));
        }
        if !self.yes && !terminal::is_there() {
            return Err(refused(
                "this asks questions, but standard input and standard error are no terminal: give --yes with a \
                 username to create the account without asking",
            ));
        }
        Ok(())
    }

    fn attributes(&self) -> Result<Attributes> {
        let password = match &self.password {
            Some(password) => Some(password.clone().into()),
            None => self.elsewhere.read()?,
        };
        Ok(Attributes {
            username: String::new(),
            password,
            emails: self.emails.clone(),
            display_name: self.display_name.clone(),
            admin: if self.admin { Some(true) } else { self.no_admin.then_some(false) },
        })
    }
}

impl Tools {
    /// For people: on stdout, unless a program reads that.
    fn show(&self, text: &str) -> Result<()> {
        match self.output {
            Output::Text => crate::cli::write_output(None, text),
            Output::Json => {
                eprint!("{text}");
                Ok(())
            }
        }
    }

    async fn register(&self, attributes: Attributes) -> Result<()> {
        if attributes.emails.is_empty() {
            tracing::warn!("The account has no e-mail address");
        }
        let op = operation("manage-register-user");
        let password = self.hash(&op, &attributes).await?;
        let new = NewUser {
            username: attributes.username,
            password,
            emails: attributes.emails.iter().map(ToString::to_string).collect(),
            can_request_admin: attributes.admin.unwrap_or(false),
            display_name: attributes.display_name,
        };
        let user = self.db.write(async |tx| created(register::create(tx, &op, &new).await?)).await?;
        tracing::info!(user.id = %user, "User registered");
        self.output.result(&json!({
            "user_id": user.to_string(),
            "username": new.username,
            "matrix_id": self.names.user_id(&new.username),
        }))
    }

    async fn hash(&self, op: &Op, attributes: &Attributes) -> Result<Option<Hashed>> {
        match (&self.passwords, &attributes.password) {
            (Some(passwords), Some(password)) => passwords.hash(op, password).await.map(Some),
            _ => Ok(None),
        }
    }
}

fn created(outcome: Registration) -> Result<UserId> {
    match outcome {
        Registration::Created(id) => Ok(id),
        Registration::UsernameTaken => Err(Error::new(Kind::Conflict, "the username is taken")),
        Registration::EmailTaken(email) => {
            Err(Error::new(Kind::Conflict, format!("another account has the e-mail address {email}")))
        }
    }
}
