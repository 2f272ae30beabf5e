//! The PROXY protocol, version 1 (HAProxy's proxy-protocol.txt, section 2.1): one line of text before all else.

use std::{
    io,
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
};

use tokio::io::{AsyncBufRead, AsyncBufReadExt, AsyncReadExt};

/// The longest line, with its CRLF.
const LONGEST: u64 = 107 + 2;

/// Reads the header and nothing after it. `None`: the proxy speaks for itself or does not know (`UNKNOWN`).
pub async fn read(from: &mut (impl AsyncBufRead + Unpin)) -> io::Result<Option<IpAddr>> {
    let mut line = Vec::new();
    from.take(LONGEST).read_until(b'\n', &mut line).await?;
    let refused =
        || io::Error::new(io::ErrorKind::InvalidData, "it does not begin with a PROXY header (version 1)");
    let text = str::from_utf8(&line).map_err(|_| refused())?;
    parse(text.strip_suffix("\r\n").ok_or_else(refused)?).ok_or_else(refused)
}

fn parse(line: &str) -> Option<Option<IpAddr>> {
    let words = line.strip_prefix("PROXY ")?;
    if words == "UNKNOWN" || words.starts_with("UNKNOWN ") {
        return Some(None);
    }
    let mut words = words.split(' ');
    let (protocol, source, destination) = (words.next()?, words.next()?, words.next()?);
    let source: IpAddr = match protocol {
        "TCP4" | "UDP4" => {
            destination.parse::<Ipv4Addr>().ok()?;
            source.parse::<Ipv4Addr>().ok()?.into()
        }
        "TCP6" | "UDP6" => {
            destination.parse::<Ipv6Addr>().ok()?;
            source.parse::<Ipv6Addr>().ok()?.into()
        }
        _ => return None,
    };
    for port in [words.next()?, words.next()?] {
        port.parse::<u16>().ok()?;
    }
    words.next().is_none().then_some(Some(source))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_source_is_whom_the_proxy_names() {
        let source = |line| parse(line).map(|source| source.map(|address| address.to_string()));
        let known = |address: &str| Some(Some(address.to_owned()));
        assert_eq!(source("PROXY TCP4 198.51.100.7 192.0.2.1 4711 443"), known("198.51.100.7"));
        assert_eq!(source("PROXY TCP6 2001:db8::1 2001:db8::2 4711 443"), known("2001:db8::1"));
        assert_eq!(source("PROXY UDP4 198.51.100.7 192.0.2.1 1 2"), known("198.51.100.7"));
        assert_eq!(source("PROXY UNKNOWN"), Some(None));
        assert_eq!(source("PROXY UNKNOWN ffff::1 ffff::2 1 2"), Some(None));
    }

    #[test]
    fn anything_else_is_refused() {
        for line in [
            "",
            "GET / HTTP/1.1",
            "PROXY",
            "PROXY UNKNOWNS",
            "PROXY TCP4 198.51.100.7 192.0.2.1 4711",
            "PROXY TCP4 198.51.100.7 192.0.2.1 4711 443 5",
            "PROXY TCP4 198.51.100.7 192.0.2.1 4711 65536",
            "PROXY TCP4 2001:db8::1 192.0.2.1 4711 443",
            "PROXY TCP4  198.51.100.7 192.0.2.1 4711 443",
            "proxy TCP4 198.51.100.7 192.0.2.1 4711 443",
        ] {
            assert_eq!(parse(line), None, "{line}");
        }
    }

    #[tokio::test]
    async fn what_follows_is_left_for_http() {
        let mut wire: &[u8] = b"PROXY TCP4 198.51.100.7 192.0.2.1 4711 443\r\nGET / HTTP/1.1\r\n";
        assert_eq!(read(&mut wire).await.unwrap().unwrap().to_string(), "198.51.100.7");
        assert_eq!(wire, b"GET / HTTP/1.1\r\n");
    }

    #[tokio::test]
    async fn an_endless_line_is_not_read_to_its_end() {
        let line = [b'x'; 4096];
        let mut wire: &[u8] = &line;
        assert!(read(&mut wire).await.is_err());
        assert!(wire.len() > 3900);
    }
}
