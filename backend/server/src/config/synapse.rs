//! What a new configuration takes over from Synapse's: names, password hashing, captcha, identity providers.

use kernel::{Error, Kind, Op, Result, id::UpstreamProviderId};
use serde::Deserialize;
use serde_json::{Map, Value as Json};

use super::node::{Node, Origin, Value, from_yaml};

/// What was found.
#[derive(Debug, Default)]
pub struct Import {
    pub homeserver: Option<String>,
    pub endpoint: Option<String>,
    /// Whole sections, each under its own key, ready to be written.
    pub sections: Vec<(&'static str, Node)>,
    /// What could not be taken over.
    pub warnings: Vec<String>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Synapse {
    server_name: Option<String>,
    public_baseurl: Option<String>,
    enable_3pid_changes: Option<bool>,
    enable_set_displayname: Option<bool>,
    enable_set_display_name: Option<bool>,
    enable_registration: bool,
    enable_registration_captcha: bool,
    recaptcha_public_key: Option<String>,
    recaptcha_private_key: Option<String>,
    bcrypt_rounds: Option<u64>,
    password_config: PasswordConfig,
    oidc_config: Option<Provider>,
    oidc_providers: Vec<Provider>,
}

#[derive(Deserialize)]
#[serde(default)]
struct PasswordConfig {
    #[serde(deserialize_with = "switch")]
    enabled: bool,
    pepper: Option<String>,
}

/// Besides on and off, Synapse knows `only_for_reauth`, which keeps passwords.
fn switch<'de, D: serde::Deserializer<'de>>(from: D) -> Result<bool, D::Error> {
    Json::deserialize(from).map(|value| value != Json::Bool(false))
}

#[derive(Deserialize)]
#[serde(default)]
struct Provider {
    #[serde(deserialize_with = "switch")]
    enabled: bool,
    idp_id: Option<String>,
    idp_name: Option<String>,
    idp_brand: Option<String>,
    issuer: Option<String>,
    #[serde(deserialize_with = "switch")]
    discover: bool,
    skip_verification: bool,
    client_id: Option<String>,
    client_secret: Option<String>,
    client_secret_path: Option<String>,
    client_auth_method: Option<String>,
    pkce_method: Option<String>,
    scopes: Vec<String>,
    user_profile_method: Option<String>,
    authorization_endpoint: Option<String>,
    token_endpoint: Option<String>,
    userinfo_endpoint: Option<String>,
    jwks_uri: Option<String>,
    backchannel_logout_enabled: bool,
    user_mapping_provider: MappingProvider,
    additional_authorization_parameters: Map<String, Json>,
    #[serde(flatten)]
    rest: Map<String, Json>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct MappingProvider {
    module: Option<String>,
    config: Mapping,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Mapping {
    subject_template: Option<String>,
    subject_claim: Option<String>,
    localpart_template: Option<String>,
    display_name_template: Option<String>,
    email_template: Option<String>,
    confirm_localpart: bool,
}

impl Default for PasswordConfig {
    fn default() -> Self {
        Self { enabled: true, pepper: None }
    }
}

impl Default for Provider {
    fn default() -> Self {
        Self {
            enabled: true,
            idp_id: None,
            idp_name: None,
            idp_brand: None,
            issuer: None,
            discover: true,
            skip_verification: false,
            client_id: None,
            client_secret: None,
            client_secret_path: None,
            client_auth_method: None,
            pkce_method: None,
            scopes: vec!["openid".to_owned()],
            user_profile_method: None,
            authorization_endpoint: None,
            token_endpoint: None,
            userinfo_endpoint: None,
            jwks_uri: None,
            backchannel_logout_enabled: false,
            user_mapping_provider: MappingProvider::default(),
            additional_authorization_parameters: Map::new(),
            rest: Map::new(),
        }
    }
}

/// Reads Synapse's files as Synapse does: at the top level, the later file wins. No files: nothing is imported.
pub fn import(op: &Op, files: &[String]) -> Result<Import> {
    if files.is_empty() {
        return Ok(Import::default());
    }
    let unreadable = |error: String| {
        Error::new(Kind::Invalid, "the Synapse configuration is not readable").caused_by(error)
    };
    let mut merged = Map::new();
    for text in files {
        let file: Map<String, Json> = from_yaml(text).map_err(unreadable)?;
        merged.extend(file.into_iter().filter(|(_, value)| !value.is_null()));
    }
    let synapse: Synapse = serde_path_to_error::deserialize(Json::Object(merged))
        // What serde found there may be a secret: only the place is named.
        .map_err(|error| unreadable(format!("`{}` has an unexpected form", error.path())))?;
    Ok(translate(op, synapse))
}

fn translate(op: &Op, synapse: Synapse) -> Import {
    let mut import = Import {
        homeserver: synapse.server_name.clone(),
        endpoint: synapse.public_baseurl.clone(),
        ..Import::default()
    };
    import.put("passwords", passwords(&synapse));
    if synapse.enable_registration_captcha {
        import.put("captcha", captcha(&synapse));
        if synapse.enable_registration {
            let why = "registration stays switched off: it takes no captcha yet, and Synapse asks for one";
            import.warnings.push(why.to_owned());
        }
    }
    import.put("account", account(&synapse));

    let legacy = synapse.oidc_config.into_iter().map(|provider| ("oidc".to_owned(), provider));
    let listed = synapse.oidc_providers.into_iter().map(|provider| {
        let id = provider.idp_id.as_deref().map_or("oidc".to_owned(), |id| format!("oidc-{id}"));
        (id, provider)
    });
    let mut providers = Vec::new();
    for (synapse_id, provider) in legacy.chain(listed).filter(|(_, provider)| provider.enabled) {
        if provider.issuer.is_none() || provider.client_id.is_none() {
            import.warnings.push(format!("provider {synapse_id} has no issuer or no client_id: left out"));
            continue;
        }
        import.warnings.extend(losses(&synapse_id, &provider));
        providers.push(provider_node(op, &synapse_id, provider));
    }
    if !providers.is_empty() {
        import.put("upstream_oauth2", map([("providers", Some(Value::List(providers)))]));
    }
    import
}

impl Import {
    fn put(&mut self, name: &'static str, section: Value) {
        self.sections.push((name, node(map([(name, Some(section))]))));
    }
}

fn passwords(synapse: &Synapse) -> Value {
    if !synapse.password_config.enabled {
        return map([("enabled", Some(Value::Bool(false)))]);
    }
    let bcrypt = map([
        ("version", number(1)),
        ("algorithm", text("bcrypt")),
        ("unicode_normalization", Some(Value::Bool(true))),
        ("cost", synapse.bcrypt_rounds.and_then(number)),
        (
            "secret",
            synapse.password_config.pepper.as_deref().filter(|pepper| !pepper.is_empty()).and_then(text),
        ),
    ]);
    let argon2id = map([("version", number(2)), ("algorithm", text("argon2id"))]);
    map([
        ("enabled", Some(Value::Bool(true))),
        ("schemes", Some(Value::List(vec![node(bcrypt), node(argon2id)]))),
        ("minimum_complexity", number(3)),
    ])
}

fn captcha(synapse: &Synapse) -> Value {
    map([
        ("service", text("recaptcha_v2")),
        ("site_key", synapse.recaptcha_public_key.as_deref().and_then(text)),
        ("secret_key", synapse.recaptcha_private_key.as_deref().and_then(text)),
    ])
}

fn account(synapse: &Synapse) -> Value {
    let displayname = synapse.enable_set_displayname.or(synapse.enable_set_display_name).unwrap_or(true);
    // The captcha that there was would be missing.
    let opens = synapse.enable_registration && !synapse.enable_registration_captcha;
    let registration = synapse.password_config.enabled.then_some(opens);
    map([
        ("email_change_allowed", synapse.enable_3pid_changes.map(Value::Bool)),
        ("displayname_change_allowed", Some(Value::Bool(displayname))),
        ("password_registration_enabled", registration.map(Value::Bool)),
    ])
}

fn provider_node(op: &Op, synapse_id: &str, provider: Provider) -> Node {
    let has_secret = provider.client_secret.is_some() || provider.client_secret_path.is_some();
    let method = provider.client_auth_method.as_deref();
    let method = method.unwrap_or(if has_secret { "client_secret_basic" } else { "none" });
    let discovery = match (provider.discover, provider.skip_verification) {
        (false, _) => Some("disabled"),
        (true, true) => Some("insecure"),
        (true, false) => None,
    };
    let fetches = match provider.user_profile_method.as_deref() {
        Some("userinfo_endpoint") => true,
        _ => provider.scopes.iter().any(|scope| scope == "openid"),
    };
    let response_mode = provider.additional_authorization_parameters.get("response_mode");
    let optional = |value: Option<String>| value.map(Value::Text);
    let id: UpstreamProviderId = op.id();
    node(map([
        ("id", text(&id.to_string())),
        ("synapse_idp_id", text(synapse_id)),
        ("issuer", optional(provider.issuer)),
        ("human_name", optional(provider.idp_name)),
        ("brand_name", optional(provider.idp_brand)),
        ("client_id", optional(provider.client_id)),
        ("client_secret", optional(provider.client_secret)),
        ("client_secret_file", optional(provider.client_secret_path)),
        ("token_endpoint_auth_method", text(method)),
        ("scope", text(&provider.scopes.join(" "))),
        ("discovery_mode", discovery.and_then(text)),
        ("pkce_method", optional(provider.pkce_method)),
        ("fetch_userinfo", Some(Value::Bool(fetches))),
        ("authorization_endpoint", optional(provider.authorization_endpoint)),
        ("userinfo_endpoint", optional(provider.userinfo_endpoint)),
        ("token_endpoint", optional(provider.token_endpoint)),
        ("jwks_uri", optional(provider.jwks_uri)),
        ("response_mode", response_mode.and_then(Json::as_str).and_then(text)),
        ("claims_imports", Some(claims(provider.user_mapping_provider.config))),
        (
            "on_backchannel_logout",
            provider.backchannel_logout_enabled.then(|| text("logout_browser_only")).flatten(),
        ),
    ]))
}

fn claims(mapping: Mapping) -> Value {
    let claim = mapping.subject_claim.map(|claim| format!("{{{{ user.{claim} }}}}"));
    let subject = mapping.subject_template.or(claim);
    let import = |template: Option<String>, action: &str| {
        template.map(|template| map([("action", text(action)), ("template", text(&template))]))
    };
    let localpart = if mapping.confirm_localpart { "suggest" } else { "require" };
    map([
        ("subject", subject.map(|template| map([("template", text(&template))]))),
        ("localpart", import(mapping.localpart_template, localpart)),
        ("displayname", import(mapping.display_name_template, "force")),
        ("email", import(mapping.email_template, "force")),
    ])
}

/// What Synapse does for a provider and this service does not.
fn losses(synapse_id: &str, provider: &Provider) -> Vec<String> {
    let mut lost: Vec<String> = ["client_secret_jwt_key", "attribute_requirements", "allow_existing_users"]
        .into_iter()
        .filter(|key| provider.rest.contains_key(*key))
        .map(str::to_owned)
        .collect();
    if provider.user_mapping_provider.module.is_some() {
        lost.push("user_mapping_provider.module".to_owned());
    }
    let more = provider.additional_authorization_parameters.keys().filter(|key| *key != "response_mode");
    lost.extend(more.map(|key| format!("additional_authorization_parameters.{key}")));
    lost.into_iter().map(|key| format!("provider {synapse_id}: `{key}` is not taken over")).collect()
}

fn node(value: Value) -> Node {
    Node::new(value, Origin::Default)
}

fn text(text: &str) -> Option<Value> {
    Some(Value::Text(text.to_owned()))
}

fn number(number: u64) -> Option<Value> {
    Some(Value::Number(number.into()))
}

fn map<const N: usize>(entries: [(&str, Option<Value>); N]) -> Value {
    let present = entries.into_iter().filter_map(|(key, value)| Some((key.to_owned(), node(value?))));
    Value::Map(present.collect())
}
