//! Taking over from Synapse's configuration.

use std::sync::Arc;

use kernel::{
    Op, SystemRandom, Timestamp,
    config::{
        BackchannelLogout, CaptchaService, DiscoveryMode, ImportAction, PasswordAlgorithm, RootConfig,
        UpstreamAuthMethod,
    },
};

use super::Case;
use crate::config::{import, template};

/// The file that `config generate` writes next to these Synapse files, loaded again.
fn generated(files: &[&str]) -> (RootConfig, Vec<String>) {
    let op = Op::new(Timestamp::from_secs(1_772_600_767), Arc::new(SystemRandom), "test");
    let files: Vec<String> = files.iter().map(|file| (*file).to_owned()).collect();
    let import = import(&op, &files).unwrap();
    let text = template::write(&op, &import).unwrap();
    (Case::new(&[&text]).load().check(true).unwrap(), import.warnings)
}

#[test]
fn a_generated_file_has_what_guides_tell_people_to_edit() {
    let (config, _) = generated(&[]);
    assert_eq!(config.http.public_base.as_str(), "http://localhost:8080/");
    assert_eq!(config.http.issuer.as_ref(), Some(&config.http.public_base));
    assert!(config.database.uri.as_ref().unwrap().is_sqlite());
    assert_eq!(config.secrets.keys.len(), 4);
    let keys: Vec<&str> = config
        .secrets
        .keys
        .iter()
        .map(|key| key.key.as_ref().unwrap().expose().lines().next().unwrap())
        .collect();
    assert_eq!(keys[0], "-----BEGIN RSA PRIVATE KEY-----");
    assert_eq!(keys[1..], ["-----BEGIN EC PRIVATE KEY-----"; 3]);
    assert_eq!(config.matrix.secret.as_ref().unwrap().expose().len(), 32);
    assert_ne!(config.matrix.secret, generated(&[]).0.matrix.secret);
}

#[test]
fn synapse_passes_on_names_passwords_captcha_and_switches() {
    let (config, warnings) = generated(&[
        "server_name: old.example\npublic_baseurl: https://matrix.example.com\nbcrypt_rounds: 13\npassword_config: {pepper: salty}",
        "server_name: example.com\nenable_3pid_changes: false\nenable_set_displayname: false\nenable_registration: true\n\
         enable_registration_captcha: true\nrecaptcha_public_key: site\nrecaptcha_private_key: private",
    ]);
    assert_eq!(config.matrix.homeserver, "example.com");
    assert_eq!(config.matrix.endpoint.as_str(), "https://matrix.example.com/");
    let [bcrypt, argon2id] = config.passwords.schemes.as_slice() else { panic!("two schemes") };
    assert_eq!((bcrypt.version, bcrypt.algorithm, bcrypt.cost), (1, PasswordAlgorithm::Bcrypt, Some(13)));
    assert!(bcrypt.unicode_normalization && bcrypt.secret.as_ref().unwrap().matches("salty"));
    assert_eq!((argon2id.version, argon2id.algorithm), (2, PasswordAlgorithm::Argon2id));
    assert_eq!(config.captcha.service, Some(CaptchaService::RecaptchaV2));
    assert!(!config.account.email_change_allowed && !config.account.displayname_change_allowed);
    // Nobody is to register without the captcha that Synapse asked for.
    assert!(!config.account.password_registration_enabled);
    assert_eq!(warnings.len(), 1, "{warnings:?}");
    assert!(warnings[0].contains("registration stays switched off"), "{warnings:?}");
    assert!(generated(&["enable_registration: true"]).0.account.password_registration_enabled);

    let (config, _) = generated(&["password_config: {enabled: false}"]);
    assert!(!config.passwords.enabled && !config.account.password_registration_enabled);
}

#[test]
fn identity_providers_are_taken_over_one_by_one() {
    let (config, warnings) = generated(&["
oidc_providers:
  - idp_id: github
    idp_name: GitHub
    idp_brand: github
    discover: false
    issuer: https://github.com/
    client_id: abc
    client_secret: def
    scopes: [read:user]
    backchannel_logout_enabled: true
    authorization_endpoint: https://github.com/login/oauth/authorize
    allow_existing_users: true
    user_mapping_provider:
      config: {subject_claim: id, localpart_template: '{{ user.login }}', confirm_localpart: true}
  - idp_id: plain
    issuer: https://id.example.com/
    client_id: xyz
  - idp_id: broken
    client_id: xyz
"]);
    let [github, plain] = config.upstream_oauth2.providers.as_slice() else { panic!("two providers") };
    assert_eq!(github.synapse_idp_id.as_deref(), Some("oidc-github"));
    assert_eq!(github.token_endpoint_auth_method, UpstreamAuthMethod::ClientSecretBasic);
    assert_eq!((github.discovery_mode, github.fetch_userinfo), (DiscoveryMode::Disabled, false));
    assert_eq!(github.on_backchannel_logout, BackchannelLogout::LogoutBrowserOnly);
    assert_eq!(github.claims_imports.subject.template.as_deref(), Some("{{ user.id }}"));
    assert_eq!(github.claims_imports.localpart.action, ImportAction::Suggest);
    assert_eq!(plain.token_endpoint_auth_method, UpstreamAuthMethod::None);
    assert_eq!((plain.scope.as_str(), plain.fetch_userinfo), ("openid", true));
    assert_ne!(github.id, plain.id);
    assert_eq!(
        warnings,
        [
            "provider oidc-github: `allow_existing_users` is not taken over",
            "provider oidc-broken has no issuer or no client_id: left out"
        ]
    );
}
