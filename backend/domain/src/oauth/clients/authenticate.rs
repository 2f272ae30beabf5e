//! Which client a request comes from, proven (RFC 6749 §2.3, OpenID Connect Core §9).

use std::sync::Arc;

use kernel::{
    Op, Result, Secret,
    id::ClientId,
    jose::{Claimed, Jws, PublicKeys, Verdict},
};
use store::Db;
use url::form_urlencoded;

use super::{Client, ClientSecret, Clients, bound_to};
use crate::oauth::{
    Code, Refusal,
    assertion::{Assertion, refused},
    client_keys::Address,
    registration::AuthMethod,
};

/// What a request brings to prove which client it comes from.
#[derive(Clone, Debug)]
pub enum Credentials {
    /// A `client_id` alone: a public client.
    None(ClientId),
    /// The password as it was sent.
    Basic(ClientId, Secret<String>),
    Post(ClientId, Secret<String>),
    Assertion(Assertion),
}

impl Credentials {
    /// Who the request says it comes from.
    pub const fn client(&self) -> ClientId {
        match self {
            Self::None(id) | Self::Basic(id, _) | Self::Post(id, _) => *id,
            Self::Assertion(assertion) => assertion.client,
        }
    }
}

impl Clients {
    /// A configured client with these credentials, without asking anybody: `None` if it is no configured one, or if
    /// more than memory is needed to tell.
    pub fn configured(&self, credentials: &Credentials) -> Option<Result<Arc<Client>, Refusal>> {
        if matches!(credentials, Credentials::Assertion(_)) {
            return None;
        }
        let client = self.configured.get(&credentials.client())?;
        Some(self.by_secret(client, credentials).map(|()| Arc::clone(client)))
    }

    /// The client that the credentials prove. May ask another server for its keys: never call it in a transaction.
    pub async fn authenticate(
        &self,
        db: &Db,
        op: &Op,
        credentials: &Credentials,
    ) -> Result<Arc<Client>, Refusal> {
        let Some(client) = self.get(db, credentials.client()).await? else {
            return Err(Code::InvalidClient.because("there is no client with this client_id"));
        };
        match credentials {
            // Boxed, because it is rare, and large.
            Credentials::Assertion(assertion) => {
                Box::pin(self.by_assertion(db, op, &client, assertion)).await?;
            }
            _ => self.by_secret(&client, credentials)?,
        }
        Ok(client)
    }

    fn by_secret(&self, client: &Client, credentials: &Credentials) -> Result<(), Refusal> {
        let is_proven = match (credentials, &client.auth_method) {
            (Credentials::None(_), AuthMethod::None) => true,
            (Credentials::Basic(_, sent), AuthMethod::ClientSecretBasic) => {
                let known = self.secret(client)?;
                known.as_ref().is_some_and(|known| is_basic_password(known, sent.expose()))
            }
            (Credentials::Post(_, sent), AuthMethod::ClientSecretPost) => {
                self.secret(client)?.is_some_and(|known| known.matches(sent.expose()))
            }
            _ => false,
        };
        if is_proven { Ok(()) } else { Err(mismatch(client)) }
    }

    async fn by_assertion(
        &self,
        db: &Db,
        op: &Op,
        client: &Client,
        assertion: &Assertion,
    ) -> Result<(), Refusal> {
        let jws = assertion.jws()?;
        if let Some(registered) = client.metadata.token_endpoint_auth_signing_alg.as_deref()
            && !jws.claimed.is_called(registered)
        {
            return Err(refused(format!("this client is registered to sign with {registered}")));
        }
        // The method decides which kind of algorithm may be used, never the JWT: a public key is no secret.
        match (&client.auth_method, jws.claimed) {
            (AuthMethod::ClientSecretJwt, Claimed::Secret(_))
            | (AuthMethod::PrivateKeyJwt, Claimed::Key(_)) => {}
            (AuthMethod::ClientSecretJwt, _) => {
                return Err(refused("it must be signed with the client's secret: HS256, HS384 or HS512"));
            }
            (AuthMethod::PrivateKeyJwt, _) => {
                return Err(refused("it must be signed with the client's private key, not with a secret"));
            }
            _ => return Err(mismatch(client)),
        }
        let sound = assertion.check(op, &jws, &self.identity.issuer, &self.identity.token_endpoint)?;
        if client.auth_method == AuthMethod::ClientSecretJwt {
            if !self.secret(client)?.is_some_and(|secret| jws.is_by_secret(secret.expose())) {
                return Err(refused("the signature does not fit the client's secret"));
            }
        } else {
            self.by_key(op, client, &jws).await?;
        }
        assertion.consume(db, &sound).await
    }

    async fn by_key(&self, op: &Op, client: &Client, jws: &Jws<'_>) -> Result<(), Refusal> {
        let metadata = &client.metadata;
        let verdict = if let Some(jwks) = &metadata.jwks {
            PublicKeys::read(jwks.as_json()).judge(jws)
        } else if let Some(uri) = &metadata.jwks_uri {
            let at = Address { uri, is_configured: client.is_static };
            let judged = self.keys.judge(&self.identity.outbound, op.now, at, jws).await;
            judged.map_err(|why| refused(format!("the client's jwks_uri {why}")))?
        } else {
            return Err(refused("the client has neither `jwks` nor `jwks_uri`"));
        };
        match verdict {
            Verdict::Good => Ok(()),
            Verdict::Bad => Err(refused("the signature does not fit the key that it names")),
            Verdict::NoSuchKey => Err(refused(
                "none of the client's keys fits: they need the `kid` and the type that the header of the JWT names",
            )),
        }
    }

    fn secret(&self, client: &Client) -> Result<Option<Secret<Vec<u8>>>> {
        match &client.secret {
            ClientSecret::None => Ok(None),
            ClientSecret::Configured(secret) => Ok(Some(Secret::new(secret.expose().clone().into_bytes()))),
            ClientSecret::Sealed(sealed) => self.vault.open(&bound_to(client.id), sealed).map(Some),
        }
    }
}

/// RFC 6749 §2.3.1 wants the password form-encoded; many clients, all that were written for MAS among them, send it as it
/// is. Generated secrets look the same either way. A configured one is taken as it is, and otherwise decoded.
fn is_basic_password(known: &Secret<Vec<u8>>, sent: &str) -> bool {
    known.matches(sent) || form_decoded(sent).is_some_and(|decoded| known.matches(decoded))
}

/// `None` for what an encoder would not have written.
fn form_decoded(text: &str) -> Option<String> {
    if text.contains(['=', '&']) {
        return None;
    }
    form_urlencoded::parse(text.as_bytes()).next().map(|(decoded, _)| decoded.into_owned())
}

fn mismatch(client: &Client) -> Refusal {
    Code::InvalidClient.because(format!(
        "client authentication failed: this client is registered for {}, and either another method was used or \
         the secret is wrong",
        client.auth_method.as_str()
    ))
}
