//! What the operator and the service's own abilities demand of a registration, beyond its structure and the policy.

use kernel::jose::Algorithm;
use url::Url;

use super::{ClientMetadata, RegistrationError};
use crate::oauth::redirect_uri::is_loopback;

/// `oauth.registration`
#[derive(Clone, Debug)]
pub struct Rules {
    pub enabled: bool,
    /// Hosts that clients may belong to, with all below them; any, when empty.
    pub allowed_hosts: Vec<String>,
}

impl Rules {
    /// Whether the client belongs to an allowed host and asks for nothing that this service cannot sign.
    pub fn check(&self, metadata: &ClientMetadata, signing: &[Algorithm]) -> Result<(), RegistrationError> {
        self.check_hosts(metadata)?;
        check_algorithms(metadata, signing)
    }

    fn check_hosts(&self, metadata: &ClientMetadata) -> Result<(), RegistrationError> {
        if self.allowed_hosts.is_empty() {
            return Ok(());
        }
        let allowed = self.allowed_hosts.join(", ");
        let home = metadata.client_uri.as_ref().ok_or_else(|| {
            RegistrationError::metadata(format!(
                "`client_uri` is missing: only clients of these hosts may register here: {allowed}"
            ))
        })?;
        if let Some(uri) = home.all().find(|uri| !self.allows(uri)) {
            return Err(RegistrationError::metadata(format!(
                "the host of `client_uri` ({uri}) may not register clients here; allowed are: {allowed}"
            )));
        }
        // Loopback addresses and schemes of apps lead to the person's own device: the policy ties them to `client_uri`.
        let mut web = metadata.redirect_uris.iter().flatten().filter(|uri| is_web(uri) && !is_loopback(uri));
        match web.find(|uri| !self.allows(uri)) {
            Some(uri) => Err(RegistrationError::redirect_uri(format!(
                "the host of the redirect URI {uri} is not allowed here; allowed are: {allowed}"
            ))),
            None => Ok(()),
        }
    }

    fn allows(&self, uri: &Url) -> bool {
        let Some(host) = uri.host_str() else { return false };
        let within = |allowed: &String| {
            host.strip_suffix(allowed.as_str()).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
        };
        self.allowed_hosts.iter().any(within)
    }
}

fn is_web(uri: &Url) -> bool {
    matches!(uri.scheme(), "http" | "https")
}

/// Whether the client asks for nothing that this service cannot sign. In MAS, one that asks for an algorithm which no key
/// can do is registered and can then never sign anybody in.
pub fn check_algorithms(metadata: &ClientMetadata, signing: &[Algorithm]) -> Result<(), RegistrationError> {
    for (member, wanted) in [
        ("id_token_signed_response_alg", &metadata.id_token_signed_response_alg),
        ("userinfo_signed_response_alg", &metadata.userinfo_signed_response_alg),
    ] {
        let Some(wanted) = wanted.as_deref() else { continue };
        if !Algorithm::from_name(wanted).is_some_and(|algorithm| signing.contains(&algorithm)) {
            let offered: Vec<_> = signing.iter().map(|algorithm| algorithm.as_str()).collect();
            return Err(RegistrationError::metadata(format!(
                "`{member}` `{wanted}` is not supported: this service signs with {}",
                offered.join(", ")
            )));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{super::parse, *};

    fn check(allowed: &[&str], document: Value) -> Result<(), String> {
        let allowed_hosts = allowed.iter().map(|host| (*host).to_owned()).collect();
        let rules = Rules { enabled: true, allowed_hosts };
        let metadata = parse(document.to_string().as_bytes()).unwrap();
        rules.check(&metadata, &[Algorithm::Rs256, Algorithm::EdDsa]).map_err(|error| error.to_string())
    }

    #[test]
    fn hosts_are_compared_whole_or_by_label() {
        let client = |home: &str, redirect: &str| json!({ "client_uri": home, "redirect_uris": [redirect] });
        let good = [
            ("https://example.com/", "https://example.com/cb"),
            ("https://app.example.com/", "https://app.example.com:8443/cb"),
            ("https://example.com/", "http://localhost:1234/cb"),
            ("https://example.com/", "http://[::1]/cb"),
            ("https://example.com/", "com.example:/cb"),
        ];
        for (home, redirect) in good {
            assert_eq!(check(&["example.com"], client(home, redirect)), Ok(()), "{home} {redirect}");
            assert_eq!(check(&[], client(home, redirect)), Ok(()));
        }
        for (home, redirect, naming) in [
            ("https://example.org/", "https://example.com/cb", "https://example.org/"),
            ("https://badexample.com/", "https://example.com/cb", "https://badexample.com/"),
            ("https://example.com.evil.test/", "https://example.com/cb", "evil.test"),
            ("https://example.com/", "https://example.org/cb", "https://example.org/cb"),
            ("https://example.com/", "https://example.com@example.org/cb", "example.org/cb"),
        ] {
            let refused = check(&["example.com"], client(home, redirect)).unwrap_err();
            assert!(refused.contains(naming), "{refused}");
        }
        let refused = check(&["example.com"], json!({ "redirect_uris": [] })).unwrap_err();
        assert!(refused.contains("`client_uri` is missing"), "{refused}");
        let translated =
            json!({ "client_uri": "https://example.com/", "client_uri#de": "https://example.org/" });
        assert!(check(&["example.com"], translated).unwrap_err().contains("https://example.org/"));
    }

    #[test]
    fn only_algorithms_that_a_key_can_do_may_be_asked_for() {
        for member in ["id_token_signed_response_alg", "userinfo_signed_response_alg"] {
            for good in ["RS256", "EdDSA"] {
                assert_eq!(check(&[], json!({ member: good })), Ok(()));
            }
            for bad in ["ES256", "HS256", "none", "rs256", ""] {
                let refused = check(&[], json!({ member: bad })).unwrap_err();
                assert!(refused.contains(member) && refused.contains("RS256, EdDSA"), "{refused}");
            }
        }
    }
}
