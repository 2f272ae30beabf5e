//! The registration document itself.

use aws_lc_rs::digest;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de, ser::SerializeMap};
use serde_json::{Map, Value};
use url::Url;

use super::{
    AuthMethod, Code, GrantType, Localized, RegistrationError, ResponseType,
    members::{Jwks, take},
};

/// One list gives the struct, its reading and its writing, so that no member can be forgotten in one of them. The
/// order of the list is the order of the canonical JSON, hence part of the digest: MAS's, so that clients which a
/// migration brings in are recognised.
macro_rules! document {
    (
        $(#[$doc:meta])* $name:ident
        { $($(#[$member_doc:meta])* $member:ident: $type:ty,)* }
        localized { $($text:ident: $text_type:ty,)* }
    ) => {
        $(#[$doc])*
        #[derive(Clone, Debug, Default, PartialEq)]
        pub struct $name {
            $($(#[$member_doc])* pub $member: Option<$type>,)*
            $(pub $text: Option<Localized<$text_type>>,)*
        }

        impl $name {
            fn read(mut from: Map<String, Value>) -> Result<Self, RegistrationError> {
                Ok(Self {
                    $($member: take(&mut from, stringify!($member))?,)*
                    $($text: Localized::take(&mut from, stringify!($text))?,)*
                })
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                let mut map = to.serialize_map(None)?;
                $(if let Some(value) = &self.$member { map.serialize_entry(stringify!($member), value)?; })*
                $(if let Some(value) = &self.$text { value.write(stringify!($text), &mut map)?; })*
                map.end()
            }
        }
    };
}

document! {
    /// What a client says about itself, as it said it: absent members stay absent, defaults are applied by the
    /// methods. Lists whose order means nothing are sorted.
    ClientMetadata {
        redirect_uris: Vec<Url>,
        response_types: Vec<ResponseType>,
        grant_types: Vec<GrantType>,
        /// `web`, `native` or anything else.
        application_type: String,
        contacts: Vec<String>,
        jwks_uri: Url,
        jwks: Jwks,
        software_id: String,
        software_version: String,
        sector_identifier_uri: Url,
        subject_type: String,
        token_endpoint_auth_method: AuthMethod,
        token_endpoint_auth_signing_alg: String,
        id_token_signed_response_alg: String,
        id_token_encrypted_response_alg: String,
        id_token_encrypted_response_enc: String,
        userinfo_signed_response_alg: String,
        userinfo_encrypted_response_alg: String,
        userinfo_encrypted_response_enc: String,
        request_object_signing_alg: String,
        request_object_encryption_alg: String,
        request_object_encryption_enc: String,
        /// In seconds.
        default_max_age: u64,
        require_auth_time: bool,
        default_acr_values: Vec<String>,
        initiate_login_uri: Url,
        request_uris: Vec<Url>,
        require_signed_request_object: bool,
        require_pushed_authorization_requests: bool,
        introspection_signed_response_alg: String,
        introspection_encrypted_response_alg: String,
        introspection_encrypted_response_enc: String,
        post_logout_redirect_uris: Vec<Url>,
    }
    localized {
        client_name: String,
        logo_uri: Url,
        client_uri: Url,
        policy_uri: Url,
        tos_uri: Url,
    }
}

/// Reads the body of a registration request. Members that are not known are ignored.
pub fn parse(body: &[u8]) -> Result<ClientMetadata, RegistrationError> {
    let body: Value = serde_json::from_slice(body).map_err(|cause| {
        RegistrationError::new(Code::InvalidRequest, format!("the body is not valid JSON: {cause}"))
    })?;
    if has_nul(&body) {
        return Err(RegistrationError::metadata("the body contains a NUL character, which is not allowed"));
    }
    match body {
        Value::Object(members) => ClientMetadata::sorted(members),
        _ => Err(RegistrationError::metadata("the body must be a JSON object with the client's metadata")),
    }
}

/// PostgreSQL cannot keep it.
fn has_nul(value: &Value) -> bool {
    match value {
        Value::String(text) => text.contains('\0'),
        Value::Array(list) => list.iter().any(has_nul),
        Value::Object(members) => members.iter().any(|(name, value)| name.contains('\0') || has_nul(value)),
        _ => false,
    }
}

impl ClientMetadata {
    fn sorted(members: Map<String, Value>) -> Result<Self, RegistrationError> {
        let mut metadata = Self::read(members)?;
        sort(&mut metadata.redirect_uris);
        sort(&mut metadata.response_types);
        sort(&mut metadata.grant_types);
        sort(&mut metadata.contacts);
        sort(&mut metadata.default_acr_values);
        sort(&mut metadata.request_uris);
        sort(&mut metadata.post_logout_redirect_uris);
        Ok(metadata)
    }

    /// Lower-case hexadecimal SHA-256 of the canonical JSON. Two clients without a secret that introduce
    /// themselves alike are one client; take it before [`Self::without_device_grant`].
    pub fn digest(&self) -> String {
        let canonical = serde_json::to_vec(self).expect("strings, numbers and lists serialise");
        let hash = digest::digest(&digest::SHA256, &canonical);
        hash.as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// For servers that do not offer the device grant: the client is registered without it.
    #[must_use]
    pub fn without_device_grant(mut self) -> Self {
        if let Some(grants) = &mut self.grant_types {
            grants.retain(|grant| *grant != GrantType::DeviceCode);
        }
        self
    }

    /// Whether the client asks for this grant, `authorization_code` being the default.
    pub fn has_grant(&self, grant: &GrantType) -> bool {
        match &self.grant_types {
            Some(grants) => grants.contains(grant),
            None => *grant == GrantType::AuthorizationCode,
        }
    }

    /// Takes a grant out of what the client asks for.
    pub fn forgo(&mut self, grant: &GrantType) {
        if let Some(grants) = &mut self.grant_types {
            grants.retain(|asked| asked != grant);
        }
    }

    /// Whether the client's people come back by redirect.
    pub fn redirects(&self) -> bool {
        self.has_grant(&GrantType::AuthorizationCode) || self.has_grant(&GrantType::Implicit)
    }

    /// The grants that the client may use later: those that this service has. Others are accepted and forgotten.
    pub fn granted(&self) -> Vec<GrantType> {
        use GrantType::{AuthorizationCode, ClientCredentials, DeviceCode, RefreshToken};
        let offered = [AuthorizationCode, RefreshToken, ClientCredentials, DeviceCode];
        offered.into_iter().filter(|grant| self.has_grant(grant)).collect()
    }

    /// `client_secret_basic` unless said otherwise (RFC 7591 §2). Public clients must say `none`.
    pub fn auth_method(&self) -> &AuthMethod {
        self.token_endpoint_auth_method.as_ref().unwrap_or(&AuthMethod::ClientSecretBasic)
    }

    /// Whether a secret has to be issued. Such a client is always a new one, whatever its digest.
    pub fn needs_secret(&self) -> bool {
        use AuthMethod::{ClientSecretBasic, ClientSecretJwt, ClientSecretPost};
        matches!(self.auth_method(), ClientSecretBasic | ClientSecretPost | ClientSecretJwt)
    }
}

fn sort<T: Ord>(list: &mut Option<Vec<T>>) {
    if let Some(list) = list {
        list.sort();
    }
}

impl<'de> Deserialize<'de> for ClientMetadata {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Self::sorted(Map::deserialize(from)?).map_err(|error| de::Error::custom(error.description))
    }
}

#[cfg(test)]
mod tests;
