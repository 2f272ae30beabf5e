//! Where mail arrives, and how it is read there: by `mail-parser`, which is not ours.

use std::{
    net::{Ipv4Addr, SocketAddr},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU16, Ordering::Relaxed},
    },
};

use domain::mail::{Encryption, Post, Relay, Sender, Transport};
use mail_parser::MessageParser;
use tokio::net::TcpListener;
use web::view::Letters;

use crate::{
    SERVER_NAME,
    mail_server::{Door, serve},
};

/// Where all mail of the service under test arrives.
#[derive(Debug)]
pub struct Mailbox {
    address: SocketAddr,
    shared: Arc<Shared>,
}

#[derive(Debug, Default)]
pub(crate) struct Shared {
    mails: Mutex<Vec<Mail>>,
    /// The status that recipients get; 0 for a friendly one.
    refusal: AtomicU16,
}

impl Shared {
    pub fn keep(&self, raw: &[u8], to: Vec<String>) {
        let mail = read(raw, to);
        self.mails.lock().unwrap_or_else(PoisonError::into_inner).push(mail);
    }

    pub fn refusal(&self) -> Option<u16> {
        Some(self.refusal.load(Relaxed)).filter(|status| *status != 0)
    }
}

/// A mail as its reader sees it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mail {
    /// Of the envelope.
    pub to: Vec<String>,
    pub from: String,
    pub reply_to: String,
    pub subject: String,
    pub text: String,
    pub html: String,
    /// All headers, as they were sent.
    pub headers: String,
}

impl Mailbox {
    pub(crate) async fn start() -> Self {
        Self::behind(Door::default()).await
    }

    /// One that is talked to as the door says.
    pub async fn behind(door: Door) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.expect("a free port");
        let address = listener.local_addr().expect("it is bound");
        let shared = Arc::<Shared>::default();
        let mailbox = Self { address, shared: Arc::clone(&shared) };
        tokio::spawn(serve(listener, Arc::new(door), shared));
        mailbox
    }

    pub const fn port(&self) -> u16 {
        self.address.port()
    }

    /// The mails since it was last looked into, in the order of their arrival.
    pub fn take(&self) -> Vec<Mail> {
        std::mem::take(&mut *self.shared.mails.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// The one mail since it was last looked into.
    #[track_caller]
    pub fn only(&self) -> Mail {
        let mut mails = self.take();
        assert_eq!(mails.len(), 1, "{mails:#?}");
        mails.remove(0)
    }

    /// From now on every recipient gets this status: 450 for later, 550 for never, 250 for friendly again.
    pub fn answer(&self, status: u16) {
        self.shared.refusal.store(if status < 300 { 0 } else { status }, Relaxed);
    }

    /// The service's way to it.
    pub(crate) fn post(&self) -> Post {
        let relay = Relay {
            host: self.address.ip().to_string(),
            port: Some(self.address.port()),
            encryption: Encryption::None,
            credentials: None,
        };
        post_by(Transport::smtp(&relay).expect("without TLS nothing can fail"))
    }
}

fn post_by(transport: Transport) -> Post {
    let sender = |name: &str, address: &str| Sender { name: Some(name.into()), address: address.into() };
    Post {
        transport,
        from: sender("Accounts", "accounts@example.com"),
        reply_to: sender("Help", "help@example.com"),
        writer: Arc::new(Letters::load(SERVER_NAME, None).expect("the letters load")),
    }
}

fn read(raw: &[u8], to: Vec<String>) -> Mail {
    let message = MessageParser::default().parse(raw).expect("a mail");
    let address = |address: Option<&mail_parser::Address<'_>>| {
        let first = address.and_then(|address| address.first());
        first.and_then(|one| one.address()).unwrap_or_default().to_owned()
    };
    let headers = String::from_utf8_lossy(raw);
    Mail {
        to,
        from: address(message.from()),
        reply_to: address(message.reply_to()),
        subject: message.subject().unwrap_or_default().to_owned(),
        text: message.body_text(0).unwrap_or_default().into_owned(),
        html: message.body_html(0).unwrap_or_default().into_owned(),
        headers: headers.split("\r\n\r\n").next().unwrap_or_default().to_owned(),
    }
}
