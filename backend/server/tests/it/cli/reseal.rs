//! `mas-cli database reseal`

use kernel::{Secret, SystemRandom, seal::Vault};

use super::Shell;

/// Of every [`Shell`] with a database.
const FIRST: &str = "0f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c4b5a69788796a5b4c3d2e1f0";
const CLIENT: &str = "01K2C31V80V37E3S3E28JT97KA";

fn vault(digits: &str) -> Vault {
    let byte = |at: usize| u8::from_str_radix(&digits[2 * at..2 * at + 2], 16).unwrap();
    Vault::new(Secret::new(std::array::from_fn(byte)), Vec::new())
}

#[test]
fn after_a_rotation_everything_moves_to_the_new_secret() {
    let (shell, database) = Shell::migrated();
    let client: kernel::id::ClientId = CLIENT.parse().unwrap();
    let id = match database.uri().starts_with("sqlite") {
        true => format!("x'{}'", client.0.simple()),
        false => format!("'{}'", client.0),
    };
    let sealed = vault(FIRST).seal(&format!("client/{CLIENT}"), b"a client's secret", &SystemRandom);
    database.execute(&format!(
        "INSERT INTO oauth_clients (id, is_static, auth_method, secret_box, grant_types, name, metadata, created_at) \
         VALUES ({id}, FALSE, 'client_secret_basic', '{sealed}', '', 'dynamic', '{{}}', 0)"
    ));
    let second = FIRST.replace('0', "9");
    shell.write("config.yaml", &format!("matrix: {{kind: none}}\nsecrets: {{encryption: '{second}'}}\n"));
    shell.run("database reseal").fails(1, &format!("client/{CLIENT} needs the encryption secret"));

    // As editors leave it: with a newline at its end.
    shell.write("former", &format!("{FIRST}\n"));
    shell.write(
        "config.yaml",
        &format!(
            "matrix: {{kind: none}}\n\
             secrets: {{encryption: '{second}', former_encryption: [encryption_file: former]}}\n"
        ),
    );
    let moved = shell.run("database reseal").ok();
    assert!(moved.stderr.contains("secrets=1"), "{}", moved.stderr);
    assert!(!moved.stderr.contains(FIRST) && !moved.stderr.contains("a client's secret"), "{}", moved.stderr);
    let again = shell.run("database reseal").ok();
    assert!(again.stderr.contains("secrets=0"), "{}", again.stderr);
    let boxes = database.texts("SELECT secret_box FROM oauth_clients");
    let opened = vault(&second).open(&format!("client/{CLIENT}"), &boxes[0]).unwrap();
    assert_eq!(opened.expose(), b"a client's secret");
}
