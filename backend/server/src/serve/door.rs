//! What a connection passes before HTTP: a PROXY header first, then TLS, each if the listener is configured so.

use std::{io, sync::Arc, time::Duration};

use edge::Peer;
use kernel::{Result, config::Listener};
use tokio::{
    io::{AsyncRead, AsyncWrite, BufReader},
    time::timeout,
};
use tokio_rustls::TlsAcceptor;

use super::{proxy_header, tls};

/// For the PROXY header and the TLS handshake together.
const LIMIT: Duration = Duration::from_secs(5);

pub trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin> Stream for T {}

pub struct Door {
    proxy_protocol: bool,
    tls: Option<TlsAcceptor>,
}

pub struct Entered {
    pub stream: Box<dyn Stream>,
    pub peer: Peer,
    /// The peer is what a PROXY header said.
    pub vouched: bool,
}

impl Door {
    /// Reads certificate and key.
    pub fn new(listener: &Listener) -> Result<Self> {
        let tls = listener.tls.as_ref().map(tls::server).transpose()?;
        Ok(Self {
            proxy_protocol: listener.proxy_protocol,
            tls: tls.map(|config| TlsAcceptor::from(Arc::new(config))),
        })
    }

    pub const fn scheme(&self) -> &'static str {
        if self.tls.is_some() { "https" } else { "http" }
    }

    /// Fails when the other side does not say what is expected, or not in time.
    pub async fn enter(&self, stream: Box<dyn Stream>, peer: Peer) -> io::Result<Entered> {
        if !self.proxy_protocol && self.tls.is_none() {
            return Ok(Entered { stream, peer, vouched: false });
        }
        let passed = timeout(LIMIT, self.pass(stream, peer)).await;
        passed.unwrap_or_else(|_| Err(io::Error::new(io::ErrorKind::TimedOut, "the handshake took too long")))
    }

    async fn pass(&self, mut stream: Box<dyn Stream>, mut peer: Peer) -> io::Result<Entered> {
        let mut vouched = false;
        if self.proxy_protocol {
            // What it reads ahead stays in it, so it goes on as the stream.
            let mut buffered = BufReader::with_capacity(4096, stream);
            if let Some(source) = proxy_header::read(&mut buffered).await? {
                (peer, vouched) = (Peer(Some(source)), true);
            }
            stream = Box::new(buffered);
        }
        if let Some(tls) = &self.tls {
            stream = Box::new(tls.accept(stream).await?);
        }
        Ok(Entered { stream, peer, vouched })
    }
}
