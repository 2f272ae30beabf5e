//! Rules for clients that register themselves: everything a client shows or redirects to must belong to the site
//! that it says it is.

use url::Url;

use super::{Violation, data::ClientRules, uri::Uri};
use crate::oauth::registration::{AuthMethod, ClientMetadata, GrantType, Localized};

pub(super) fn violations(rules: &ClientRules, metadata: &ClientMetadata) -> Vec<Violation> {
    let registration = Registration { rules, metadata, client_uri: plain(&metadata.client_uri) };
    let mut violations = registration.client_uri();
    violations.extend(registration.links());
    violations.extend(registration.authentication());
    violations.extend(registration.redirect_uris());
    violations.extend(registration.post_logout_redirect_uris());
    violations
}

struct Registration<'a> {
    rules: &'a ClientRules,
    metadata: &'a ClientMetadata,
    client_uri: Option<&'a str>,
}

const SECURE: &str =
    "it must be https on a public host, without user information or percent-encoding in the path";
const SAME_HOST: &str = "its host must be that of client_uri or below it";

impl Registration<'_> {
    fn client_uri(&self) -> Vec<Violation> {
        match self.client_uri {
            None if !self.rules.allow_missing_client_uri => {
                vec![Violation::new("client_uri is missing: send the address of the client's home page")]
            }
            Some(uri) if !self.is_secure(uri) => {
                vec![Violation::new(format!("client_uri {uri} is not allowed: {SECURE}"))]
            }
            _ => vec![],
        }
    }

    fn links(&self) -> Vec<Violation> {
        let links = [
            ("tos_uri", plain(&self.metadata.tos_uri)),
            ("policy_uri", plain(&self.metadata.policy_uri)),
            ("logo_uri", plain(&self.metadata.logo_uri)),
        ];
        let mut violations = Vec::new();
        for (name, uri) in links.into_iter().filter_map(|(name, uri)| Some((name, uri?))) {
            let faults = [(self.is_secure(uri), SECURE), (self.is_on_clients_host(uri), SAME_HOST)];
            let faults = faults.into_iter().filter(|(ok, _)| !ok);
            violations.extend(
                faults.map(|(_, rule)| Violation::new(format!("{name} {uri} is not allowed: {rule}"))),
            );
        }
        violations
    }

    fn authentication(&self) -> Option<Violation> {
        let anonymous = *self.metadata.auth_method() == AuthMethod::None;
        (anonymous && self.metadata.has_grant(&GrantType::ClientCredentials)).then(|| {
            Violation::new(
                "the grant type client_credentials needs a token_endpoint_auth_method other than none",
            )
        })
    }

    fn redirect_uris(&self) -> Vec<Violation> {
        match &self.metadata.redirect_uris {
            None if self.metadata.redirects() => vec![Violation::new("redirect_uris is missing")],
            Some(uris) if uris.is_empty() && self.metadata.redirects() => {
                vec![Violation::new("redirect_uris is empty: name at least one")]
            }
            uris => uris.iter().flatten().filter_map(|uri| self.redirect_uri(uri.as_str())).collect(),
        }
    }

    /// Not in MAS, which forgets them. Without a rule, signing out would send people wherever somebody likes.
    fn post_logout_redirect_uris(&self) -> Vec<Violation> {
        let uris = self.metadata.post_logout_redirect_uris.iter().flatten();
        let wrong = uris.filter_map(|uri| Some((uri, self.fault(uri.as_str())?)));
        let violation =
            |(uri, rule)| Violation::new(format!("post_logout_redirect_uri {uri} is not allowed: {rule}"));
        wrong.map(violation).collect()
    }

    fn redirect_uri(&self, uri: &str) -> Option<Violation> {
        let rule = self.fault(uri)?;
        Some(Violation {
            redirect_uri: Some(uri.to_owned()),
            ..Violation::new(format!("redirect_uri {uri} is not allowed: {rule}"))
        })
    }

    /// The rule that an address breaks to which people are sent back.
    fn fault(&self, uri: &str) -> Option<String> {
        let native = self.metadata.application_type.as_deref() == Some("native");
        if (native && self.is_native(uri)) || (self.is_secure(uri) && self.is_on_clients_host(uri)) {
            return None;
        }
        let otherwise = if native {
            "; a native client may also use http on localhost, 127.0.0.1 or [::1], or a scheme named after \
             client_uri's host backwards (com.example.app:/callback for example.com)"
        } else {
            ""
        };
        Some(format!("{SECURE}, and {SAME_HOST}{otherwise}"))
    }

    fn is_native(&self, uri: &str) -> bool {
        let Some(uri) = Uri::parse(uri) else { return false };
        let owner = self.client_uri.and_then(Uri::parse);
        uri.is_loopback() || owner.is_some_and(|owner| uri.is_private_use_scheme_of(&owner))
    }

    fn is_secure(&self, uri: &str) -> bool {
        self.rules.allow_insecure_uris || Uri::parse(uri).is_some_and(|uri| uri.is_secure())
    }

    /// Where a client may leave out `client_uri` and does, there is no host to compare with. (In MAS, allowing
    /// that also lifts the rule for clients that do have a `client_uri`.)
    fn is_on_clients_host(&self, uri: &str) -> bool {
        if self.rules.allow_host_mismatch {
            return true;
        }
        match self.client_uri {
            None => self.rules.allow_missing_client_uri,
            Some(owner) => {
                Uri::parse(owner).zip(Uri::parse(uri)).is_some_and(|(owner, uri)| uri.is_within(&owner))
            }
        }
    }
}

/// Only what the client says without a language is judged.
fn plain(link: &Option<Localized<Url>>) -> Option<&str> {
    link.as_ref().map(|link| link.plain.as_str())
}
