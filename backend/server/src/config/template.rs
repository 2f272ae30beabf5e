//! The file that `config generate` writes: short, and explaining itself.

use std::fmt::Write as _;

use kernel::{
    Op, Result, Secret,
    jose::{KeyKind, generate_pem},
};

use super::{Import, dump::to_yaml};

const HEAD: &str = "\
# Configuration of the authentication service.
#
# Every key is described in docs/config.schema.json; `mas-cli config check` tells what is wrong with this file,
# and `mas-cli config dump` shows it with all defaults. Paths are relative to the working directory. Any key can
# be set from the environment, too: MAS__HTTP__PUBLIC_BASE sets http.public_base.
#
# This file holds secrets: keep it readable for the service only.
";

const HTTP: &str = "\
http:
  # The address at which browsers reach the service, and what it calls itself in tokens: change both together.
  public_base: http://localhost:8080/
  issuer: http://localhost:8080/
  listeners:
    # What people and clients need.
    - name: web
      resources:
        - name: discovery
        - name: human
        - name: oauth
        - name: compat
        - name: graphql
        - name: assets
      binds:
        - address: \"[::]:8080\"
    # For monitoring only.
    - name: internal
      resources:
        - name: health
      binds:
        - host: localhost
          port: 8081
  # The reverse proxies whose X-Forwarded-For header is believed.
  trusted_proxies:
    - 192.168.0.0/16
    - 172.16.0.0/12
    - 10.0.0.0/8
    - 127.0.0.1/8
    - fd00::/8
    - ::1/128
";

const EMAIL: &str = "\
email:
  from: '\"Authentication Service\" <root@localhost>'
  reply_to: '\"Authentication Service\" <root@localhost>'
  # `blackhole` sends nothing. To send mail: transport: smtp, mode: starttls, hostname, username, password.
  transport: blackhole
";

const PASSWORDS: &str = "\
passwords:
  enabled: true
  # The highest version hashes new passwords. Never change a scheme in use: add one.
  schemes:
    - version: 1
      algorithm: argon2id
  # From 0 (anything) to 4 (very hard to guess).
  minimum_complexity: 3
";

/// Sections in the order of the reference, with fresh secrets and what was imported.
pub fn write(op: &Op, import: &Import) -> Result<String> {
    let section = |name: &str| -> Result<Option<String>> {
        import.sections.iter().find(|(key, _)| *key == name).map(|(_, node)| to_yaml(node)).transpose()
    };
    let mut parts = vec![HEAD.to_owned(), HTTP.to_owned(), database(), EMAIL.to_owned(), secrets(op)?];
    parts.push(section("passwords")?.unwrap_or_else(|| PASSWORDS.to_owned()));
    parts.push(matrix(op, import)?);
    for name in ["upstream_oauth2", "captcha", "account"] {
        parts.extend(section(name)?);
    }
    Ok(parts.join("\n"))
}

fn database() -> String {
    format!(
        "\
database:
  # An SQLite file, or a PostgreSQL database: postgres://user:password@host/database
  uri: {}
",
        super::source::DEFAULT_DATABASE
    )
}

fn secrets(op: &Op) -> Result<String> {
    let bytes: [u8; 32] = op.random().bytes();
    let mut digits = String::with_capacity(64);
    for byte in bytes {
        let _ = write!(digits, "{byte:02x}");
    }
    let mut text = format!(
        "\
secrets:
  # Encrypts cookies, and secrets in the database. Changing it signs everybody out.
  encryption: \"{digits}\"
  # The keys that sign tokens; clients need the RSA one.
  keys:
"
    );
    for kind in [KeyKind::Rsa2048, KeyKind::P256, KeyKind::P384, KeyKind::Secp256k1] {
        let pem: Secret<String> = generate_pem(kind)?;
        text.push_str("    - key: |\n");
        for line in pem.expose().lines() {
            let _ = writeln!(text, "        {line}");
        }
    }
    Ok(text)
}

fn matrix(op: &Op, import: &Import) -> Result<String> {
    let quoted = |text: &str| serde_json::to_string(text).map_err(kernel::Error::internal);
    Ok(format!(
        "\
matrix:
  kind: synapse
  # The Matrix server name: the right side of user ids.
  homeserver: {}
  # Where the service reaches the homeserver.
  endpoint: {}
  # Synapse gets the same: matrix_authentication_service.secret
  secret: \"{}\"
",
        quoted(import.homeserver.as_deref().unwrap_or("localhost:8008"))?,
        quoted(import.endpoint.as_deref().unwrap_or("http://localhost:8008/"))?,
        op.alphanumeric(32),
    ))
}
