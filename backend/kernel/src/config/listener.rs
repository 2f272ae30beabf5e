//! `http.listeners`: sockets and the resources they serve.

use std::{net::SocketAddr, path::PathBuf};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Problems, Source, values::redacted};
use crate::Secret;

/// Some sockets, and what is served on them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Listener {
    /// A name for metrics and logs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,

    /// What is served: at least one resource.
    pub resources: Vec<Resource>,

    /// A path below which all resources of this listener are served, for example `/account/`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prefix: Option<String>,

    /// The sockets: at least one.
    pub binds: Vec<Bind>,

    /// Whether every connection must start with a HAProxy PROXY header.
    #[serde(default)]
    pub proxy_protocol: bool,

    /// Serve TLS with this certificate.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tls: Option<TlsConfig>,
}

impl Listener {
    pub(super) fn validate(&self, problems: &mut Problems) {
        if self.resources.is_empty() {
            problems.error_at("resources", "is empty: a listener serves at least one resource");
        }
        if self.binds.is_empty() {
            problems.error_at("binds", "is empty: a listener has at least one socket");
        }
        if let Some(tls) = &self.tls {
            problems.at("tls", |problems| tls.validate(problems));
        }
    }
}

/// A set of routes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "name", rename_all = "lowercase")]
pub enum Resource {
    /// The health check.
    Health,
    /// Metrics for Prometheus.
    Prometheus,
    /// OpenID Connect discovery and WebFinger.
    Discovery,
    /// The pages that people see.
    Human,
    /// The GraphQL API of the account pages.
    Graphql {
        /// Serve a page to try queries.
        #[serde(default)]
        playground: bool,
        /// Also accept OAuth 2.0 access tokens, not only browser sessions.
        #[serde(default)]
        undocumented_oauth2_access: bool,
    },
    /// The endpoints of OAuth 2.0 and OpenID Connect.
    OAuth,
    /// Sign-in and sign-out of the Matrix client API, for clients that do not speak OAuth 2.0.
    Compat,
    /// Scripts, styles and images of the pages.
    Assets {
        /// A folder to serve instead of the built-in files.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        path: Option<PathBuf>,
    },
    /// The REST API for administrators.
    AdminApi,
    /// What the service sees of the caller's connection, for finding faults in proxies.
    #[serde(rename = "connection-info")]
    ConnectionInfo,
}

impl Resource {
    /// As it is written in the file.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Health => "health",
            Self::Prometheus => "prometheus",
            Self::Discovery => "discovery",
            Self::Human => "human",
            Self::Graphql { .. } => "graphql",
            Self::OAuth => "oauth",
            Self::Compat => "compat",
            Self::Assets { .. } => "assets",
            Self::AdminApi => "adminapi",
            Self::ConnectionInfo => "connection-info",
        }
    }
}

/// A socket to listen on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "BindKeys", untagged)]
pub enum Bind {
    Port {
        #[serde(skip_serializing_if = "Option::is_none")]
        host: Option<String>,
        port: u16,
    },
    Address {
        address: SocketAddr,
    },
    Socket {
        socket: PathBuf,
        #[serde(skip_serializing_if = "Option::is_none")]
        mode: Option<UnixMode>,
    },
    Fd {
        fd: u32,
        kind: FdKind,
    },
}

impl Bind {
    /// Port 0 asks the system for any free port: two of these are two sockets.
    pub fn is_ephemeral(&self) -> bool {
        match self {
            Self::Port { port, .. } => *port == 0,
            Self::Address { address } => address.port() == 0,
            Self::Socket { .. } | Self::Fd { .. } => false,
        }
    }
}

/// A socket to listen on: `port` with or without `host`, or `address`, or `socket`, or `fd`.
#[derive(Deserialize, JsonSchema)]
#[schemars(rename = "Bind")]
struct BindKeys {
    /// A host name or address to bind; without it, all addresses of the machine.
    host: Option<String>,
    /// A TCP port; 0 takes any free one.
    port: Option<u16>,
    /// An IP address and port: `127.0.0.1:8080` or `[::]:8080`.
    #[schemars(with = "Option<String>")]
    address: Option<SocketAddr>,
    /// The path of a UNIX socket.
    socket: Option<PathBuf>,
    /// The permissions of the UNIX socket, an octal number in quotes: `"660"`.
    #[schemars(with = "Option<String>")]
    mode: Option<UnixMode>,
    /// The position of a socket handed over by the service manager, counted from 0.
    fd: Option<u32>,
    /// What was handed over; `tcp` unless said otherwise.
    kind: Option<FdKind>,
}

impl TryFrom<BindKeys> for Bind {
    type Error = &'static str;

    /// The first shape that fits, in the order of MAS. Other than there, a map that fits none is an error and not
    /// the inherited socket number 0.
    fn try_from(keys: BindKeys) -> Result<Self, Self::Error> {
        Ok(match keys {
            BindKeys { port: Some(port), host, .. } => Self::Port { host, port },
            BindKeys { address: Some(address), .. } => Self::Address { address },
            BindKeys { socket: Some(socket), mode, .. } => Self::Socket { socket, mode },
            BindKeys { host: None, mode: None, fd, kind, .. } if fd.is_some() || kind.is_some() => {
                Self::Fd { fd: fd.unwrap_or(0), kind: kind.unwrap_or_default() }
            }
            _ => {
                return Err(
                    "is no socket: give `port` (with or without `host`), `address` (\"127.0.0.1:8080\"), \
                     `socket` (a path), or `fd` (a number)",
                );
            }
        })
    }
}

impl JsonSchema for Bind {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Bind".into()
    }
    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        BindKeys::json_schema(generator)
    }
}

/// Permission bits, written as an octal number in quotes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct UnixMode(pub u32);

impl TryFrom<String> for UnixMode {
    type Error = String;
    fn try_from(text: String) -> Result<Self, String> {
        match u32::from_str_radix(&text, 8) {
            Ok(bits) if bits <= 0o777 => Ok(Self(bits)),
            _ => Err(format!("`{text}` is no mode: give an octal number such as \"660\"")),
        }
    }
}

impl From<UnixMode> for String {
    fn from(mode: UnixMode) -> Self {
        format!("{:o}", mode.0)
    }
}

/// What kind of socket the service manager hands over.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum FdKind {
    #[default]
    Tcp,
    Unix,
}

/// The certificate and key of a TLS listener.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct TlsConfig {
    /// The certificate chain in PEM.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub certificate: Option<String>,

    /// A file with the certificate chain in PEM.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub certificate_file: Option<PathBuf>,

    /// The private key in PEM.
    #[serde(default, skip_serializing_if = "Option::is_none", serialize_with = "redacted")]
    pub key: Option<Secret<String>>,

    /// A file with the private key in PEM or DER.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key_file: Option<PathBuf>,

    /// The password of an encrypted private key.
    #[serde(default, skip_serializing_if = "Option::is_none", serialize_with = "redacted")]
    pub password: Option<Secret<String>>,

    /// A file with the password of an encrypted private key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub password_file: Option<PathBuf>,
}

impl TlsConfig {
    pub fn key(&self) -> Option<Source<'_>> {
        Source::of(&self.key, &self.key_file)
    }

    pub fn password(&self) -> Option<Source<'_>> {
        Source::of(&self.password, &self.password_file)
    }

    fn validate(&self, problems: &mut Problems) {
        let certificate = ("certificate", &self.certificate);
        problems.exactly_one(certificate, ("certificate_file", &self.certificate_file));
        problems.exactly_one(("key", &self.key), ("key_file", &self.key_file));
        problems.at_most_one(("password", &self.password), ("password_file", &self.password_file));
    }
}

pub(super) fn plain(name: &str, resources: Vec<Resource>, bind: Bind) -> Listener {
    Listener {
        name: Some(name.to_owned()),
        resources,
        prefix: None,
        binds: vec![bind],
        proxy_protocol: false,
        tls: None,
    }
}

pub(super) fn any_address(port: u16) -> Bind {
    Bind::Address { address: (std::net::Ipv6Addr::UNSPECIFIED, port).into() }
}

pub(super) fn local(port: u16) -> Bind {
    Bind::Port { host: Some("localhost".to_owned()), port }
}
