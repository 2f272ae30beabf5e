//! `email`: how mail is sent.

use std::{fmt, num::NonZeroU16, path::PathBuf, str::FromStr};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Problems, Section, Source, values::redacted};
use crate::Secret;

/// How mail is sent. Without this section, none is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct EmailConfig {
    /// Sender of all mail.
    #[serde(default = "mailbox")]
    #[schemars(with = "String", default = "mailbox")]
    pub from: Mailbox,

    /// Where answers go.
    #[serde(default = "mailbox")]
    #[schemars(with = "String", default = "mailbox")]
    pub reply_to: Mailbox,

    /// What carries the mail.
    pub transport: TransportKind,

    /// Whether and how the connection to the SMTP server is encrypted. Required with `smtp`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mode: Option<SmtpMode>,

    /// Host name of the SMTP server. Required with `smtp`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hostname: Option<String>,

    /// Port of the SMTP server; by default 25 for `plain`, 587 for `starttls`, 465 for `tls`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub port: Option<NonZeroU16>,

    /// User name at the SMTP server; needs a password.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub username: Option<String>,

    /// Password at the SMTP server.
    #[serde(default, skip_serializing_if = "Option::is_none", serialize_with = "redacted")]
    pub password: Option<Secret<String>>,

    /// A file with the password at the SMTP server.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub password_file: Option<PathBuf>,

    /// The sendmail command. Required with `sendmail`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub command: Option<String>,
}

impl EmailConfig {
    pub fn password(&self) -> Option<Source<'_>> {
        Source::of(&self.password, &self.password_file)
    }

    fn validate_smtp(&self, problems: &mut Problems) {
        let reason = "transport `smtp`";
        problems.required(("mode", &self.mode), reason);
        problems.required(("hostname", &self.hostname), reason);
        problems.forbidden(("command", &self.command), reason);
        problems.at_most_one(("password", &self.password), ("password_file", &self.password_file));
        match (self.username.is_some(), self.password().is_some()) {
            (true, false) => problems.error_at("username", "needs `password` or `password_file` beside it"),
            (false, true) => problems.error("a password needs `username` beside it"),
            _ => {}
        }
    }

    fn validate_sendmail(&self, problems: &mut Problems) {
        let reason = "transport `sendmail`";
        problems.required(("command", &self.command), reason);
        problems.forbidden(("mode", &self.mode), reason);
        problems.forbidden(("hostname", &self.hostname), reason);
        problems.forbidden(("port", &self.port), reason);
        problems.forbidden(("username", &self.username), reason);
        problems.forbidden(("password", &self.password), reason);
    }
}

impl Section for EmailConfig {
    const NAME: &'static str = "email";

    fn absent() -> Option<Self> {
        Some(Self::default())
    }

    fn validate(&self, problems: &mut Problems) {
        match self.transport {
            TransportKind::Blackhole => {}
            TransportKind::Smtp => self.validate_smtp(problems),
            TransportKind::Sendmail => self.validate_sendmail(problems),
        }
    }
}

impl Default for EmailConfig {
    fn default() -> Self {
        Self {
            from: mailbox(),
            reply_to: mailbox(),
            transport: TransportKind::Blackhole,
            mode: None,
            hostname: None,
            port: None,
            username: None,
            password: None,
            password_file: None,
            command: None,
        }
    }
}

/// What carries the mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum TransportKind {
    /// Nothing: mail is dropped.
    Blackhole,
    /// An SMTP server.
    Smtp,
    /// A local command.
    Sendmail,
}

/// Whether and how the connection to the SMTP server is encrypted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum SmtpMode {
    /// Not at all.
    Plain,
    /// From STARTTLS on, which the server must offer.
    StartTls,
    /// From the first byte.
    Tls,
}

/// `address@host`, or `Name <address@host>` with the name in quotes where it has special characters.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Mailbox {
    pub name: Option<String>,
    pub address: String,
}

impl FromStr for Mailbox {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (name, address) = match text.trim().strip_suffix('>').and_then(|text| text.rsplit_once('<')) {
            Some((name, address)) => (name.trim(), address.trim()),
            None => ("", text.trim()),
        };
        let name = match name.strip_prefix('"').and_then(|name| name.strip_suffix('"')) {
            Some(quoted) => quoted.replace("\\\"", "\"").replace("\\\\", "\\"),
            None => name.to_owned(),
        };
        let fits = |part: &str| {
            !part.is_empty()
                && !part.contains(|c: char| c.is_whitespace() || c.is_control() || "<>\"@,;".contains(c))
        };
        match address.rsplit_once('@') {
            Some((local, host)) if fits(local) && fits(host) && !name.contains(char::is_control) => {
                Ok(Self { name: Some(name).filter(|name| !name.is_empty()), address: address.to_owned() })
            }
            _ => Err(format!(
                "`{text}` is no mailbox: give address@example.com or \"Name\" <address@example.com>"
            )),
        }
    }
}

impl fmt::Display for Mailbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.name {
            Some(name) => {
                let quoted = name.replace('\\', "\\\\").replace('"', "\\\"");
                write!(f, "\"{quoted}\" <{}>", self.address)
            }
            None => f.write_str(&self.address),
        }
    }
}

impl TryFrom<String> for Mailbox {
    type Error = String;
    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

impl From<Mailbox> for String {
    fn from(mailbox: Mailbox) -> Self {
        mailbox.to_string()
    }
}

fn mailbox() -> Mailbox {
    Mailbox { name: Some("Authentication Service".to_owned()), address: "root@localhost".to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mailbox_is_read_with_and_without_a_name() {
        for (text, name, address) in [
            ("a@example.com", None, "a@example.com"),
            ("<a@example.com>", None, "a@example.com"),
            ("Example Mail <a@example.com>", Some("Example Mail"), "a@example.com"),
            (r#""Quoted, \"inner\"" <a@example.com>"#, Some(r#"Quoted, "inner""#), "a@example.com"),
        ] {
            let mailbox: Mailbox = text.parse().unwrap();
            assert_eq!((mailbox.name.as_deref(), mailbox.address.as_str()), (name, address), "{text}");
            assert_eq!(mailbox.to_string().parse::<Mailbox>().unwrap(), mailbox);
        }
        for text in [
            "",
            "a",
            "@example.com",
            "a@",
            "a b@example.com",
            "a@example.com, b@example.com",
            "a@b\nBcc: c@d",
        ] {
            assert!(text.parse::<Mailbox>().is_err(), "{text}");
        }
    }
}
