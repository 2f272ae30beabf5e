//! `X-Forwarded-For`.

use std::net::{IpAddr, Ipv4Addr};

use edge::address::client;
use http::{HeaderMap, HeaderValue};
use ipnet::IpNet;

const STRANGER: IpAddr = IpAddr::V4(Ipv4Addr::new(198, 51, 100, 7));
const PROXY: IpAddr = IpAddr::V4(Ipv4Addr::new(10, 0, 0, 1));

/// Lines of the header, as whoever is in front of the proxy sends them.
pub fn address(text: &str) {
    let trusted: IpNet = "10.0.0.0/8".parse().expect("a network");
    let seen = |peer: Option<IpAddr>, lines: &[&str]| {
        let mut headers = HeaderMap::new();
        for line in lines {
            let Ok(value) = HeaderValue::from_bytes(line.as_bytes()) else { return None };
            headers.append("x-forwarded-for", value);
        }
        Some(client(peer, &headers, &[trusted]))
    };
    let lines: Vec<&str> = text.lines().collect();
    if let Some(by_stranger) = seen(Some(STRANGER), &lines) {
        assert_eq!(by_stranger, Some(STRANGER), "a stranger's header is not read");
    }
    let appended = [&lines[..], &["198.51.100.7"]].concat();
    let in_line = format!("{}, 198.51.100.7", lines.last().unwrap_or(&""));
    for vouched in [&appended[..], &[in_line.as_str()]] {
        for proxy in [Some(PROXY), None] {
            if let Some(seen) = seen(proxy, vouched) {
                assert_eq!(seen, Some(STRANGER), "who the proxy saw cannot hide behind what they say");
            }
        }
    }
    if let Some(Some(found)) = seen(Some(PROXY), &lines) {
        assert_eq!(found, found.to_canonical(), "one address has one form");
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::tests::always_the_same;

    proptest! {
        #![proptest_config(always_the_same())]

        #[test]
        fn nobody_chooses_an_address(text in "([0-9a-f:.\\[\\], ]{0,20}|10\\.0\\.0\\.[1-9]|::ffff:[0-9.]{7}|unknown|,|\\n){0,6}") {
            address(&text);
        }
    }
}
