//! What carries mail (`email.transport`).

use std::time::Duration;

use kernel::{Error, Result, Secret, error::chain};
use lettre::{
    AsyncSendmailTransport, AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor,
    message::header::{HeaderName, HeaderValue},
    transport::smtp::{
        self,
        authentication::Credentials,
        client::{Tls, TlsParameters},
    },
};

use super::Sent;

/// For each answer of the mail server.
const TIMEOUT: Duration = Duration::from_secs(10);

/// What carries mail.
#[derive(Debug)]
pub enum Transport {
    /// Nothing: mail is dropped.
    Blackhole,
    Smtp(AsyncSmtpTransport<Tokio1Executor>),
    Sendmail(AsyncSendmailTransport<Tokio1Executor>),
}

/// Whether and how the connection to a mail server is encrypted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encryption {
    None,
    /// From STARTTLS on, which the server must offer.
    StartTls,
    /// From the first byte.
    Tls,
}

/// A mail server that takes mail for others.
#[derive(Clone, Debug)]
pub struct Relay {
    pub host: String,
    pub port: Option<u16>,
    pub encryption: Encryption,
    pub credentials: Option<(String, Secret<String>)>,
}

impl Relay {
    fn port(&self) -> u16 {
        self.port.unwrap_or(match self.encryption {
            Encryption::None => 25,
            Encryption::StartTls => 587,
            Encryption::Tls => 465,
        })
    }
}

impl Transport {
    pub fn smtp(relay: &Relay) -> Result<Self> {
        let tls = || TlsParameters::new(relay.host.clone()).map_err(Error::internal);
        let tls = match relay.encryption {
            Encryption::None => Tls::None,
            Encryption::StartTls => Tls::Required(tls()?),
            Encryption::Tls => Tls::Wrapper(tls()?),
        };
        let mut builder = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(&relay.host)
            .port(relay.port())
            .tls(tls)
            .timeout(Some(TIMEOUT));
        if let Some((user, password)) = &relay.credentials {
            builder = builder.credentials(Credentials::new(user.clone(), password.expose().clone()));
        }
        Ok(Self::Smtp(builder.build()))
    }

    /// A program that takes a mail on its standard input, as `sendmail` does.
    pub fn sendmail(command: &str) -> Self {
        Self::Sendmail(AsyncSendmailTransport::new_with_command(command))
    }

    pub(super) async fn send(&self, mail: Message) -> Sent {
        match self {
            Self::Blackhole => Sent::Accepted,
            Self::Smtp(smtp) => match smtp.send(mail).await {
                Ok(_) => Sent::Accepted,
                Err(error) if is_about_the_mail(&error) => Sent::Refused(chain(&error)),
                Err(error) => Sent::NotNow(chain(&error)),
            },
            Self::Sendmail(sendmail) => match sendmail.send(mail).await {
                Ok(()) => Sent::Accepted,
                Err(error) => Sent::NotNow(chain(&error)),
            },
        }
    }
}

/// Whether the server has refused this mail for good. That it does not let us in is for the operator to mend, and the mail waits.
fn is_about_the_mail(error: &smtp::Error) -> bool {
    /// RFC 4954 §6: authentication is required, too weak, or failed; encryption is required.
    const NOT_LET_IN: [u16; 4] = [530, 534, 535, 538];
    error.is_permanent() && error.status().is_none_or(|code| !NOT_LET_IN.contains(&code.into()))
}

pub(super) fn header(name: &'static str, value: &str) -> HeaderValue {
    HeaderValue::new(HeaderName::new_from_ascii_str(name), value.to_owned())
}
