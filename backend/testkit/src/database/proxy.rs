//! A wire between the service and PostgreSQL that counts round trips and can be cut.
//!
//! The client speaks in messages (PostgreSQL documentation, "Frontend/Backend Protocol"). It waits for an answer
//! after `Sync` and after a simple `Query`, so that many of them is how many round trips it made.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering::SeqCst},
    },
};

use tokio::{
    io::{self, AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::Notify,
    task::JoinHandle,
};

pub struct Proxy {
    address: SocketAddr,
    wire: Arc<Wire>,
    accepting: JoinHandle<()>,
}

#[derive(Default)]
struct Wire {
    round_trips: AtomicU64,
    is_cut: AtomicBool,
    scissors: Notify,
}

impl Proxy {
    pub async fn start(host: String, port: u16) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a free port");
        let address = listener.local_addr().expect("it is bound");
        let wire = Arc::<Wire>::default();
        let shared = Arc::clone(&wire);
        let accepting = tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let Ok(server) = TcpStream::connect((host.as_str(), port)).await else { continue };
                tokio::spawn(connect(client, server, Arc::clone(&shared)));
            }
        });
        Self { address, wire, accepting }
    }

    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    pub fn round_trips(&self) -> u64 {
        self.wire.round_trips.load(SeqCst)
    }

    /// Breaks every connection, and every new one.
    pub fn cut(&self) {
        self.wire.is_cut.store(true, SeqCst);
        self.wire.scissors.notify_waiters();
    }

    /// Lets new connections through again.
    pub fn mend(&self) {
        self.wire.is_cut.store(false, SeqCst);
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.accepting.abort();
        self.cut();
    }
}

async fn connect(mut client: TcpStream, mut server: TcpStream, wire: Arc<Wire>) {
    let cut = wire.scissors.notified();
    if wire.is_cut.load(SeqCst) {
        return;
    }
    // Without this, each small message would wait for the acknowledgement of the one before.
    let _ = (client.set_nodelay(true), server.set_nodelay(true));
    let (mut from_client, mut to_client) = client.split();
    let (mut from_server, mut to_server) = server.split();
    tokio::select! {
        () = cut => {}
        _ = forward(&mut from_client, &mut to_server, &wire.round_trips) => {}
        _ = io::copy(&mut from_server, &mut to_client) => {}
    }
}

/// Passes the client's messages on, one by one. The first, which starts the session, has no type byte.
async fn forward(
    from: &mut (impl AsyncRead + Unpin),
    to: &mut (impl AsyncWrite + Unpin),
    round_trips: &AtomicU64,
) -> io::Result<()> {
    let mut from = io::BufReader::new(from);
    let length = from.read_u32().await?;
    to.write_u32(length).await?;
    pass(&mut from, to, length).await?;
    loop {
        let kind = from.read_u8().await?;
        let length = from.read_u32().await?;
        if matches!(kind, b'Q' | b'S') {
            round_trips.fetch_add(1, SeqCst);
        }
        let mut head = [kind, 0, 0, 0, 0];
        head[1..].copy_from_slice(&length.to_be_bytes());
        to.write_all(&head).await?;
        pass(&mut from, to, length).await?;
    }
}

/// `length` counts itself.
async fn pass(
    from: &mut (impl AsyncRead + Unpin),
    to: &mut (impl AsyncWrite + Unpin),
    length: u32,
) -> io::Result<()> {
    io::copy(&mut from.take(u64::from(length) - 4), to).await?;
    to.flush().await
}
