//! Where connections come in.

use std::{
    collections::BTreeSet,
    io::ErrorKind,
    net::{Ipv4Addr, Ipv6Addr, SocketAddr},
    os::unix::fs::PermissionsExt,
    path::Path,
};

use kernel::{
    Error, Kind, Result,
    config::{Bind, FdKind, UnixMode},
};
use listenfd::ListenFd;
use tokio::net::{TcpListener, UnixListener, lookup_host};

pub enum Socket {
    Tcp(TcpListener),
    Unix(UnixListener),
}

impl Socket {
    /// As the start-up line prints it.
    pub fn address(&self, scheme: &str) -> String {
        match self {
            Self::Tcp(listener) => {
                listener.local_addr().map_or_else(|_| "tcp".into(), |address| format!("{scheme}://{address}"))
            }
            Self::Unix(listener) => {
                let path = listener.local_addr().ok();
                let path = path.as_ref().and_then(|address| address.as_pathname()).map(Path::to_path_buf);
                format!("unix:{}", path.unwrap_or_default().display())
            }
        }
    }
}

/// The sockets that the service manager handed over (sd_listen_fds(3)).
pub struct Inherited(ListenFd);

impl Inherited {
    /// Takes them out of the environment: to be called before there are other threads.
    pub fn take() -> Self {
        Self(ListenFd::from_env())
    }

    fn socket(&mut self, fd: u32, kind: FdKind) -> Result<Socket> {
        let wrong = |error: std::io::Error| {
            let what = format!("the inherited socket {fd} cannot be used as `kind: {}`", name(kind));
            Error::new(Kind::Invalid, what).caused_by(error)
        };
        let index = fd as usize;
        let socket = match kind {
            FdKind::Tcp => self
                .0
                .take_tcp_listener(index)
                .and_then(|found| found.map(|socket| non_blocking_tcp(socket).map(Socket::Tcp)).transpose()),
            FdKind::Unix => self.0.take_unix_listener(index).and_then(|found| {
                found.map(|socket| non_blocking_unix(socket).map(Socket::Unix)).transpose()
            }),
        };
        socket.map_err(wrong)?.ok_or_else(|| {
            let what = format!(
                "there is no inherited socket {fd}, or it is taken: {} came from the service manager (LISTEN_FDS)",
                self.0.len()
            );
            Error::new(Kind::Invalid, what)
        })
    }
}

const fn name(kind: FdKind) -> &'static str {
    match kind {
        FdKind::Tcp => "tcp",
        FdKind::Unix => "unix",
    }
}

fn non_blocking_tcp(socket: std::net::TcpListener) -> std::io::Result<TcpListener> {
    socket.set_nonblocking(true)?;
    TcpListener::from_std(socket)
}

fn non_blocking_unix(socket: std::os::unix::net::UnixListener) -> std::io::Result<UnixListener> {
    socket.set_nonblocking(true)?;
    UnixListener::from_std(socket)
}

/// Opens what is configured. A host name gives a socket on each of its addresses that this machine has.
pub async fn bind(wanted: &Bind, inherited: &mut Inherited) -> Result<Vec<Socket>> {
    match wanted {
        Bind::Address { address } => Ok(vec![tcp(*address).await?]),
        Bind::Port { host: None, port } => {
            Ok(vec![tcp(SocketAddr::from((Ipv6Addr::UNSPECIFIED, *port))).await?])
        }
        Bind::Port { host: Some(host), port } => every_address(host, *port).await,
        Bind::Socket { socket, mode } => unix(socket, *mode).map(|socket| vec![socket]),
        Bind::Fd { fd, kind } => inherited.socket(*fd, *kind).map(|socket| vec![socket]),
    }
}

async fn every_address(host: &str, port: u16) -> Result<Vec<Socket>> {
    let cannot =
        |error| Error::new(Kind::Invalid, format!("cannot listen on {host}:{port}")).caused_by(error);
    let addresses: Vec<SocketAddr> = lookup_host((host, port)).await.map_err(cannot)?.collect();
    let mut sockets = Vec::new();
    let mut first_error = None;
    // A name may have an address twice.
    for address in addresses.iter().copied().collect::<BTreeSet<_>>() {
        match tcp(address).await {
            Ok(socket) => sockets.push(socket),
            Err(error) => first_error = first_error.or(Some(error)),
        }
    }
    match (sockets.is_empty(), first_error) {
        (false, _) => Ok(sockets),
        (true, Some(error)) => Err(error),
        (true, None) => Err(Error::new(Kind::Invalid, format!("{host} has no address to listen on"))),
    }
}

/// `[::]` is dual-stack on Linux; a machine without IPv6 gets `0.0.0.0` instead.
async fn tcp(address: SocketAddr) -> Result<Socket> {
    let mut bound = TcpListener::bind(address).await;
    if bound.as_ref().is_err_and(|error| without_ipv6(address, error)) {
        let four = SocketAddr::from((Ipv4Addr::UNSPECIFIED, address.port()));
        tracing::warn!("This machine has no IPv6: listening on {four} instead of {address}");
        bound = TcpListener::bind(four).await;
    }
    bound.map(Socket::Tcp).map_err(|error| {
        let why = match error.kind() {
            ErrorKind::AddrInUse => "something else is listening there",
            ErrorKind::AddrNotAvailable => "this machine does not have that address",
            ErrorKind::PermissionDenied => "ports below 1024 need a privilege (CAP_NET_BIND_SERVICE)",
            _ => "the system refuses",
        };
        Error::new(Kind::Invalid, format!("cannot listen on {address}: {why}")).caused_by(error)
    })
}

fn without_ipv6(address: SocketAddr, error: &std::io::Error) -> bool {
    const NO_SUCH_FAMILY: i32 = rustix::io::Errno::AFNOSUPPORT.raw_os_error();
    address.ip() == Ipv6Addr::UNSPECIFIED
        && (error.kind() == ErrorKind::AddrNotAvailable || error.raw_os_error() == Some(NO_SUCH_FAMILY))
}

/// Bound beside its place and then moved there, so that a stale socket is replaced and nobody connects too early.
fn unix(path: &Path, mode: Option<UnixMode>) -> Result<Socket> {
    let bind = || {
        let beside = path.with_extension(format!("{}.tmp", std::process::id()));
        let _ = std::fs::remove_file(&beside);
        let listener = UnixListener::bind(&beside)?;
        if let Some(mode) = mode {
            std::fs::set_permissions(&beside, std::fs::Permissions::from_mode(mode.0))?;
        }
        std::fs::rename(&beside, path)?;
        std::io::Result::Ok(listener)
    };
    bind().map(Socket::Unix).map_err(|error| {
        Error::new(Kind::Invalid, format!("cannot listen on the socket {}", path.display())).caused_by(error)
    })
}
