//! Whose request it is, as far as proxies can be believed.

use std::net::IpAddr;

use http::{HeaderMap, header::HeaderName};
use ipnet::IpNet;

static FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// The client's address: walking back from the socket's peer through `X-Forwarded-For` while each hop is a trusted
/// proxy. The header of anybody else is not read at all, so nobody can choose their own address.
///
/// `None` for `peer` means a Unix socket. Only processes of this machine can connect to one, so who does is a proxy;
/// without this, everybody behind it would share the one bucket of the sign-in limiter for unknown addresses.
pub fn client(peer: Option<IpAddr>, headers: &HeaderMap, trusted: &[IpNet]) -> Option<IpAddr> {
    let is_trusted = |address: &IpAddr| trusted.iter().any(|net| net.contains(address));
    let mut client = peer.map(unmapped);
    // Hop by hop, not line by line: a proxy appends to the line that it was sent, whatever nonsense that holds.
    let lines = headers.get_all(&FORWARDED_FOR).into_iter();
    let mut hops: Vec<&[u8]> = lines.flat_map(|line| line.as_bytes().split(|byte| *byte == b',')).collect();
    while client.as_ref().is_none_or(is_trusted) {
        let Some(hop) = hops.pop() else { break };
        // An entry that is no address ends the walk: what lies behind it cannot be attributed to anybody.
        let Some(next) = parse(hop) else { break };
        client = Some(next);
    }
    client
}

/// An address, perhaps with a port, perhaps in brackets.
fn parse(hop: &[u8]) -> Option<IpAddr> {
    let hop = std::str::from_utf8(hop).ok()?.trim();
    let bare = hop.parse().ok();
    let bracketed = || hop.strip_prefix('[')?.split_once(']')?.0.parse().ok();
    let with_port = || hop.parse::<std::net::SocketAddr>().ok().map(|address| address.ip());
    bare.or_else(bracketed).or_else(with_port).map(unmapped)
}

fn unmapped(address: IpAddr) -> IpAddr {
    address.to_canonical()
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    fn seen(peer: &str, lines: &[&str]) -> String {
        seen_from(Some(peer), lines).unwrap()
    }

    fn seen_from(peer: Option<&str>, lines: &[&str]) -> Option<String> {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(&FORWARDED_FOR, HeaderValue::from_bytes(line.as_bytes()).unwrap());
        }
        let trusted = ["10.0.0.0/8", "127.0.0.0/8", "::1/128"].map(|net| net.parse().unwrap());
        client(peer.map(|peer| peer.parse().unwrap()), &headers, &trusted).map(|address| address.to_string())
    }

    #[test]
    fn a_proxy_on_a_unix_socket_is_believed() {
        let seen = |lines: &[&str]| seen_from(None, lines);
        assert_eq!(seen(&["198.51.100.7"]).as_deref(), Some("198.51.100.7"));
        assert_eq!(seen(&["203.0.113.9, 198.51.100.7"]).as_deref(), Some("198.51.100.7"));
        assert_eq!(seen(&["203.0.113.9, 10.0.0.3"]).as_deref(), Some("203.0.113.9"));
        assert_eq!(seen(&["203.0.113.9, unknown"]), None);
        assert_eq!(seen(&[]), None);
    }

    #[test]
    fn the_last_hop_that_no_trusted_proxy_vouches_for_is_the_client() {
        assert_eq!(seen("127.0.0.1", &["198.51.100.7"]), "198.51.100.7");
        assert_eq!(seen("127.0.0.1", &["203.0.113.9, 198.51.100.7"]), "198.51.100.7");
        assert_eq!(seen("127.0.0.1", &["203.0.113.9,198.51.100.7 , 10.0.0.3"]), "198.51.100.7");
        assert_eq!(seen("127.0.0.1", &["203.0.113.9", "198.51.100.7"]), "198.51.100.7");
        assert_eq!(seen("::1", &["[2001:db8::1]:4711"]), "2001:db8::1");
        assert_eq!(seen("127.0.0.1", &["198.51.100.7:4711"]), "198.51.100.7");
    }

    #[test]
    fn a_stranger_cannot_choose_an_address() {
        assert_eq!(seen("192.0.2.1", &["203.0.113.9"]), "192.0.2.1");
        assert_eq!(seen("::ffff:192.0.2.1", &["203.0.113.9"]), "192.0.2.1");
    }

    #[test]
    fn nonsense_in_the_header_ends_the_walk() {
        assert_eq!(seen("127.0.0.1", &["203.0.113.9, unknown"]), "127.0.0.1");
        assert_eq!(seen("127.0.0.1", &[""]), "127.0.0.1");
        assert_eq!(seen("127.0.0.1", &[]), "127.0.0.1");
        assert_eq!(seen("127.0.0.1", &["10.0.0.1, 10.0.0.2"]), "10.0.0.1");
    }

    #[test]
    fn nobody_hides_behind_nonsense_that_a_proxy_appends_to() {
        assert_eq!(seen("127.0.0.1", &["¡, 198.51.100.7"]), "198.51.100.7");
        assert_eq!(seen("127.0.0.1", &["\t\u{ff}", "198.51.100.7, 10.0.0.3"]), "198.51.100.7");
    }
}
