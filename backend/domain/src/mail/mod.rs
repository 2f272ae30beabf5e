//! Mail: what is to be told to whom, and what carries it. Only jobs send, so no request waits for a mail server, and what
//! fails is tried again. The words are [`Writer`]'s: this crate knows no language and no HTML.

mod transport;

use std::{fmt, sync::Arc, time::Duration};

use kernel::{Error, Op, Result};
use lettre::{
    Address,
    message::{Mailbox, MultiPart},
};

pub use transport::{Encryption, Relay, Transport};

use crate::agent::Agent;

/// What a mail server may take for everything.
const PATIENCE: Duration = Duration::from_secs(30);

/// What there is to say.
#[derive(Clone, Copy, Debug)]
pub enum Message<'a> {
    /// The code by which somebody proves that the address is theirs.
    EmailCode { code: &'a str },
}

/// A mail in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Letter {
    pub subject: String,
    pub text: String,
    pub html: String,
}

/// Puts into words what leaves the service otherwise than as a page, in the language that comes closest to a BCP 47 tag.
pub trait Writer: fmt::Debug + Send + Sync {
    fn write(&self, language: &str, message: &Message<'_>) -> Result<Letter>;

    /// What a device is called until its owner gives it a name: the client, and what is known of the device.
    fn device_name(&self, language: &str, client: &str, agent: &Agent) -> Result<String>;
}

/// What became of a mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sent {
    /// Somebody else has it now; whether it arrives, nobody can tell.
    Accepted,
    /// It will not be taken, now or later.
    Refused(String),
    /// Trying again may help.
    NotNow(String),
}

/// The service's way to send mail.
#[derive(Debug)]
pub struct Post {
    pub transport: Transport,
    pub from: Sender,
    pub reply_to: Sender,
    pub writer: Arc<dyn Writer>,
}

/// `Name <address>`
#[derive(Clone, Debug)]
pub struct Sender {
    pub name: Option<String>,
    pub address: String,
}

impl Sender {
    fn mailbox(&self) -> Result<Mailbox> {
        let address = self.address.parse::<Address>().map_err(Error::internal)?;
        Ok(Mailbox::new(self.name.clone(), address))
    }
}

/// Whether the text is the address of a mailbox, as mail servers understand it.
pub fn is_address(text: &str) -> bool {
    text.len() <= 254 && text.parse::<Address>().is_ok()
}

impl Post {
    /// Sends a message to one address.
    pub async fn send(&self, op: &Op, to: &str, language: &str, message: &Message<'_>) -> Result<Sent> {
        let Ok(to) = to.parse::<Address>() else { return Ok(Sent::Refused("this is no address".into())) };
        let letter = self.writer.write(language, message)?;
        let (from, reply_to) = (self.from.mailbox()?, self.reply_to.mailbox()?);
        let id = format!("<{}@{}>", op.alphanumeric(24), from.email.domain());
        let date = std::time::UNIX_EPOCH + Duration::from_micros(op.now.0.unsigned_abs());
        let mail = lettre::Message::builder()
            .from(from)
            .reply_to(reply_to)
            .to(Mailbox::new(None, to))
            .date(date)
            .message_id(Some(id))
            .subject(letter.subject)
            // Nobody's holiday notice needs to answer a machine (RFC 3834 §5).
            .raw_header(transport::header("Auto-Submitted", "auto-generated"))
            .multipart(MultiPart::alternative_plain_html(letter.text, letter.html))
            .map_err(Error::internal)?;
        let sending = tokio::time::timeout(PATIENCE, self.transport.send(mail));
        Ok(sending.await.unwrap_or_else(|_| Sent::NotNow("the mail server took too long".into())))
    }
}
