//! Fetching what a stranger named: a client's `jwks_uri`, its logo. A guard, so that nobody can make this service ask
//! the machines beside it (server-side request forgery).
//!
//! Only public addresses are connected to, and those that the operator allows. What a name resolves to is judged, and
//! the very addresses that passed are connected to, so that a name cannot change its mind in between. Redirects are
//! not followed, and no proxy is used: behind one, nothing would be known of the address. Plain http is for
//! addresses that the operator allows only. Never called while a transaction is open.

use std::{
    collections::{HashMap, hash_map::Entry},
    fmt,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use ipnet::IpNet;
use kernel::{Error, Result};
use reqwest::{
    Client, StatusCode,
    dns::{Addrs, Name, Resolve, Resolving},
    header,
    redirect::Policy,
};
use tokio::sync::Semaphore;
use url::{Host, Url};

const USER_AGENT: &str = concat!("latchkey/", env!("CARGO_PKG_VERSION"));
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
const TIMEOUT: Duration = Duration::from_secs(10);
/// More at once would let strangers use this service to flood somebody else.
const MOST_AT_ONCE: usize = 32;
/// Of those, to one host: whose site is slow does not take all.
const MOST_TO_ONE_HOST: usize = 4;
/// For clients of the configuration, whom strangers cannot keep waiting.
const MOST_FOR_OPERATOR: usize = 16;

/// The way out.
#[derive(Debug)]
pub struct Outbound {
    https: Client,
    http: Client,
    allowed: Arc<[IpNet]>,
    slots: Semaphore,
    /// How many of `slots` each host has.
    hosts: Mutex<HashMap<String, usize>>,
    operators: Semaphore,
}

/// One of [`MOST_TO_ONE_HOST`], until it is dropped.
struct Turn<'a> {
    hosts: &'a Mutex<HashMap<String, usize>>,
    host: String,
}

/// What came back.
#[derive(Clone, Debug)]
pub struct Fetched {
    pub body: Vec<u8>,
    /// Without its parameters, in lower case; may be empty.
    pub content_type: String,
    /// `max-age` of `Cache-Control`.
    pub max_age: Option<Duration>,
}

/// Why nothing came back. Prints as a sentence without its subject, for the developer of the client.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refused {
    Scheme,
    /// The address is not public, or the name has no public address.
    Address,
    /// Connection, TLS or time.
    Unreachable,
    Status(u16),
    TooLong(usize),
    Busy,
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Scheme => f.write_str("must be an https address"),
            Self::Address => f.write_str("does not lead to a public address"),
            Self::Unreachable => {
                f.write_str("could not be fetched: no answer over a trusted connection within ten seconds")
            }
            Self::Status(status) => write!(f, "answered {status}, where 200 was expected"),
            Self::TooLong(most) => write!(f, "is longer than {most} bytes"),
            Self::Busy => f.write_str("was not fetched, because too much else is being fetched: try again"),
        }
    }
}

impl Outbound {
    /// `allowed` are networks that may be connected to although they are not public.
    pub fn new(allowed: Vec<IpNet>) -> Result<Self> {
        let allowed: Arc<[IpNet]> = allowed.into();
        let client = |public: bool| {
            Client::builder()
                .user_agent(USER_AGENT)
                .timeout(TIMEOUT)
                .connect_timeout(CONNECT_TIMEOUT)
                .redirect(Policy::none())
                .no_proxy()
                .dns_resolver(Judge { public, allowed: Arc::clone(&allowed) })
                .build()
                .map_err(Error::internal)
        };
        let (https, http) = (client(true)?, client(false)?);
        let (slots, operators) = (Semaphore::new(MOST_AT_ONCE), Semaphore::new(MOST_FOR_OPERATOR));
        Ok(Self { https, http, allowed, slots, hosts: Mutex::default(), operators })
    }

    /// Fetches at most `most` bytes.
    pub async fn get(&self, url: &Url, accept: &'static str, most: usize) -> Result<Fetched, Refused> {
        let _slot = self.slots.try_acquire().map_err(|_| Refused::Busy)?;
        let _turn = self.turn(url).ok_or(Refused::Busy)?;
        self.fetch(url, accept, most).await
    }

    /// [`Outbound::get`] for a client of the configuration.
    pub async fn get_for_operator(
        &self,
        url: &Url,
        accept: &'static str,
        most: usize,
    ) -> Result<Fetched, Refused> {
        let _slot = self.operators.try_acquire().map_err(|_| Refused::Busy)?;
        self.fetch(url, accept, most).await
    }

    fn turn(&self, url: &Url) -> Option<Turn<'_>> {
        let host = url.host_str().unwrap_or_default().to_owned();
        let mut hosts = self.hosts.lock().unwrap_or_else(PoisonError::into_inner);
        let count = hosts.entry(host.clone()).or_default();
        if *count >= MOST_TO_ONE_HOST {
            return None;
        }
        *count += 1;
        Some(Turn { hosts: &self.hosts, host })
    }

    async fn fetch(&self, url: &Url, accept: &'static str, most: usize) -> Result<Fetched, Refused> {
        let (client, public) = match url.scheme() {
            "https" => (&self.https, true),
            "http" => (&self.http, false),
            _ => return Err(Refused::Scheme),
        };
        // A name is judged when it is resolved; a literal address is connected to without being resolved.
        let literal = match url.host() {
            Some(Host::Ipv4(four)) => Some(IpAddr::V4(four)),
            Some(Host::Ipv6(six)) => Some(IpAddr::V6(six)),
            Some(Host::Domain(_)) => None,
            None => return Err(Refused::Scheme),
        };
        if literal.is_some_and(|address| !may_reach(address, public, &self.allowed)) {
            return Err(if public { Refused::Address } else { Refused::Scheme });
        }
        let request = client.get(url.clone()).header(header::ACCEPT, accept);
        let mut response = request.send().await.map_err(|error| unreachable(error, url))?;
        if response.status() != StatusCode::OK {
            return Err(Refused::Status(response.status().as_u16()));
        }
        let text =
            |name| response.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let content_type = text(header::CONTENT_TYPE).split(';').next().unwrap_or_default();
        let content_type = content_type.trim().to_ascii_lowercase();
        let max_age = max_age(text(header::CACHE_CONTROL));
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(|error| unreachable(error, url))? {
            if body.len() + chunk.len() > most {
                return Err(Refused::TooLong(most));
            }
            body.extend_from_slice(&chunk);
        }
        Ok(Fetched { body, content_type, max_age })
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        let mut hosts = self.hosts.lock().unwrap_or_else(PoisonError::into_inner);
        if let Entry::Occupied(mut count) = hosts.entry(std::mem::take(&mut self.host)) {
            *count.get_mut() -= 1;
            if *count.get() == 0 {
                count.remove();
            }
        }
    }
}

/// Details go to the log and not to a stranger, who could learn from them what listens where. Not the whole address, which may hold
/// a password.
fn unreachable(error: reqwest::Error, url: &Url) -> Refused {
    let (error, host) = (error.without_url(), url.host_str().unwrap_or_default());
    let mut source = std::error::Error::source(&error);
    while let Some(cause) = source {
        if cause.is::<NotPublic>() {
            return Refused::Address;
        }
        source = cause.source();
    }
    tracing::debug!(
        host,
        error = kernel::error::chain(&error),
        "an address that a client named cannot be fetched"
    );
    Refused::Unreachable
}

fn max_age(cache_control: &str) -> Option<Duration> {
    let directives = cache_control.split(',').map(|directive| directive.trim().to_ascii_lowercase());
    let mut ages = directives.filter_map(|directive| match directive.as_str() {
        "no-store" | "no-cache" => Some(Duration::ZERO),
        other => other.strip_prefix("max-age=")?.parse().ok().map(Duration::from_secs),
    });
    ages.next()
}

/// Resolves names to those of their addresses that may be connected to.
struct Judge {
    public: bool,
    allowed: Arc<[IpNet]>,
}

impl Resolve for Judge {
    fn resolve(&self, name: Name) -> Resolving {
        let (public, allowed) = (self.public, Arc::clone(&self.allowed));
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let good: Vec<SocketAddr> =
                found.filter(|address| may_reach(address.ip(), public, &allowed)).collect();
            if good.is_empty() {
                return Err(NotPublic.into());
            }
            Ok(Box::new(good.into_iter()) as Addrs)
        })
    }
}

#[derive(Debug)]
struct NotPublic;

impl fmt::Display for NotPublic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name has no address that may be connected to")
    }
}

impl std::error::Error for NotPublic {}

fn may_reach(address: IpAddr, public: bool, allowed: &[IpNet]) -> bool {
    let address = address.to_canonical();
    (public && is_public(address)) || allowed.iter().any(|network| network.contains(&address))
}

/// Whether an address is of the internet at large (the IANA registries of special-purpose addresses, RFC 6890).
fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(four) => is_public_v4(four),
        IpAddr::V6(six) => is_public_v6(six),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    let special = address.is_private()
        || address.is_loopback()
        || address.is_link_local()
        || address.is_multicast()
        || address.is_documentation()
        || a == 0
        || a >= 240 // reserved, and broadcast
        || (a == 100 && (64..128).contains(&b)) // shared by carriers, RFC 6598
        || (a == 192 && b == 0 && c == 0) // protocol assignments
        || (a == 192 && b == 88 && c == 99) // 6to4 relays
        || (a == 198 && (b == 18 || b == 19)); // benchmarks, RFC 2544
    !special
}

/// What is not assigned yet is not public either.
fn is_public_v6(address: Ipv6Addr) -> bool {
    match address.segments() {
        // NAT64, RFC 6052: the IPv4 address that it leads to decides.
        [0x64, 0xff9b, 0, 0, 0, 0, high, low] => {
            is_public_v4(Ipv4Addr::from((u32::from(high) << 16) | u32::from(low)))
        }
        [0x2001, second, ..] if second < 0x200 => false, // protocol assignments, Teredo
        [0x2001, 0xdb8, ..] => false,                    // documentation
        [0x2002, ..] => false,                           // 6to4, which embeds any IPv4 address
        [0x3fff, second, ..] if second < 0x1000 => false, // documentation, RFC 9637
        [first, ..] => (0x2000..0x4000).contains(&first),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn public(address: &str) -> bool {
        may_reach(address.parse().unwrap(), true, &[])
    }

    #[test]
    fn only_the_internet_at_large_is_public() {
        for address in [
            "0.0.0.0",
            "10.0.0.1",
            "100.64.0.1",
            "127.0.0.1",
            "127.255.255.254",
            "169.254.169.254",
            "172.16.0.1",
            "172.31.255.255",
            "192.0.0.8",
            "192.0.2.1",
            "192.88.99.1",
            "192.168.1.1",
            "198.18.0.1",
            "198.51.100.1",
            "203.0.113.1",
            "224.0.0.1",
            "240.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "::127.0.0.1",
            "64:ff9b::7f00:1",
            "64:ff9b::a00:1",
            "64:ff9b:1::1",
            "100::1",
            "2001::1",
            "2001:10::1",
            "2001:db8::1",
            "2002:7f00:1::",
            "3fff::1",
            "5f00::1",
            "fc00::1",
            "fd12:3456::1",
            "fe80::1",
            "fec0::1",
            "ff02::1",
        ] {
            assert!(!public(address), "{address}");
        }
        for address in [
            "1.1.1.1",
            "100.63.255.255",
            "100.128.0.1",
            "172.15.0.1",
            "172.32.0.1",
            "192.0.1.1",
            "198.20.0.1",
            "223.255.255.255",
            "::ffff:1.1.1.1",
            "64:ff9b::101:101",
            "2001:200::1",
            "2606:4700::1111",
            "2a00:1450::1",
        ] {
            assert!(public(address), "{address}");
        }
    }

    #[test]
    fn the_operator_may_allow_more() {
        let allowed = ["10.0.0.0/8".parse().unwrap(), "fd00::/8".parse().unwrap()];
        for (address, public, reachable) in [
            ("10.1.2.3", true, true),
            ("10.1.2.3", false, true),
            ("::ffff:10.1.2.3", true, true),
            ("fd12::1", false, true),
            ("192.168.0.1", true, false),
            ("1.1.1.1", true, true),
            // Plain http never leaves the networks that the operator vouches for.
            ("1.1.1.1", false, false),
        ] {
            assert_eq!(
                may_reach(address.parse().unwrap(), public, &allowed),
                reachable,
                "{address} {public}"
            );
        }
    }

    #[tokio::test]
    async fn names_are_judged_by_what_they_resolve_to() {
        let outbound = Outbound::new(Vec::new()).unwrap();
        for url in [
            "https://localhost/",
            "https://127.0.0.1/",
            "https://2130706433/",
            "https://0x7f.1/",
            "https://017700000001/",
            "https://[::1]/",
            "https://[::ffff:127.0.0.1]/",
            "https://169.254.169.254/latest/meta-data/",
            "https://user:pass@127.0.0.1/",
        ] {
            let refused = outbound.get(&Url::parse(url).unwrap(), "*/*", 10).await.unwrap_err();
            assert_eq!(refused, Refused::Address, "{url}");
        }
        for url in ["http://1.1.1.1/", "ftp://1.1.1.1/", "file:///etc/passwd", "data:text/plain,x"] {
            let refused = outbound.get(&Url::parse(url).unwrap(), "*/*", 10).await.unwrap_err();
            assert_eq!(refused, Refused::Scheme, "{url}");
        }
    }

    #[test]
    fn ages_are_read_leniently() {
        for (header, age) in [
            ("", None),
            ("public", None),
            ("max-age=60", Some(60)),
            ("public, Max-Age=60, immutable", Some(60)),
            ("no-store", Some(0)),
            ("max-age=x", None),
            ("max-age=-1", None),
        ] {
            assert_eq!(max_age(header), age.map(Duration::from_secs), "{header}");
        }
    }
}
