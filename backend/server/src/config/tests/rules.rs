//! What a refusal says.

use super::with_minimal;

/// The one problem of a minimal file with `rest`, without its place.
fn problem(rest: &str) -> String {
    let text = with_minimal(rest).refusal();
    assert!(!text.contains('\n'), "several problems: {text}");
    text.split(" (1.yaml").next().unwrap().to_owned()
}

#[test]
fn all_problems_are_named_with_their_places() {
    let refusal = with_minimal(
        "
http:
  public_base: ftp://x/?q
  listeners:
    - resources: []
      binds: [{prot: 8080}, {port: 99999}]
    - resources: [{name: nope}]
      binds: []
passwords:
  schemes: [{version: 1, algorithm: md5}, {version: 2, algorithm: bcrypt, cost: 2}]
email: {}
clients:
  - client_auth_method: none
    client_secret: 5
",
    )
    .refusal();
    insta::assert_snapshot!(refusal);
}

#[test]
fn each_rule_of_a_section_has_its_sentence() {
    let listener = |keys: &str| {
        format!(
            "http: {{public_base: 'https://a/', listeners: [{{resources: [{{name: health}}], binds: [{{port: 1}}], {keys}}}]}}"
        )
    };
    let provider = |keys: &str| {
        format!("upstream_oauth2: {{providers: [{{id: 01K2C31V80V37E3S3E28JT97KB, client_id: x, {keys}}}]}}")
    };
    let client = |keys: &str| format!("clients: [{{client_id: 01K2C31V80V37E3S3E28JT97KB, {keys}}}]");
    let none = "issuer: 'https://i/', token_endpoint_auth_method: none";
    let cases = [
        "http: {}".to_owned(),
        "http: {public_base: 'https://a/'}".into(),
        "http: {public_base: 'https://u@a/', listeners: [{resources: [{name: health}], binds: [{port: 1}]}]}".into(),
        "http: {public_base: 'https://a/', issuer: 'https://a/#x', listeners: [{resources: [{name: health}], binds: [{port: 1}]}]}".into(),
        "http: {public_base: 'https://a/', trusted_proxies: [10.0.0.0/33], listeners: [{resources: [{name: health}], binds: [{port: 1}]}]}".into(),
        "http: {public_base: 'https://a/', listeners: [{resources: [{name: health}], binds: [{port: 1}, {port: 1}]}]}".into(),
        "http: {public_base: 'https://a/', listeners: [{resources: [{name: health}], binds: [{host: x}]}]}".into(),
        "http: {public_base: 'https://a/', listeners: [{resources: [{name: health}], binds: [{address: 'localhost:80'}]}]}".into(),
        "http: {public_base: 'https://a/', listeners: [{resources: [{name: health}], binds: [{socket: /s, mode: '999'}]}]}".into(),
        listener("tls: {certificate: a}"),
        listener("tls: {certificate: a, certificate_file: b, key_file: k}"),
        listener("tls: {certificate: a, key: a, key_file: k}"),
        listener("tls: {certificate: a, key: a, password: a, password_file: b}"),
        "database: {uri: 'mysql://u:hunter2@h/d'}".into(),
        "database: {uri: 'postgres://h', host: x}".into(),
        "database: {uri: 'sqlite://x', ssl_mode: require}".into(),
        "database: {password: a, password_file: b}".into(),
        "database: {ssl_ca: a, ssl_ca_file: b}".into(),
        "database: {ssl_certificate: a}".into(),
        "database: {ssl_key_file: a}".into(),
        "database: {max_connections: 0}".into(),
        "database: {port: 0}".into(),
        "database: {min_connections: 11}".into(),
        "database: {idle_timeout: -1}".into(),
        "matrix: {secret_file: x}".into(),
        "matrix: {kind: dendrite}".into(),
        "matrix: {endpoint: 'unix:/x'}".into(),
        "matrix: {homeserver: 'https://example.com'}".into(),
        "secrets: {encryption_file: x}".into(),
        "secrets: {encryption: abc}".into(),
        "secrets: {keys: [{kid: x}]}".into(),
        "secrets: {keys: [hunter2]}".into(),
        "secrets: {keys: hunter2}".into(),
        "passwords: {enabled: null}".into(),
        "policy: {data: [hunter2]}".into(),
        "account: {login_with_email_allowed: hunter2}".into(),
        "http: {public_base: 'https://a/', listeners: [{resources: [hunter2], binds: [{port: 1}]}]}".into(),
        "http: {public_base: example.com, listeners: [{resources: [{name: health}], binds: [{port: 1}]}]}".into(),
        "secrets: {keys: [{key: a, key_file: b}]}".into(),
        "secrets: {keys: [{key: a, password: a, password_file: b}]}".into(),
        client("client_auth_method: none, client_secret: x"),
        client("client_auth_method: client_secret_basic"),
        client("client_auth_method: client_secret_post, client_secret: x, client_secret_file: y"),
        client("client_auth_method: client_secret_jwt, client_secret: x, jwks_uri: 'https://a/'"),
        client("client_auth_method: private_key_jwt"),
        client("client_auth_method: private_key_jwt, jwks: {keys: []}, jwks_uri: 'https://a/'"),
        client("client_auth_method: private_key_jwt, jwks: {keys: [{kty: OKP, d: x}]}"),
        client("client_auth_method: tls_client_auth"),
        "clients: [{client_id: 01K2C31V80V37E3S3E28JT97KI, client_auth_method: none}]".into(),
        "passwords: {schemes: []}".into(),
        "passwords: {minimum_complexity: 5}".into(),
        "passwords: {schemes: [{version: 1, algorithm: bcrypt}, {version: 1, algorithm: argon2id}]}".into(),
        "passwords: {schemes: [{version: 1, algorithm: bcrypt, secret: a, secret_file: b}]}".into(),
        "oauth: {refresh_token_overlap: 61}".into(),
        "email: {transport: smtp, hostname: h}".into(),
        "email: {transport: smtp, mode: tls}".into(),
        "email: {transport: smtp, mode: tls, hostname: h, command: x}".into(),
        "email: {transport: smtp, mode: tls, hostname: h, username: u}".into(),
        "email: {transport: smtp, mode: tls, hostname: h, password: p}".into(),
        "email: {transport: sendmail}".into(),
        "email: {transport: sendmail, command: x, hostname: h}".into(),
        "email: {transport: blackhole, from: nobody}".into(),
        provider("token_endpoint_auth_method: none"),
        provider(&format!("{none}, client_secret: x")),
        provider(&format!("{none}, token_endpoint_auth_signing_alg: RS256")),
        provider(&format!("{none}, sign_in_with_apple: {{private_key: k, team_id: t, key_id: k}}")),
        provider("issuer: 'https://i/', token_endpoint_auth_method: client_secret_post"),
        provider("issuer: 'https://i/', token_endpoint_auth_method: private_key_jwt"),
        provider("issuer: 'https://i/', token_endpoint_auth_method: sign_in_with_apple"),
        provider("issuer: 'https://i/', token_endpoint_auth_method: sign_in_with_apple, sign_in_with_apple: {team_id: t, key_id: k}"),
        provider(&format!("{none}, claims_imports: {{skip_confirmation: true}}")),
        provider(&format!("{none}, claims_imports: {{skip_confirmation: true, localpart: {{action: require}}, email: {{action: suggest}}}}")),
        provider(&format!("{none}, claims_imports: {{localpart: {{on_conflict: add}}}}")),
        "upstream_oauth2: {}".into(),
        "rate_limiting: {login: {per_ip: {burst: 1, per_second: 0.0}}}".into(),
        "rate_limiting: {email_authentication: {per_ip: {burst: 0, per_second: 1.0}}}".into(),
        "rate_limiting: {registration: {burst: 1}}".into(),
        "captcha: {service: hcaptcha, site_key: x}".into(),
        "telemetry: {tracing: {sample_rate: 1.5}}".into(),
        "telemetry: {sentry: {dsn: 'https://sentry.example/1'}}".into(),
        "experimental: {inactive_session_expiration: {}}".into(),
        "experimental: {session_limit: {soft_limit: 5, hard_limit: 4}}".into(),
        "experimental: {session_limit: {soft_limit: 1, hard_limit: 1, dangerous_hard_limit_eviction: true}}".into(),
        "experimental: {access_token_ttl: 0}".into(),
    ];
    let sentences: Vec<String> = cases.iter().map(|case| problem(case)).collect();
    assert!(!sentences.concat().contains("hunter2"));
    insta::assert_snapshot!(sentences.join("\n"));
}
