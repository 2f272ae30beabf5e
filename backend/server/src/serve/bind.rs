//! Where connections come in.

use std::{net::SocketAddr, os::unix::fs::PermissionsExt, path::Path};

use kernel::{
    Error, Kind, Result,
    config::{Bind, UnixMode},
};
use tokio::net::{TcpListener, UnixListener, lookup_host};

pub enum Socket {
    Tcp(TcpListener),
    Unix(UnixListener),
}

impl Socket {
    /// As the start-up line prints it.
    pub fn address(&self) -> String {
        match self {
            Self::Tcp(listener) => {
                listener.local_addr().map_or_else(|_| "tcp".into(), |address| format!("http://{address}"))
            }
            Self::Unix(listener) => {
                let path = listener.local_addr().ok();
                let path = path.as_ref().and_then(|address| address.as_pathname()).map(Path::to_path_buf);
                format!("unix:{}", path.unwrap_or_default().display())
            }
        }
    }
}

/// Opens what is configured. A host name gives a socket on each of its addresses that this machine has.
pub async fn bind(wanted: &Bind) -> Result<Vec<Socket>> {
    match wanted {
        Bind::Address { address } => Ok(vec![tcp(*address).await?]),
        Bind::Port { host: None, port } => {
            // On Linux the first is dual-stack; a machine without IPv6 has the second.
            let six = tcp((std::net::Ipv6Addr::UNSPECIFIED, *port).into()).await;
            match six {
                Ok(socket) => Ok(vec![socket]),
                Err(_) => Ok(vec![tcp((std::net::Ipv4Addr::UNSPECIFIED, *port).into()).await?]),
            }
        }
        Bind::Port { host: Some(host), port } => every_address(host, *port).await,
        Bind::Socket { socket, mode } => unix(socket, *mode).map(|socket| vec![socket]),
        Bind::Fd { .. } => Err(Error::new(
            Kind::Invalid,
            "http.listeners: `fd` is not supported yet: use `socket` or `address`",
        )),
    }
}

async fn every_address(host: &str, port: u16) -> Result<Vec<Socket>> {
    let cannot =
        |error| Error::new(Kind::Invalid, format!("cannot listen on {host}:{port}")).caused_by(error);
    let addresses: Vec<SocketAddr> = lookup_host((host, port)).await.map_err(cannot)?.collect();
    let mut sockets = Vec::new();
    let mut first_error = None;
    for address in addresses {
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

async fn tcp(address: SocketAddr) -> Result<Socket> {
    let bound = TcpListener::bind(address).await;
    bound.map(Socket::Tcp).map_err(|error| {
        Error::new(Kind::Invalid, format!("cannot listen on {address}: is another service there?"))
            .caused_by(error)
    })
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
