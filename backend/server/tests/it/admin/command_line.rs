//! What the command line does for the admin API.

use serde_json::Value;

use crate::cli::Shell;

#[test]
fn a_personal_access_token_is_printed_alone() {
    let (shell, database) = Shell::migrated();
    shell.run("manage register-user -y ada --admin").ok();
    let issued = shell.run("manage issue-personal-access-token ada").ok();
    let token = issued.stdout.trim_end();
    assert!(token.starts_with("mpt_") && token.len() == 41, "{}", issued.stdout);
    assert!(issued.stderr.contains("Personal access token issued") && !issued.stderr.contains(token));
    let kept = "SELECT s.kind || ' ' || s.scope || ' ' || s.human_name FROM sessions s \
                JOIN users u ON u.id = s.user_id AND u.id = s.owner_user_id";
    assert_eq!(database.texts(kept), ["personal urn:mas:admin issued at the command line"]);

    let options = "--name backup --expires-in-days 30 --output json";
    let issued = shell.run(&format!("manage issue-personal-access-token ADA {options}")).ok();
    let told: Value = serde_json::from_str(&issued.stdout).unwrap();
    assert!(told["access_token"].as_str().unwrap().starts_with("mpt_"), "{told}");
    let expiring = "SELECT 'yes' FROM token_pairs WHERE access_expires_at IS NOT NULL";
    assert_eq!(database.texts(expiring).len(), 1);
}

#[test]
fn what_makes_no_sense_gets_no_token() {
    let (shell, database) = Shell::migrated();
    shell.run("manage issue-personal-access-token ada").fails(1, "User not found");
    shell.run("manage register-user -y ada").ok();
    shell
        .run("manage issue-personal-access-token ada --scope urn:nonsense")
        .fails(1, "`urn:nonsense` is not allowed");
    let control =
        ["manage issue-personal-access-token ada --scope openid --name", &"x".repeat(101)].join(" ");
    shell.run(&control).fails(1, "at most 100 characters");
    for scope in ["urn:mas:admin", "urn:mas:admin:users:read", "urn:synapse:admin:*"] {
        shell
            .run(&format!("manage issue-personal-access-token ada --scope {scope}"))
            .fails(1, "is for accounts that may administer, and `ada` may not");
    }
    assert!(database.texts("SELECT kind FROM sessions").is_empty());

    shell.run("manage issue-personal-access-token ada --skip-actor-check").ok();
    let noted = "SELECT data ->> 'scope' FROM audit_events WHERE kind = 'personal_token_created' AND data ->> 'skip_actor_check' IS NOT NULL";
    assert_eq!(database.texts(noted), ["urn:mas:admin"]);
}

#[test]
fn whom_the_policy_names_needs_no_flag_and_who_loses_it_loses_the_token() {
    let (shell, database) = Shell::migrated();
    shell.run("manage register-user -y ada").ok();
    shell.run("manage register-user -y boss --admin").ok();
    let named = shell.env("MAS__POLICY__DATA", r#"{admin_users=["ada"]}"#);
    named.run("manage issue-personal-access-token ada").ok();
    named.run("manage issue-personal-access-token boss").ok();
    named.run("manage issue-personal-access-token boss --scope openid").ok();
    named.run("manage demote-admin boss").ok();
    let left = "SELECT u.username || ' ' || s.scope FROM sessions s JOIN users u ON u.id = s.user_id \
                WHERE s.finished_at IS NULL ORDER BY 1";
    assert_eq!(database.texts(left), ["ada urn:mas:admin", "boss openid"]);
}

#[test]
fn the_document_can_be_written_without_a_service() {
    let written = Shell::new().run("openapi --base https://id.example.org/mas").ok();
    let document: Value = serde_json::from_str(&written.stdout).unwrap();
    assert_eq!(document["servers"][0]["url"], "https://id.example.org/mas/");
    let flows = &document["components"]["securitySchemes"]["oauth2"]["flows"];
    assert_eq!(flows["authorizationCode"]["authorizationUrl"], "https://id.example.org/mas/authorize");
}

#[test]
fn a_client_that_administers_must_prove_who_it_is() {
    let config = |method: &str| {
        format!(
            "secrets: {{encryption: 0f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c4b5a69788796a5b4c3d2e1f0}}\n\
             matrix: {{secret: hunter2}}\n\
             clients: [{{client_id: 01KFHG0D00AWSH8VHTPRE95B9E, {method}}}]\n\
             policy: {{data: {{admin_clients: [01kfhg0d00awsh8vhtpre95b9e]}}}}\n"
        )
    };
    let shell = Shell::new();
    shell.write("config.yaml", &config("client_auth_method: none"));
    shell.run("config check").fails(1, "clients.0.client_auth_method: must not be `none`");
    shell.write("config.yaml", &config("client_auth_method: client_secret_basic, client_secret: x"));
    shell.run("config check").ok();
}
