//! A mail server on loopback: SMTP by `mailin`, TLS by `rustls`, neither of them ours.

use std::{io, net::IpAddr, sync::Arc};

use domain::mail::Encryption;
use mailin::{
    Action, AuthMechanism, Handler, Response, Session, SessionBuilder,
    response::{AUTH_OK, INVALID_CREDENTIALS, OK},
};
use rustls::{ServerConfig, crypto::aws_lc_rs, pki_types::PrivateKeyDer};
use tokio::{
    io::{AsyncBufReadExt, AsyncRead, AsyncWrite, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
};
use tokio_rustls::TlsAcceptor;

use crate::mailbox::Shared;

/// How a mail server is talked to. By default without encryption, by anybody.
#[derive(Clone, Default)]
pub struct Door {
    tls: Option<Tls>,
    account: Option<(String, String)>,
}

#[derive(Clone)]
struct Tls {
    acceptor: TlsAcceptor,
    /// From the first byte; otherwise from STARTTLS on.
    at_once: bool,
    certificate: String,
}

impl Door {
    /// With a certificate of its own for `localhost`.
    pub fn encrypted(encryption: Encryption) -> Self {
        let at_once = match encryption {
            Encryption::None => return Self::default(),
            Encryption::StartTls => false,
            Encryption::Tls => true,
        };
        let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).expect("a certificate");
        let config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
            .with_safe_default_protocol_versions()
            .expect("the provider speaks TLS")
            .with_no_client_auth()
            .with_single_cert(
                vec![made.cert.der().clone()],
                PrivateKeyDer::Pkcs8(made.signing_key.serialize_der().into()),
            )
            .expect("certificate and key belong together");
        let acceptor = TlsAcceptor::from(Arc::new(config));
        Self { tls: Some(Tls { acceptor, at_once, certificate: made.cert.pem() }), account: None }
    }

    /// Lets only this one send. Asked for by encrypted doors only.
    #[must_use]
    pub fn for_account(mut self, name: &str, password: &str) -> Self {
        self.account = Some((name.to_owned(), password.to_owned()));
        self
    }

    /// What it proves itself by, as PEM.
    pub fn certificate(&self) -> &str {
        self.tls.as_ref().map_or("", |tls| &tls.certificate)
    }

    fn session(&self, peer: IpAddr, shared: Arc<Shared>) -> Session<Envelope> {
        let mut builder = SessionBuilder::new("mail.example.com");
        if self.tls.is_some() {
            builder.enable_start_tls();
        }
        if self.account.is_some() {
            builder.enable_auth(AuthMechanism::Plain);
        }
        let envelope = Envelope { shared, account: self.account.clone(), to: Vec::new(), body: Vec::new() };
        builder.build(peer, envelope)
    }
}

pub(crate) async fn serve(listener: TcpListener, door: Arc<Door>, shared: Arc<Shared>) {
    while let Ok((stream, peer)) = listener.accept().await {
        let (door, shared) = (Arc::clone(&door), Arc::clone(&shared));
        // A client that hangs up in the middle has sent nothing.
        tokio::spawn(async move { converse(stream, peer.ip(), &door, shared).await });
    }
}

async fn converse(stream: TcpStream, peer: IpAddr, door: &Door, shared: Arc<Shared>) -> io::Result<()> {
    let mut session = door.session(peer, shared);
    let Some(tls) = &door.tls else {
        let mut stream = BufReader::new(stream);
        say(&mut stream, &session.greeting()).await?;
        talk(&mut stream, &mut session).await?;
        return Ok(());
    };
    if tls.at_once {
        let mut stream = BufReader::new(tls.acceptor.accept(stream).await?);
        session.tls_active();
        say(&mut stream, &session.greeting()).await?;
        talk(&mut stream, &mut session).await?;
        return Ok(());
    }
    let mut plain = BufReader::new(stream);
    say(&mut plain, &session.greeting()).await?;
    if talk(&mut plain, &mut session).await? == Action::UpgradeTls {
        let mut stream = BufReader::new(tls.acceptor.accept(plain.into_inner()).await?);
        session.tls_active();
        talk(&mut stream, &mut session).await?;
    }
    Ok(())
}

/// Answers until the end, or until TLS is to begin.
async fn talk<S>(stream: &mut BufReader<S>, session: &mut Session<Envelope>) -> io::Result<Action>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    loop {
        let mut line = Vec::new();
        if stream.read_until(b'\n', &mut line).await? == 0 {
            return Ok(Action::Close);
        }
        let response = session.process(&line);
        if response.action != Action::NoReply {
            say(stream, &response).await?;
        }
        if matches!(response.action, Action::Close | Action::UpgradeTls) {
            return Ok(response.action);
        }
    }
}

async fn say<S>(stream: &mut BufReader<S>, response: &Response) -> io::Result<()>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let mut line = Vec::new();
    response.write_to(&mut line)?;
    stream.write_all(&line).await?;
    stream.flush().await
}

/// One connection's mail on its way.
struct Envelope {
    shared: Arc<Shared>,
    account: Option<(String, String)>,
    to: Vec<String>,
    body: Vec<u8>,
}

impl Handler for Envelope {
    fn auth_plain(&mut self, _: &str, name: &str, password: &str) -> Response {
        let known =
            self.account.as_ref().is_some_and(|account| (&*account.0, &*account.1) == (name, password));
        if known { AUTH_OK } else { INVALID_CREDENTIALS }
    }

    fn rcpt(&mut self, _: &str) -> Response {
        match self.shared.refusal() {
            None => OK,
            Some(status) => Response::custom(status, "not now".into()),
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
        self.shared.keep(&self.body, std::mem::take(&mut self.to));
        OK
    }
}
