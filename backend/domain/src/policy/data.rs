//! The data document, compiled: what the rules read.

use std::collections::HashSet;

use ipnet::IpNet;
use kernel::id::ClientId;
use serde_json::Value;

use super::{
    Code, Problem, Violation,
    input::{Requester, User},
    network,
    node::{Node, Report},
    patterns::{Constraints, Globs},
};

const KEYS: [&str; 10] = [
    "server_name",
    "session_limit",
    "admin_users",
    "admin_clients",
    "registration",
    "emails",
    "allowed_domains",
    "banned_domains",
    "requester",
    "client_registration",
];

#[derive(Debug)]
pub(super) struct Rules {
    pub server_name: String,
    pub sessions: Option<Limits>,
    pub admin_users: HashSet<String>,
    pub admin_clients: HashSet<ClientId>,
    pub allowed_usernames: Option<Constraints>,
    pub banned_usernames: Constraints,
    pub allowed_addresses: Option<Constraints>,
    pub banned_addresses: Constraints,
    pub allowed_domains: Option<Globs>,
    pub banned_domains: Globs,
    pub requester: RequesterRules,
    pub client_registration: ClientRules,
}

/// A limit that is absent does not limit.
#[derive(Debug)]
pub(super) struct Limits {
    pub soft: Option<u32>,
    pub hard: Option<u32>,
    threshold: Option<u32>,
}

#[derive(Debug)]
pub(super) struct RequesterRules {
    banned_ips: Vec<IpNet>,
    banned_user_agents: Constraints,
}

#[derive(Debug)]
pub(super) struct ClientRules {
    pub allow_insecure_uris: bool,
    pub allow_host_mismatch: bool,
    pub allow_missing_client_uri: bool,
}

/// The rules and the warnings, or everything that is wrong.
pub(super) fn compile(data: &Value) -> Result<(Rules, Vec<Problem>), Vec<Problem>> {
    let report = Report::default();
    let rules = Rules::read(&Node::root(data, &report).object(&KEYS));
    match report.problems.into_inner() {
        problems if problems.is_empty() => Ok((rules, report.warnings.into_inner())),
        problems => Err(problems),
    }
}

impl Rules {
    fn read(data: &Node) -> Self {
        let registration = data.get("registration").object(&["allowed_usernames", "banned_usernames"]);
        let emails = data.get("emails").object(&["allowed_addresses", "banned_addresses"]);
        Self {
            server_name: server_name(&data.get("server_name")),
            sessions: Limits::read(data.get("session_limit")),
            admin_users: data.get("admin_users").strings().into_iter().map(String::from).collect(),
            admin_clients: client_ids(&data.get("admin_clients")),
            allowed_usernames: Constraints::allowed(registration.get("allowed_usernames")),
            banned_usernames: Constraints::banned(registration.get("banned_usernames")),
            allowed_addresses: Constraints::allowed(emails.get("allowed_addresses")),
            banned_addresses: Constraints::banned(emails.get("banned_addresses")),
            allowed_domains: Globs::allowed(&data.get("allowed_domains")),
            banned_domains: Globs::banned(&data.get("banned_domains")),
            requester: RequesterRules::read(data.get("requester")),
            client_registration: ClientRules::read(data.get("client_registration")),
        }
    }
}

impl Rules {
    /// Whether administrative scopes are for this account.
    pub fn may_administer(&self, user: &User) -> bool {
        user.can_request_admin || self.admin_users.contains(user.username)
    }
}

fn server_name(node: &Node) -> String {
    let name = node.value.and_then(Value::as_str);
    if name.is_none() {
        node.problem("must be a string, the homeserver's name: remove the key to use `matrix.homeserver`");
    }
    name.unwrap_or_default().to_owned()
}

/// MAS compares with the internal id and ignores anything else; so that an entry never grants less than its
/// author thinks without a word, other texts give a warning.
fn client_ids(node: &Node) -> HashSet<ClientId> {
    let read = |text: &str| {
        let id = text.parse().ok();
        if id.is_none() {
            node.warn(format!(
                "`{text}` is not the id of a client (a ULID, 26 characters): it has no effect"
            ));
        }
        id
    };
    node.strings().into_iter().filter_map(read).collect()
}

impl Limits {
    fn read(node: Node) -> Option<Self> {
        let keys = ["soft_limit", "hard_limit", "max_session_threshold", "dangerous_hard_limit_eviction"];
        node.value.filter(|value| !value.is_null())?;
        let node = node.object(&keys);
        Some(Self {
            soft: node.get("soft_limit").count(),
            hard: node.get("hard_limit").count(),
            threshold: node.get("max_session_threshold").count(),
        })
    }

    /// Fires from the limit on, but not for those who already were above the threshold when it was drawn.
    pub fn exceeded(&self, limit: Option<u32>, total: u32) -> Option<Violation> {
        let limit = limit.filter(|limit| *limit <= total)?;
        if self.threshold.is_some_and(|threshold| total > threshold) {
            return None;
        }
        let need_to_remove = (total - limit).saturating_add(1);
        Some(Violation::coded(
            Code::TooManySessions { need_to_remove },
            format!("the limit of signed-in devices is reached, {need_to_remove} must be removed first"),
        ))
    }
}

impl RequesterRules {
    fn read(node: Node) -> Self {
        let node = node.object(&["banned_ips", "banned_user_agents"]);
        Self {
            banned_ips: node.get("banned_ips").each(network::parse),
            banned_user_agents: Constraints::banned(node.get("banned_user_agents")),
        }
    }

    /// The address and the user agent are not repeated: the requester need not learn which of them it was.
    pub fn ban(&self, requester: &Requester) -> Option<Violation> {
        let by_address =
            requester.ip_address.is_some_and(|address| network::contains(&self.banned_ips, address));
        let by_agent = requester.user_agent.is_some_and(|agent| self.banned_user_agents.matches(agent));
        (by_address || by_agent)
            .then(|| Violation::new("this is not allowed from your network or with your app"))
    }
}

impl ClientRules {
    fn read(node: Node) -> Self {
        let node = node.object(&["allow_insecure_uris", "allow_host_mismatch", "allow_missing_client_uri"]);
        Self {
            allow_insecure_uris: node.get("allow_insecure_uris").flag(),
            allow_host_mismatch: node.get("allow_host_mismatch").flag(),
            allow_missing_client_uri: node.get("allow_missing_client_uri").flag(),
        }
    }
}
