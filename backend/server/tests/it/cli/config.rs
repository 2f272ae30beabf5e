//! `mas-cli config …`

use std::os::unix::fs::PermissionsExt;

use super::Shell;

const MINIMAL: &str = "secrets: {encryption: 0f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c4b5a69788796a5b4c3d2e1f0}\n\
                       matrix: {secret: hunter2}\n";

#[test]
fn a_generated_file_is_private_and_passes_the_strict_check() {
    let shell = Shell::new();
    let made = shell.run("config generate -o config.yaml").ok();
    assert_eq!(made.stdout, "");
    let mode = std::fs::metadata(shell.path().join("config.yaml")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);

    let checked = shell.run("config check --strict").ok();
    assert_eq!(checked.stdout, "");
    assert!(checked.stderr.contains(" INFO ") && checked.stderr.contains("The configuration is good"));
    assert!(!checked.stderr.contains("WARN"), "{}", checked.stderr);
}

#[test]
fn generate_writes_to_standard_output_and_takes_over_from_synapse() {
    let shell = Shell::new();
    shell
        .write("homeserver.yaml", "server_name: example.com\n")
        .write("more.yaml", "enable_registration: true\n");
    let made = shell.run("config generate -s homeserver.yaml --synapse-config more.yaml").ok();
    assert!(made.stdout.contains("homeserver: \"example.com\""), "{}", made.stdout);
    assert!(made.stdout.contains("password_registration_enabled: true"), "{}", made.stdout);

    let missing = shell.run("config generate -s nowhere.yaml");
    assert_eq!(missing.code, 1);
    assert!(missing.stderr.contains("Error: cannot read the Synapse configuration nowhere.yaml"));
}

#[test]
fn config_files_add_up_before_and_after_the_command() {
    let shell = Shell::new();
    shell
        .write("a.yaml", MINIMAL)
        .write("b.yaml", "branding: {imprint: b}")
        .write("c.yaml", "branding: {imprint: c}");
    for arguments in [
        "-c a.yaml --config b.yaml config dump -c c.yaml",
        "config -c a.yaml dump --config=b.yaml -cc.yaml",
        "config dump -c a.yaml -c b.yaml -c c.yaml",
    ] {
        let dumped = shell.run(arguments).ok();
        assert!(dumped.stdout.contains("imprint: c"), "{arguments}: {}", dumped.stdout);
    }
    let by_environment = Shell::new().env("MAS_CONFIG", "a.yaml:b.yaml");
    by_environment.write("a.yaml", MINIMAL).write("b.yaml", "branding: {imprint: b}");
    assert!(by_environment.run("config dump").ok().stdout.contains("imprint: b"));
}

#[test]
fn an_error_is_one_block_on_stderr_with_exit_code_1() {
    let shell = Shell::new();
    let missing = shell.run("config check -c gone.yaml");
    assert_eq!(missing.code, 1);
    assert!(
        missing.stderr.starts_with("Error: cannot read the config file gone.yaml: "),
        "{}",
        missing.stderr
    );

    shell.write("config.yaml", "secrets: {encryption: abc}\nmatrix: {}\n");
    let refused = shell.run("config check");
    assert_eq!((refused.code, refused.stdout.as_str()), (1, ""));
    assert_eq!(
        refused.stderr,
        "Error: the configuration has 2 problems\n\nCaused by:\n    \
         0: secrets.encryption: must be exactly 64 hexadecimal digits (32 bytes) (config.yaml, line 1)\n    \
         1: matrix: give `secret` or `secret_file` (config.yaml, line 2)\n"
    );
}

#[test]
fn wrong_usage_is_exit_code_2_and_the_version_one_line() {
    let shell = Shell::new();
    assert_eq!(shell.run("config chekc").code, 2);
    assert_eq!(shell.run("config check --lax").code, 2);
    let version = shell.run("--version").ok().stdout;
    assert!(version.starts_with("mas-cli v") && version.lines().count() == 1, "{version}");
}

#[test]
fn an_unknown_key_warns_and_is_an_error_when_strict() {
    let shell = Shell::new();
    shell.write("config.yaml", &format!("{MINIMAL}exampel: value\nmatrxi: {{}}\n"));
    let lenient = shell.run("config check").ok();
    assert!(lenient.stderr.contains("WARN") && lenient.stderr.contains("exampel: is not a known key"));
    let strict = shell.run("config check --strict");
    assert_eq!(strict.code, 1);
    assert!(strict.stderr.contains("matrxi: is not a known key and is ignored; did you mean `matrix`?"));
}

#[test]
fn repeated_clients_warn() {
    let shell = Shell::new();
    let client = "{client_id: 0000000000000000000SYNAPSE, client_auth_method: none}";
    shell.write("config.yaml", &format!("{MINIMAL}clients: [{client}, {client}]"));
    let checked = shell.run("config check").ok();
    assert!(checked.stderr.contains("clients.1: has the client_id of clients.0"), "{}", checked.stderr);
}

#[test]
fn a_dump_masks_secrets_says_so_and_can_be_told_not_to() {
    let shell = Shell::new();
    shell.write("config.yaml", MINIMAL);
    let masked = shell.run("config dump").ok();
    assert!(!masked.stdout.contains("hunter2") && !masked.stderr.contains("hunter2"));
    assert!(masked.stderr.contains("--show-secrets"), "{}", masked.stderr);

    shell.run("config dump --show-secrets -o clear.yaml").ok();
    assert!(shell.read("clear.yaml").contains("secret: hunter2"));
    shell.run("config check --strict -c clear.yaml").ok();
    let again = shell.run("config dump --show-secrets -c clear.yaml").ok();
    assert_eq!(again.stdout, shell.read("clear.yaml"));
}

#[test]
fn a_dotenv_file_is_read_and_does_not_override() {
    let shell = Shell::new().env("MAS__BRANDING__IMPRINT", "from the environment");
    shell.write("config.yaml", MINIMAL);
    shell.write(
        ".env",
        "MAS__BRANDING__IMPRINT=\"from the file\"\nMAS__EMAIL__TRANSPORT=blackhole\nMAS_TEMPLATES_PATH=/t\n",
    );
    let dumped = shell.run("config dump").ok();
    assert!(dumped.stdout.contains("imprint: from the environment"), "{}", dumped.stdout);
    assert!(dumped.stdout.contains("path: /t"), "{}", dumped.stdout);
    assert!(dumped.stderr.contains(".env"), "{}", dumped.stderr);

    shell.write(".env", "SECRET hunter2\n");
    let malformed = shell.run("config dump").ok();
    assert!(
        malformed.stderr.contains("WARN") && !malformed.stderr.contains("hunter2"),
        "{}",
        malformed.stderr
    );
}

#[test]
fn the_log_is_filtered_by_rust_log() {
    let shell = Shell::new().env("RUST_LOG", "warn");
    shell.write("config.yaml", MINIMAL);
    assert_eq!(shell.run("config check").ok().stderr, "");
}

/// After a change to the structs: `mas-cli config schema > docs/config.schema.json`.
#[test]
fn the_committed_schema_is_that_of_the_structs() {
    let schema = Shell::new().run("config schema").ok().stdout;
    assert!(
        schema == include_str!("../../../../../docs/config.schema.json"),
        "docs/config.schema.json is out of date"
    );
    let schema: serde_json::Value = serde_json::from_str(&schema).unwrap();
    assert_eq!(schema["title"], "RootConfig");
    assert_eq!(schema["required"], serde_json::json!(["secrets", "matrix"]));
}
