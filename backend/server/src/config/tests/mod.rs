//! Promises of the loader, on configurations as they are found in the wild.

use kernel::config::{
    Bind, ClientsConfig, DatabaseConfig, DatabaseTarget, HomeserverKind, MatrixConfig, PasswordsConfig,
    Resource, RootConfig, Seconds,
};

use super::{Options, Source, environment::Environment, unbuilt};

mod import;
mod rules;

const MINIMAL: &str = r#"
secrets:
  encryption: "0f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c4b5a69788796a5b4c3d2e1f0"
  keys:
    - key_file: /etc/auth/rsa.pem
matrix:
  secret: "shared-with-synapse"
"#;

/// A folder with files, and an environment.
struct Case {
    directory: tempfile::TempDir,
    options: Options,
}

impl Case {
    fn new(files: &[&str]) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let mut options = Options {
            files: Vec::new(),
            environment: Environment::new(),
            directory: directory.path().to_owned(),
        };
        for (index, text) in files.iter().enumerate() {
            let name = format!("{index}.yaml");
            std::fs::write(directory.path().join(&name), text).unwrap();
            options.files.push(name.into());
        }
        Self { directory, options }
    }

    fn env(mut self, name: &str, value: &str) -> Self {
        self.options.environment.insert(name.to_owned(), value.to_owned());
        self
    }

    fn load(&self) -> Source {
        Source::load(&self.options).unwrap_or_else(|error| panic!("{}", explain(&error)))
    }

    fn all(&self) -> RootConfig {
        self.load().all().unwrap_or_else(|error| panic!("{}", explain(&error)))
    }

    /// What a check says, one problem per line.
    fn refusal(&self) -> String {
        explain(&Source::load(&self.options).and_then(|source| source.check(false)).unwrap_err())
    }

    fn strict(&self) -> String {
        explain(&self.load().check(true).unwrap_err())
    }
}

fn explain(error: &kernel::Error) -> String {
    error.cause.as_ref().map_or(error.public.to_string(), |cause| format!("{}\n{cause}", error.public))
}

fn with_minimal(rest: &str) -> Case {
    Case::new(&[MINIMAL, rest])
}

#[test]
fn the_smallest_file_gets_the_defaults_of_absent_sections() {
    let config = Case::new(&[MINIMAL]).all();
    assert_eq!(config.http.public_base.as_str(), "http://[::]:8080/");
    assert_eq!(config.http.issuer(), &config.http.public_base);
    assert_eq!(config.http.listeners.len(), 2);
    assert_eq!(config.http.listeners[0].binds, [Bind::Address { address: "[::]:8080".parse().unwrap() }]);
    assert!(config.http.trusted_proxies.iter().any(|network| network.to_string() == "10.0.0.0/8"));
    assert_eq!(config.passwords, PasswordsConfig::default());
    assert_eq!(config.matrix.homeserver, "localhost:8008");
    assert_eq!(config.oauth.refresh_token_overlap, Seconds(10));
    assert!(config.oauth.end_session_on_replay);
    assert_eq!(config.rate_limiting.device_code_link.burst.get(), 10);
}

#[test]
fn the_realistic_and_the_prefix_deployment_load() {
    let config = Case::new(&[r#"
http:
  public_base: https://auth.example.com/
  listeners:
    - name: web
      resources: [{name: discovery}, {name: human}, {name: oauth}, {name: compat}, {name: graphql}, {name: assets}, {name: adminapi}]
      binds: [{host: localhost, port: 8080}]
    - name: internal
      resources: [{name: health}, {name: prometheus}]
      binds: [{host: localhost, port: 8081}]
database:
  host: db.internal
  username: mas
  password_file: /run/secrets/db
  database: mas
matrix:
  homeserver: example.com
  endpoint: http://synapse:8008
  secret_file: /run/secrets/mas-shared
secrets:
  encryption_file: /run/secrets/encryption
  keys_dir: /run/secrets/keys
email:
  transport: smtp
  mode: starttls
  hostname: smtp.example.com
  from: '"Accounts" <no-reply@example.com>'
"#])
    .all();
    assert_eq!(config.matrix.endpoint.as_str(), "http://synapse:8008/");
    assert_eq!(config.email.from.name.as_deref(), Some("Accounts"));

    let prefixed = with_minimal(
        "
http:
  public_base: https://example.com/account
  listeners:
    - prefix: /account/
      resources: [{name: discovery}, {name: graphql}, {name: assets}]
      binds: [{port: 8080}]
    - resources: [{name: compat}]
      binds: [{port: 8082}]
",
    )
    .all();
    assert_eq!(prefixed.http.public_base.as_str(), "https://example.com/account/");
}

/// As the Helm chart renders it, with `additional` fragments of its users.
#[test]
fn a_rendered_ess_configuration_loads_and_unknown_keys_only_warn() {
    let case = Case::new(&[r#"
example: value
policy:
  data:
    admin_clients: []
    admin_users: []
    client_registration: {allow_host_mismatch: false, allow_insecure_uris: false}
experimental:
  session_limit: {soft_limit: 50, hard_limit: 50}
http:
  public_base: "https://account.example.com"
  listeners:
  - name: web
    binds:
    - host: 0.0.0.0
      port: 8080
    resources:
    - name: human
    - name: discovery
    - name: oauth
    - name: compat
    - name: assets
    - name: graphql
      undocumented_oauth2_access: true
    - name: adminapi
  - name: internal
    binds:
    - host: 0.0.0.0
      port: 8081
    resources:
    - name: health
    - name: prometheus
    - name: connection-info
database:
  host: "postgres.example.svc.cluster.local"
  port: 5432
  username: "matrixauthenticationservice_user"
  password_file: "/secrets/generated/POSTGRES_PASSWORD"
  database: matrixauthenticationservice
  ssl_mode: prefer
telemetry:
  metrics:
    exporter: prometheus
clients:
- client_id: "0000000000000000000SYNAPSE"
  client_auth_method: client_secret_basic
  client_secret: abc
matrix:
  homeserver: "example.com"
  secret_file: /secrets/generated/SYNAPSE_SHARED_SECRET
  endpoint: "http://synapse.example.svc.cluster.local:8008"
  kind: synapse_modern
secrets:
  encryption_file: /secrets/generated/ENCRYPTION_SECRET
  keys:
  - key_file: /secrets/generated/RSA_PRIVATE_KEY
  - key_file: /secrets/generated/ECDSA_PRIME256V1_PRIVATE_KEY
"#]);
    let config = case.load().check(false).unwrap();
    assert_eq!(config.http.public_base.as_str(), "https://account.example.com/");
    assert_eq!(config.clients.0[0].client_id.to_string(), "0000000000000000000SYNAPSE");
    assert_eq!(config.matrix.kind, HomeserverKind::SynapseModern);
    let graphql = Resource::Graphql { playground: false, undocumented_oauth2_access: true };
    assert!(config.http.listeners[0].resources.contains(&graphql));
    assert_eq!(case.strict(), "example: is not a known key and is ignored (0.yaml, line 2)");
}

#[test]
fn maps_merge_lists_concatenate_and_the_rest_is_replaced() {
    let config = Case::new(&[
        MINIMAL,
        "branding: {imprint: one, policy_uri: 'https://a.example/'}\nclients: [{client_id: 01K2C31V80V37E3S3E28JT97KB, client_auth_method: none}]",
        "branding: {imprint: two}\nclients: [{client_id: 01K2C31V80V37E3S3E28JT97KC, client_auth_method: none}]",
    ])
    .all();
    assert_eq!(config.branding.imprint.as_deref(), Some("two"));
    assert_eq!(config.branding.policy_uri.unwrap().as_str(), "https://a.example/");
    let ids: Vec<String> = config.clients.0.iter().map(|client| client.client_id.to_string()).collect();
    assert_eq!(ids, ["01K2C31V80V37E3S3E28JT97KB", "01K2C31V80V37E3S3E28JT97KC"]);
}

#[test]
fn files_win_over_mas_variables_and_lose_to_double_underscores() {
    let case = || Case::new(&[MINIMAL, "branding: {imprint: file}"]);
    assert_eq!(case().env("MAS_BRANDING_IMPRINT", "env").all().branding.imprint.unwrap(), "file");
    assert_eq!(case().env("MAS__BRANDING__IMPRINT", "env").all().branding.imprint.unwrap(), "env");
    let legacy = Case::new(&[MINIMAL]).env("mas_Branding.Imprint", " env ").all();
    assert_eq!(legacy.branding.imprint.unwrap(), "env");
}

#[test]
fn double_underscores_reach_keys_with_underscores_and_into_lists() {
    let config = Case::new(&[
        MINIMAL,
        "http: {public_base: 'https://a/', listeners: [{resources: [{name: health}], binds: [{port: 1}]}]}",
    ])
    .env("MAS__HTTP__PUBLIC_BASE", "https://b.example")
    .env("MAS__HTTP__TRUSTED_PROXIES", "[10.1.0.0/16, 192.0.2.1]")
    .env("MAS__HTTP__LISTENERS__0__BINDS__0__PORT", "8090")
    .env("MAS__HTTP__LISTENERS__0__BINDS__1__ADDRESS", "127.0.0.1:8091")
    .all();
    assert_eq!(config.http.public_base.as_str(), "https://b.example/");
    let networks: Vec<String> = config.http.trusted_proxies.iter().map(ToString::to_string).collect();
    assert_eq!(networks, ["10.1.0.0/16", "192.0.2.1/32"]);
    let address = "127.0.0.1:8091".parse().unwrap();
    assert_eq!(
        config.http.listeners[0].binds,
        [Bind::Port { host: None, port: 8090 }, Bind::Address { address }]
    );
}

#[test]
fn double_underscores_make_lists_where_there_are_none() {
    let case = (0..12).fold(Case::new(&[MINIMAL]), |case, n| {
        case.env(&format!("MAS__SECRETS__KEYS__{}__KID", n + 1), &format!("k{n}"))
            .env(&format!("MAS__SECRETS__KEYS__{}__KEY_FILE", n + 1), "/key")
    });
    let kids: Vec<String> = case.all().secrets.keys.into_iter().filter_map(|key| key.kid).collect();
    assert_eq!(kids, (0..12).map(|n| format!("k{n}")).collect::<Vec<_>>());

    let config = Case::new(&["secrets: {keys_dir: /keys}\nmatrix: {kind: none}"])
        .env("MAS__SECRETS__ENCRYPTION_FILE", "/encryption")
        .env("MAS__CLIENTS__0__CLIENT_ID", "01K2C31V80V37E3S3E28JT97KB")
        .env("MAS__CLIENTS__0__CLIENT_AUTH_METHOD", "none")
        .env("MAS__CLIENTS__0__REDIRECT_URIS__0", "https://a.example/")
        .all();
    assert_eq!(config.clients.0[0].redirect_uris[0].as_str(), "https://a.example/");
}

#[test]
fn a_worker_needs_neither_listeners_nor_clients() {
    let source = with_minimal("http: {public_base: 'https://a/'}\nclients: 5").load();
    assert!(source.for_worker().unwrap().clients.0.is_empty());
    assert!(source.for_server(false).is_err());
    let listening = with_minimal("upstream_oauth2: 5").load();
    listening.for_server(false).unwrap();
    assert!(listening.for_server(true).is_err());
}

#[test]
fn values_of_variables_are_read_as_documented() {
    let parse = |text: &str| super::variable::parse(text, &super::node::Origin::Default).json();
    for (text, value) in [
        ("true", serde_json::json!(true)),
        ("-3", serde_json::json!(-3)),
        ("0.5", serde_json::json!(0.5)),
        ("127.0.0.1", serde_json::json!("127.0.0.1")),
        (r#""12\n345""#, serde_json::json!("12\n345")),
        ("[a, 2, \"x,y\"]", serde_json::json!(["a", 2, "x,y"])),
        ("[]", serde_json::json!([])),
        ("{a=1, b=[x], \"c d\"={e=true}}", serde_json::json!({"a": 1, "b": ["x"], "c d": {"e": true}})),
        ("[::]:8080", serde_json::json!("[::]:8080")),
        ("[unfinished", serde_json::json!("[unfinished")),
        ("\"a\" and \"b\"", serde_json::json!("\"a\" and \"b\"")),
        ("", serde_json::json!("")),
        (" a=b ", serde_json::json!("a=b")),
        ("99999999999999999999999", serde_json::json!("99999999999999999999999")),
    ] {
        assert_eq!(parse(text), value, "{text}");
    }
}

#[test]
fn a_numeric_password_says_to_quote_it_and_is_not_quoted() {
    let refusal = Case::new(&[MINIMAL]).env("MAS_DATABASE_PASSWORD", "918273").refusal();
    assert_eq!(
        refusal,
        "database.password: is no text: put it in quotes if it is a number (environment variable MAS_DATABASE_PASSWORD)"
    );
    let target = Case::new(&[MINIMAL]).env("MAS_DATABASE_PASSWORD", "\"918273\"").all().database;
    assert!(target.password.is_some());
}

#[test]
fn files_are_searched_upwards_and_a_named_one_must_exist() {
    let mut case = Case::new(&[MINIMAL]);
    let below = case.directory.path().join("a/b");
    std::fs::create_dir_all(&below).unwrap();
    case.options.directory = below;
    assert_eq!(case.load().files().len(), 1);

    case.options.files.clear();
    case.options.environment.insert("MAS_CONFIG".into(), "0.yaml:gone.yaml".into());
    assert!(case.refusal().starts_with("cannot read the config file gone.yaml: "), "{}", case.refusal());
    case.options.environment.insert("MAS_CONFIG".into(), "0.yaml".into());
    assert_eq!(case.load().files().len(), 1);

    case.options.environment.clear();
    let refusal = case.refusal();
    assert!(refusal.contains("secrets: this section is required"), "{refusal}");
    assert!(refusal.contains("no config file was found"), "{refusal}");
    std::fs::write(case.directory.path().join("config.yaml"), MINIMAL).unwrap();
    case.all();
}

#[test]
fn without_a_word_about_a_database_it_is_an_sqlite_file() {
    let target = |case: Case| case.load().section::<DatabaseConfig>().unwrap().target(None);
    let sqlite = DatabaseTarget::Sqlite { uri: "sqlite://data/latchkey.db?mode=rwc".into() };
    assert_eq!(target(Case::new(&["{}"])), sqlite);
    assert_eq!(target(Case::new(&["database:"])), sqlite);
    for postgres in [
        Case::new(&["database: {host: db}"]),
        Case::new(&["database: {}"]),
        Case::new(&["database: {uri: 'postgresql://u:p@h/d'}"]),
        Case::new(&["{}"]).env("PGHOST", "db"),
        Case::new(&["{}"]).env("MAS_DATABASE_HOST", "db"),
        Case::new(&["{}"]).env("MAS__DATABASE__HOST", "db"),
    ] {
        assert!(matches!(target(postgres), DatabaseTarget::Postgres(_)));
    }
    let own = DatabaseTarget::Sqlite { uri: "sqlite:///var/lib/x.db".into() };
    assert_eq!(target(Case::new(&["database: {uri: 'sqlite:///var/lib/x.db'}"])), own);
}

#[test]
fn a_command_needs_only_the_sections_it_asks_for() {
    let source = Case::new(&["database: {host: db}\nemail: 5\nmatrix: {kind: none}"]).load();
    let (database, matrix) = source.sections::<(DatabaseConfig, MatrixConfig)>().unwrap();
    assert_eq!((database.host.as_deref(), matrix.kind), (Some("db"), HomeserverKind::None));
    assert!(source.section::<ClientsConfig>().unwrap().0.is_empty());
    assert!(source.all().is_err());
}

#[test]
fn what_mas_accepts_is_accepted() {
    for rest in [
        "passwords: {enabled: false, schemes: []}",
        "clients: [{client_id: 01k2c31v80v37e3s3e28jt97kb, client_auth_method: none}]",
        "http: {public_base: 'https://a/', listeners: [{resources: [{name: health}], binds: [{fd: 1}, {kind: unix}, {socket: /s, mode: '660'}, {port: 0}, {port: 0}]}]}",
        "branding: {logo_uri: x}",
        "email: {transport: sendmail, command: sendmail, password_file: x}",
        "database: {idle_timeout: null, max_lifetime: ~}",
        "branding:",
        "telemetry: {tracing: {propagators: [tracecontext, baggage, jaeger]}, sentry: {dsn: ''}}",
        "upstream_oauth2: {providers: [{id: 01K2C31V80V37E3S3E28JT97KB, client_id: x, token_endpoint_auth_method: none, discovery_mode: disabled}]}",
        "templates: {path: no}",
    ] {
        with_minimal(rest).load().check(false).unwrap_or_else(|error| panic!("{rest}: {}", explain(&error)));
    }
}

#[test]
fn a_misspelt_key_is_named_with_its_neighbour() {
    for (rest, hint) in [
        ("passwords: {minimum_complexty: 2}", "; did you mean `passwords.minimum_complexity`?"),
        ("passwort: {}", "; did you mean `passwords`?"),
        ("trusted_proxies: []", "; did you mean `http.trusted_proxies`?"),
        ("secrets: {keys: [{key: a, pasword: x}]}", "; did you mean `secrets.keys.1.password`?"),
        ("zzz: 1", ""),
    ] {
        let text = with_minimal(rest).strict();
        assert!(text.contains(&format!("is not a known key and is ignored{hint} (1.yaml")), "{text}");
    }
    let text = with_minimal("http: {public_base: 'https://a/', listeners: [{resources: [{name: health, playground: true}], binds: [{port: 1}]}]}").strict();
    assert!(text.starts_with("http.listeners.0.resources.0.playground: is not a known key"), "{text}");
}

#[test]
fn a_variable_that_cannot_reach_its_key_is_told_how() {
    let case = with_minimal(
        "http: {public_base: 'https://a/', listeners: [{resources: [{name: health}], binds: [{port: 1}]}]}",
    )
    .env("MAS_HTTP_PUBLIC_BASE", "https://b/")
    .env("MAS_PORT_8080_TCP", "tcp://of-a-kubernetes-service");
    assert_eq!(
        case.strict(),
        "http.public: is not a known key and is ignored; use MAS__HTTP__PUBLIC_BASE (two underscores between keys) \
         (environment variable MAS_HTTP_PUBLIC_BASE)"
    );
}

#[test]
fn keys_without_effect_say_so_unless_they_are_at_their_default() {
    let notices = |rest: &str| unbuilt::notices(&with_minimal(rest).all());
    assert_eq!(notices(""), [""; 0]);
    assert_eq!(notices("captcha: {}\naccount: {password_registration_enabled: false}"), [""; 0]);
    assert_eq!(
        notices("captcha: {service: hcaptcha, site_key: a, secret_key: b}"),
        [
            "captcha.service has no effect yet: registering takes no captcha, so it cannot be switched on with one"
        ]
    );
}

#[test]
fn nobody_registers_without_the_captcha_that_is_configured() {
    let captcha = "captcha: {service: hcaptcha, site_key: a, secret_key: b}\n";
    let open = "account: {password_registration_enabled: true}\n";
    with_minimal(captcha).load().check(false).unwrap();
    with_minimal(open).load().check(false).unwrap();
    with_minimal(&format!("{captcha}{open}passwords: {{enabled: false}}")).load().check(false).unwrap();
    for refused in [
        with_minimal(&format!("{captcha}{open}")).load().check(false),
        with_minimal(&format!("{captcha}{open}")).load().for_worker(),
    ] {
        let text = explain(&refused.unwrap_err());
        assert!(text.contains("captcha.service: is not built yet"), "{text}");
    }
}

#[test]
fn a_dump_masks_every_secret_and_loads_again_with_them() {
    let secrets = with_minimal(
        "
database: {uri: 'postgres://mas:hunter2@db/mas?sslmode=require'}
clients: [{client_id: 01K2C31V80V37E3S3E28JT97KB, client_auth_method: client_secret_basic, client_secret: hunter2}]
email: {transport: smtp, mode: tls, hostname: h, username: u, password: hunter2}
captcha: {service: hcaptcha, site_key: a, secret_key: hunter2}
telemetry: {sentry: {dsn: 'https://hunter2@sentry.example/1'}}
secrets: {keys: [{key: hunter2, password: hunter2}]}
passwords: {schemes: [{version: 1, algorithm: bcrypt, secret: hunter2}]}
policy: {compat_login_entrypoint: mine/violation}
upstream_oauth2: {providers: [{id: 01K2C31V80V37E3S3E28JT97KB, issuer: x, client_id: x, token_endpoint_auth_method: client_secret_post, client_secret: hunter2}]}
",
    );
    let (source, config) = (secrets.load(), secrets.all());
    let masked = super::dump::yaml(&source, &config, false).unwrap();
    assert!(!masked.contains("hunter2") && !masked.contains("shared-with-synapse"), "{masked}");
    assert!(masked.contains("postgres://mas:[redacted]@db/mas?sslmode=require"), "{masked}");
    assert!(masked.contains("compat_login_entrypoint: mine/violation"), "{masked}");

    let clear = super::dump::yaml(&source, &config, true).unwrap();
    let again = Case::new(&[&clear]);
    assert_eq!(again.all(), config);
}

#[test]
fn errors_of_yaml_name_the_line_and_not_the_text() {
    let refusal = Case::new(&["matrix:\n  secret: \"hunter2\n"]).refusal();
    assert!(refusal.starts_with("0.yaml is not readable as YAML"), "{refusal}");
    assert!(refusal.contains("line 3") && !refusal.contains("hunter2"), "{refusal}");
    assert!(Case::new(&["a: 1\na: 2\n"]).refusal().contains("line 2"));
    assert!(Case::new(&["- a\n"]).refusal().contains("at the top level"));
}
