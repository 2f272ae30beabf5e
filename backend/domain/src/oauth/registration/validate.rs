//! The structure of the document: what must go together, whatever the operator's policy says. The first fault
//! wins, in the order of the functions here.

use kernel::jose::{Algorithm, Hmac, MOST_KEYS};
use serde_json::Value;
use url::Url;

use super::{AuthMethod, ClientMetadata, GrantType, Localized, RegistrationError, ResponseType};

type Verdict = Result<(), RegistrationError>;

/// Schemes that a browser runs or opens by itself instead of going somewhere.
const SCRIPTED: [&str; 5] = ["javascript", "data", "vbscript", "blob", "file"];

impl ClientMetadata {
    pub fn validate(&self) -> Verdict {
        self.redirect_uris_lead_back()?;
        self.response_types_fit_grants()?;
        self.keys_are_there()?;
        self.algorithms_are_named()?;
        self.login_can_start_safely()?;
        self.method_is_supported()?;
        self.subject_is_public()?;
        self.links_are_links()?;
        self.hosts_have_an_owner()
    }

    fn redirect_uris_lead_back(&self) -> Verdict {
        for uri in self.redirect_uris.iter().flatten() {
            if uri.fragment().is_some() {
                return Err(RegistrationError::redirect_uri(format!(
                    "the redirect URI {uri} has a fragment: register it without the part from # on"
                )));
            }
        }
        if let Some(uri) =
            self.post_logout_redirect_uris.iter().flatten().find(|uri| uri.fragment().is_some())
        {
            return Err(RegistrationError::metadata(format!(
                "an address of `post_logout_redirect_uris` ({uri}) has a fragment: register it without the part from # on"
            )));
        }
        if self.redirect_uris.is_none() && self.redirects() {
            return Err(RegistrationError::redirect_uri(
                "`redirect_uris` is missing: the grant types authorization_code (the default) and implicit need it",
            ));
        }
        Ok(())
    }

    fn response_types_fit_grants(&self) -> Verdict {
        let default = [ResponseType::code()];
        let types = match &self.response_types {
            Some(types) => types.as_slice(),
            None if self.redirects() => &default,
            None => &[],
        };
        for response in types {
            let words = [
                ("code", GrantType::AuthorizationCode),
                ("id_token", GrantType::Implicit),
                ("token", GrantType::Implicit),
            ];
            let missing =
                |(word, grant): &(&str, GrantType)| response.contains(word) && !self.has_grant(grant);
            if let Some((_, grant)) = words.iter().find(|pair| missing(pair)) {
                return Err(RegistrationError::metadata(format!(
                    "the response type `{response}` needs the grant type `{}`: add it to `grant_types` or change \
                     `response_types`",
                    grant.as_str()
                )));
            }
        }
        Ok(())
    }

    fn keys_are_there(&self) -> Verdict {
        if self.jwks.is_some() && self.jwks_uri.is_some() {
            return Err(RegistrationError::metadata(
                "`jwks` and `jwks_uri` exclude each other: send one of them",
            ));
        }
        let keys = self.jwks.as_ref().and_then(|set| set.as_json()["keys"].as_array());
        if keys.is_some_and(|keys| keys.len() > MOST_KEYS) {
            return Err(RegistrationError::metadata(format!("`jwks` may hold {MOST_KEYS} keys at most")));
        }
        let is_private = |key: &&Value| ["d", "k", "p", "q"].iter().any(|name| key.get(name).is_some());
        if keys.into_iter().flatten().any(|key| is_private(&key)) {
            return Err(RegistrationError::metadata(
                "`jwks` holds a private key or a secret, which is now known to others: make a new key, and send its \
                 public part only",
            ));
        }
        https("sector_identifier_uri", self.sector_identifier_uri.as_ref())?;
        let has_keys = self.jwks.is_some() || self.jwks_uri.is_some();
        if *self.auth_method() == AuthMethod::PrivateKeyJwt && !has_keys {
            return Err(RegistrationError::metadata(
                "`token_endpoint_auth_method` is private_key_jwt, but there is no key: send `jwks` or `jwks_uri`",
            ));
        }
        Ok(())
    }

    fn algorithms_are_named(&self) -> Verdict {
        let signing = self.token_endpoint_auth_signing_alg.as_deref();
        if signing == Some("none") {
            return Err(RegistrationError::metadata(
                "`token_endpoint_auth_signing_alg` must not be none: name the algorithm that signs the assertions",
            ));
        }
        // Absent, it means any algorithm that goes with the method (OpenID Connect Registration §2); MAS insists on it.
        let fits = |name: &str| match self.auth_method() {
            AuthMethod::PrivateKeyJwt => Algorithm::from_name(name).is_some(),
            AuthMethod::ClientSecretJwt => Hmac::from_name(name).is_some(),
            _ => true,
        };
        if let Some(name) = signing.filter(|name| !fits(name)) {
            return Err(RegistrationError::metadata(format!(
                "`token_endpoint_auth_signing_alg` `{name}` does not go with {}: see \
                 token_endpoint_auth_signing_alg_values_supported of the discovery document",
                self.auth_method().as_str()
            )));
        }
        let id_tokens = self.response_types.iter().flatten().any(|response| response.contains("id_token"));
        if id_tokens && self.id_token_signed_response_alg.as_deref() == Some("none") {
            return Err(RegistrationError::metadata(
                "`id_token_signed_response_alg` must not be none with a response type that contains id_token",
            ));
        }
        self.encryption_is_complete()
    }

    fn encryption_is_complete(&self) -> Verdict {
        let pairs = [
            (
                "id_token_encrypted_response",
                &self.id_token_encrypted_response_alg,
                &self.id_token_encrypted_response_enc,
            ),
            (
                "userinfo_encrypted_response",
                &self.userinfo_encrypted_response_alg,
                &self.userinfo_encrypted_response_enc,
            ),
            (
                "request_object_encryption",
                &self.request_object_encryption_alg,
                &self.request_object_encryption_enc,
            ),
            (
                "introspection_encrypted_response",
                &self.introspection_encrypted_response_alg,
                &self.introspection_encrypted_response_enc,
            ),
        ];
        match pairs.iter().find(|(_, alg, enc)| enc.is_some() && alg.is_none()) {
            Some((name, ..)) => {
                Err(RegistrationError::metadata(format!("`{name}_enc` needs `{name}_alg` as well")))
            }
            None => Ok(()),
        }
    }

    fn login_can_start_safely(&self) -> Verdict {
        https("initiate_login_uri", self.initiate_login_uri.as_ref())
    }

    /// MAS accepts any method; the client could then never use the token endpoint.
    /// Whoever counts on a name of its own for each person must learn that there is none (OpenID Connect Core §8).
    fn subject_is_public(&self) -> Verdict {
        match self.subject_type.as_deref() {
            None | Some("public") => Ok(()),
            Some(other) => Err(RegistrationError::metadata(format!(
                "`subject_type` `{other}` is not supported: every client knows a person by the same `sub`, which is `public`"
            ))),
        }
    }

    fn method_is_supported(&self) -> Verdict {
        match self.auth_method() {
            AuthMethod::Other(method) => Err(RegistrationError::metadata(format!(
                "`token_endpoint_auth_method` `{method}` is not supported: use none, client_secret_basic, \
                 client_secret_post, client_secret_jwt or private_key_jwt"
            ))),
            _ => Ok(()),
        }
    }

    /// Not in MAS: the policy can be told to allow any URI, but these would run in our own pages.
    fn links_are_links(&self) -> Verdict {
        let scripted = |uri: &&Url| SCRIPTED.contains(&uri.scheme());
        if let Some(uri) = self.redirect_uris.iter().flatten().find(scripted) {
            return Err(RegistrationError::redirect_uri(format!(
                "the redirect URI {uri} has the scheme {}: nobody can be sent back there",
                uri.scheme()
            )));
        }
        match self.links().find(|(_, uri)| scripted(uri)) {
            Some((name, uri)) => Err(RegistrationError::metadata(format!(
                "`{name}` ({uri}) must be the address of a web page"
            ))),
            None => Ok(()),
        }
    }

    /// Nobody owns `co.uk`: a client there could claim to be any of its neighbours.
    fn hosts_have_an_owner(&self) -> Verdict {
        let unowned = |uri: &Url| uri.host_str().is_some_and(is_public_suffix);
        if let Some((name, uri)) = self.links().find(|(_, uri)| unowned(uri)) {
            return Err(RegistrationError::metadata(format!(
                "the host of `{name}` ({uri}) is a public suffix, under which anybody can register: name a host \
                 of your own"
            )));
        }
        match self.redirect_uris.iter().flatten().find(|uri| unowned(uri)) {
            Some(uri) => Err(RegistrationError::redirect_uri(format!(
                "the host of the redirect URI {uri} is a public suffix, under which anybody can register: name a \
                 host of your own"
            ))),
            None => Ok(()),
        }
    }

    /// The addresses that people are shown or sent to, translations included.
    fn links(&self) -> impl Iterator<Item = (&'static str, &Url)> {
        let localized = [
            ("client_uri", &self.client_uri),
            ("logo_uri", &self.logo_uri),
            ("policy_uri", &self.policy_uri),
            ("tos_uri", &self.tos_uri),
        ];
        localized
            .into_iter()
            .flat_map(|(name, link)| link.iter().flat_map(Localized::all).map(move |uri| (name, uri)))
            .chain(self.initiate_login_uri.iter().map(|uri| ("initiate_login_uri", uri)))
            .chain(
                self.post_logout_redirect_uris.iter().flatten().map(|uri| ("post_logout_redirect_uris", uri)),
            )
    }
}

fn https(name: &str, uri: Option<&Url>) -> Verdict {
    match uri {
        Some(uri) if uri.scheme() != "https" => {
            Err(RegistrationError::metadata(format!("`{name}` ({uri}) must be an https URI")))
        }
        _ => Ok(()),
    }
}

/// Whether the whole host is an entry of the Public Suffix List, its private section included. The list's implicit
/// rule (any unlisted last label) does not count: `localhost` is nobody's registry.
fn is_public_suffix(host: &str) -> bool {
    let host = host.trim_matches('.');
    psl::suffix(host.as_bytes()).is_some_and(|suffix| suffix.is_known() && suffix == host)
}

#[cfg(test)]
mod tests;
