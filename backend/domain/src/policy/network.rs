//! Addresses and networks in `requester.banned_ips`.

use std::net::IpAddr;

use ipnet::{IpNet, Ipv4Net};

/// An address, or a network in CIDR notation (its host bits do not matter). IPv4 addresses written in IPv6
/// (`::ffff:192.0.2.1`) count as IPv4 on both sides, so that nobody slips through by the other spelling.
pub(super) fn parse(text: &str) -> Result<IpNet, String> {
    let network = match text.contains('/') {
        true => text.parse().ok(),
        false => text.parse::<IpAddr>().ok().map(IpNet::from),
    };
    let network = network
        .ok_or_else(|| format!("`{text}` is neither an IP address nor a network such as 203.0.113.0/24"))?;
    Ok(canonical(network))
}

fn canonical(network: IpNet) -> IpNet {
    let IpNet::V6(v6) = network else { return network };
    let mapped = v6.addr().to_ipv4_mapped().zip(v6.prefix_len().checked_sub(96));
    mapped.and_then(|(address, prefix)| Ipv4Net::new(address, prefix).ok()).map_or(network, IpNet::V4)
}

pub(super) fn contains(networks: &[IpNet], address: IpAddr) -> bool {
    let address = address.to_canonical();
    networks.iter().any(|network| network.contains(&address))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn banned(entry: &str, address: &str) -> bool {
        contains(&[parse(entry).unwrap()], address.parse().unwrap())
    }

    #[test]
    fn networks_contain_their_addresses() {
        assert!(banned("10.0.0.0/8", "10.1.1.1"));
        assert!(banned("10.9.9.9/8", "10.1.1.1"));
        assert!(!banned("10.0.0.0/8", "11.0.0.1"));
        assert!(banned("192.0.2.1", "192.0.2.1"));
        assert!(!banned("192.0.2.1", "192.0.2.2"));
        assert!(banned("2001:db8::/32", "2001:db8:1::1"));
        assert!(banned("2001:db8::1", "2001:db8:0::1"));
        assert!(!banned("2001:db8::1", "2001:db8::2"));
        assert!(!banned("0.0.0.0/0", "::1"));
    }

    #[test]
    fn mapped_addresses_are_the_same_addresses() {
        assert!(banned("10.0.0.0/8", "::ffff:10.1.1.1"));
        assert!(banned("::ffff:10.0.0.0/104", "10.1.1.1"));
        assert!(banned("::ffff:10.0.0.1", "::ffff:10.0.0.1"));
    }

    #[test]
    fn anything_else_is_refused() {
        for text in ["", "10.0.0", "10.0.0.0/33", "10.0.0.0/", "localhost", "10.0.0.1-10.0.0.9", " 10.0.0.1"]
        {
            assert!(parse(text).is_err(), "{text}");
        }
    }
}
