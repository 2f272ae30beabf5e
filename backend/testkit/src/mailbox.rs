//! A mail server that keeps what it is given: SMTP by `mailin`, reading by `mail-parser`, neither of them ours.

use std::{
    io,
    net::{IpAddr, Ipv4Addr, SocketAddr},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU16, Ordering::Relaxed},
    },
};

use domain::mail::{Encryption, Post, Relay, Sender, Transport};
use mail_parser::MessageParser;
use mailin::{Action, Handler, Response, Session, SessionBuilder, response::OK};
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
};
use web::view::Letters;

use crate::SERVER_NAME;

/// Where all mail of the service under test arrives.
#[derive(Debug)]
pub struct Mailbox {
    address: SocketAddr,
    shared: Arc<Shared>,
}

#[derive(Debug, Default)]
struct Shared {
    mails: Mutex<Vec<Mail>>,
    /// The status that recipients get; 0 for a friendly one.
    refusal: AtomicU16,
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
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.expect("a free port");
        let address = listener.local_addr().expect("it is bound");
        let shared = Arc::<Shared>::default();
        let mailbox = Self { address, shared: Arc::clone(&shared) };
        tokio::spawn(async move {
            while let Ok((stream, peer)) = listener.accept().await {
                let shared = Arc::clone(&shared);
                // A client that hangs up in the middle has sent nothing.
                tokio::spawn(async move { converse(stream, peer.ip(), shared).await });
            }
        });
        mailbox
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
        let sender = |name: &str, address: &str| Sender { name: Some(name.into()), address: address.into() };
        Post {
            transport: Transport::smtp(&relay).expect("without TLS nothing can fail"),
            from: sender("Accounts", "accounts@example.com"),
            reply_to: sender("Help", "help@example.com"),
            writer: Arc::new(Letters::load(SERVER_NAME, None).expect("the letters load")),
        }
    }
}

async fn converse(stream: TcpStream, peer: IpAddr, shared: Arc<Shared>) -> io::Result<()> {
    let mut stream = BufReader::new(stream);
    let envelope = Envelope { shared, to: Vec::new(), body: Vec::new() };
    let mut session: Session<Envelope> = SessionBuilder::new("mail.example.com").build(peer, envelope);
    say(&mut stream, &session.greeting()).await?;
    loop {
        let mut line = Vec::new();
        if stream.read_until(b'\n', &mut line).await? == 0 {
            return Ok(());
        }
        let response = session.process(&line);
        if response.action != Action::NoReply {
            say(&mut stream, &response).await?;
        }
        if response.action == Action::Close {
            return Ok(());
        }
    }
}

async fn say(stream: &mut BufReader<TcpStream>, response: &Response) -> io::Result<()> {
    let mut line = Vec::new();
    response.write_to(&mut line)?;
    stream.write_all(&line).await
}

/// One connection's mail on its way.
struct Envelope {
    shared: Arc<Shared>,
    to: Vec<String>,
    body: Vec<u8>,
}

impl Handler for Envelope {
    fn rcpt(&mut self, _: &str) -> Response {
        match self.shared.refusal.load(Relaxed) {
            0 => OK,
            status => Response::custom(status, "not now".into()),
        }
    }

    fn data_start(&mut self, _: &str, _: &str, _: bool, to: &[String]) -> Response {
        self.to = to.to_vec();
        self.body.clear();
        OK
    }

    fn data(&mut self, line: &[u8]) -> io::Result<()> {
        self.body.extend_from_slice(line);
        Ok(())
    }

    fn data_end(&mut self) -> Response {
        let mail = read(&self.body, std::mem::take(&mut self.to));
        self.shared.mails.lock().unwrap_or_else(PoisonError::into_inner).push(mail);
        OK
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
