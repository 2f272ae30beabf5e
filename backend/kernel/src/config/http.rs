//! `http`: where the service is reached, and what it listens on.

use std::{fmt, net::IpAddr, str::FromStr};

use ipnet::IpNet;
use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize};
use url::Url;

use super::{
    Bind, Listener, Path, Problem, Problems, Resource, Section, Severity, listener, problem::repeated,
};

/// Where the service is reached, and what it listens on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct HttpConfig {
    /// The sockets to listen on, and what each of them serves. When the whole `http` section is absent, everything
    /// that clients need is served on `[::]:8080` and the health check on `localhost:8081`; when the section is
    /// there, the listeners must be, too.
    #[serde(default)]
    pub listeners: Vec<Listener>,

    /// The networks of reverse proxies whose `X-Forwarded-For` header is believed: CIDR ranges or single addresses.
    #[serde(default = "trusted_proxies")]
    #[schemars(with = "Vec<String>", default = "trusted_proxies")]
    pub trusted_proxies: Vec<Network>,

    /// The address under which browsers and clients reach the service: all links are built from it. http or https,
    /// without query, fragment and credentials. A missing trailing slash is added.
    #[serde(deserialize_with = "with_trailing_slash")]
    pub public_base: Url,

    /// The OpenID Connect issuer, when it differs from `public_base`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub issuer: Option<Url>,
}

impl HttpConfig {
    /// What discovery names as the issuer.
    pub fn issuer(&self) -> &Url {
        self.issuer.as_ref().unwrap_or(&self.public_base)
    }

    /// A server without a listener would start and serve nobody; a worker needs none.
    pub fn no_listener(&self) -> Option<Problem> {
        self.listeners.is_empty().then(|| Problem {
            severity: Severity::Error,
            path: Path::from("http.listeners"),
            what:
                "nothing to listen on: name at least one listener, or leave the whole `http` section out to \
                   get the default ones"
                    .to_owned(),
        })
    }

    fn check_address(key: &str, url: &Url, problems: &mut Problems) {
        problems.web_address(key, url);
        let extras = [
            ("a query", url.query().is_some()),
            ("a fragment", url.fragment().is_some()),
            ("credentials", !url.username().is_empty() || url.password().is_some()),
        ];
        for (what, _) in extras.iter().filter(|(_, present)| *present) {
            problems.error_at(key, format!("must not have {what}: give scheme, host, port and path only"));
        }
    }

    fn check_repeated_binds(&self, problems: &mut Problems) {
        let binds: Vec<(usize, usize, &Bind)> = (self.listeners.iter().enumerate())
            .flat_map(|(n, listener)| listener.binds.iter().enumerate().map(move |(m, bind)| (n, m, bind)))
            .filter(|(_, _, bind)| !bind.is_ephemeral())
            .collect();
        let shapes: Vec<&Bind> = binds.iter().map(|(_, _, bind)| *bind).collect();
        for (first, again) in repeated(&shapes) {
            let ((n, m, _), (n0, m0, _)) = (binds[again], binds[first]);
            let path = format!("http.listeners.{n0}.binds.{m0}");
            problems.at(format!("listeners.{n}.binds.{m}"), |problems| {
                problems.error(format!(
                    "is the same socket as {path} (lists of several files are concatenated): keep one"
                ));
            });
        }
    }
}

impl Default for HttpConfig {
    fn default() -> Self {
        use Resource::{Compat, Discovery, Health, Human, OAuth};
        let graphql = Resource::Graphql { playground: false, undocumented_oauth2_access: false };
        let assets = Resource::Assets { path: None };
        let web = vec![Discovery, Human, OAuth, Compat, graphql, assets];
        Self {
            listeners: vec![
                listener::plain("web", web, listener::any_address(8080)),
                listener::plain("internal", vec![Health], listener::local(8081)),
            ],
            trusted_proxies: trusted_proxies(),
            public_base: Url::parse("http://[::]:8080/").expect("a valid URL"),
            issuer: None,
        }
    }
}

impl Section for HttpConfig {
    const NAME: &'static str = "http";

    fn absent() -> Option<Self> {
        Some(Self::default())
    }

    fn validate(&self, problems: &mut Problems) {
        Self::check_address("public_base", &self.public_base, problems);
        if let Some(issuer) = &self.issuer {
            Self::check_address("issuer", issuer, problems);
        }
        problems.each("listeners", &self.listeners, Listener::validate);
        self.check_repeated_binds(problems);
    }
}

/// A network in CIDR notation; a plain address is the network of that one host.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Network(pub IpNet);

impl FromStr for Network {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        (text.parse::<IpNet>())
            .or_else(|_| text.parse::<IpAddr>().map(IpNet::from))
            .map(Self)
            .map_err(|_| format!("`{text}` is neither a network (10.0.0.0/8, fd00::/8) nor an IP address"))
    }
}

impl fmt::Display for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl Serialize for Network {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Network {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        String::deserialize(from)?.parse().map_err(serde::de::Error::custom)
    }
}

/// The private networks. MAS has `10.0.0.0/10` here, against its own documentation.
fn trusted_proxies() -> Vec<Network> {
    ["192.168.0.0/16", "172.16.0.0/12", "10.0.0.0/8", "127.0.0.1/8", "fd00::/8", "::1/128"]
        .map(|network| network.parse().expect("a valid network"))
        .to_vec()
}

/// Links are joined to the base by RFC 3986, which would cut a last segment without a slash.
fn with_trailing_slash<'de, D: Deserializer<'de>>(from: D) -> Result<Url, D::Error> {
    let mut url = Url::deserialize(from)?;
    if !url.cannot_be_a_base() && !url.path().ends_with('/') {
        let path = format!("{}/", url.path());
        url.set_path(&path);
    }
    Ok(url)
}
