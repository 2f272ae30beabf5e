//! `mas-cli config sync`

use super::Shell;

const ONE: &str = "01K2C31V80V37E3S3E28JT97KA";
const TWO: &str = "01K2C31V80V37E3S3E28JT97KB";

fn clients(shell: &Shell, clients: &[(&str, &str)]) {
    let list: String = clients
        .iter()
        .map(|(id, name)| {
            format!("  - {{client_id: {id}, client_auth_method: none, client_name: {name}, redirect_uris: ['https://a.example/']}}\n")
        })
        .collect();
    let list = if list.is_empty() { " []\n".to_owned() } else { format!("\n{list}") };
    shell.write("config.yaml", &format!("matrix: {{kind: none}}\nclients:{list}"));
}

const NAMES: &str = "SELECT name FROM oauth_clients WHERE is_static ORDER BY id";

#[test]
fn clients_are_added_updated_and_pruned() {
    let (shell, database) = Shell::with_database();
    clients(&shell, &[(ONE, "one"), (TWO, "two")]);
    let added = shell.run("config sync").ok();
    assert!(added.stderr.contains(&format!("Adding client client.id={ONE}")), "{}", added.stderr);
    assert_eq!(
        (database.texts(NAMES), added.stdout.as_str()),
        (vec!["one".to_owned(), "two".to_owned()], "")
    );

    clients(&shell, &[(ONE, "uno")]);
    let updated = shell.run("config sync").ok();
    assert!(updated.stderr.contains(&format!("Updating client client.id={ONE}")), "{}", updated.stderr);
    assert!(updated.stderr.contains("WARN") && updated.stderr.contains("1 client(s)"), "{}", updated.stderr);
    assert_eq!(database.texts(NAMES), ["uno", "two"]);

    let pruned = shell.run("config sync --prune").ok();
    assert!(pruned.stderr.contains(&format!("Deleting client client.id={TWO}")), "{}", pruned.stderr);
    assert!(!pruned.stderr.contains("WARN"), "{}", pruned.stderr);
    assert_eq!(database.texts(NAMES), ["uno"]);
}

#[test]
fn pruning_spares_clients_that_registered_themselves() {
    let (shell, database) = Shell::migrated();
    let id =
        if database.uri().starts_with("sqlite") { "x'01'" } else { "'01989816-ed00-d8ce-e1e4-6e12255a9e6b'" };
    database.execute(&format!(
        "INSERT INTO oauth_clients (id, is_static, auth_method, grant_types, name, metadata, created_at) \
         VALUES ({id}, FALSE, 'none', '', 'dynamic', '{{}}', 0)"
    ));
    clients(&shell, &[]);
    shell.run("config sync --prune").ok();
    assert_eq!(database.texts("SELECT name FROM oauth_clients"), ["dynamic"]);
}

#[test]
fn a_dry_run_says_the_same_and_changes_nothing() {
    let (shell, database) = Shell::with_database();
    clients(&shell, &[(ONE, "one")]);
    // Other than MAS, it does not migrate either.
    shell.run("config sync --dry-run").fails(1, "mas-cli database migrate");

    shell.run("config sync").ok();
    clients(&shell, &[(TWO, "two")]);
    let dry = shell.run("config sync --prune --dry-run").ok();
    assert!(dry.stderr.contains(&format!("Adding client client.id={TWO}")), "{}", dry.stderr);
    assert!(dry.stderr.contains(&format!("Deleting client client.id={ONE}")), "{}", dry.stderr);
    assert!(dry.stderr.contains("Dry run: nothing was changed"), "{}", dry.stderr);
    assert_eq!(database.texts(NAMES), ["one"]);
}

#[test]
fn secret_files_are_read_but_not_in_a_dry_run() {
    let (shell, _database) = Shell::migrated();
    shell.write(
        "config.yaml",
        &format!(
            "matrix: {{kind: none}}\nclients:\n  - {{client_id: {ONE}, client_auth_method: client_secret_basic, \
             client_secret_file: gone}}\n"
        ),
    );
    shell.run("config sync").fails(1, "client_secret_file: cannot read gone");
    shell.run("config sync --dry-run").ok();
}
