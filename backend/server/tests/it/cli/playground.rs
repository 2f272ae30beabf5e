//! The page to try the account API on.

use super::{Shell, running::get};

fn listening(options: &str, prefix: &str) -> Shell {
    let listeners = format!(
        r#"[{{resources=[{{name=graphql{options}}},{{name=assets}}],binds=[{{address="127.0.0.1:0"}}]{prefix}}}]"#
    );
    Shell::new().env("MAS__HTTP__LISTENERS", &listeners)
}

/// What lies at a relative address of the page.
fn beside<'p>(page: &'p str, before: &str) -> &'p str {
    let rest = page.split_once(before).unwrap_or_else(|| panic!("{before}: {page}")).1;
    rest.split('"').next().unwrap()
}

#[test]
fn it_is_there_where_an_operator_wants_it() {
    for (prefix, path) in [("", ""), (",prefix=\"/inside\"", "/inside")] {
        let database = super::database::Database::empty();
        let shell = listening(",playground=true", prefix)
            .on(&database, "matrix: {homeserver: example.com, kind: none}\n");
        shell.run("database migrate").ok();
        let mut server = shell.start("server");
        let address = server.address();
        assert!(!server.seen.contains("has no effect"), "{}", server.seen);
        let page = get(address, "", &format!("{path}/graphql/playground"));
        assert!(page.starts_with("HTTP/1.1 200 ") && page.contains("script-src 'self' 'nonce-"), "{page}");
        assert_eq!(beside(&page, "data-endpoint=\""), "../graphql");
        for before in ["<script type=\"module\" src=\"..", "<link rel=\"stylesheet\" href=\".."] {
            let file = get(address, "", &format!("{path}{}", beside(&page, before)));
            assert!(
                file.starts_with("HTTP/1.1 200 "),
                "{before}: {}",
                file.lines().next().unwrap_or_default()
            );
        }
    }
}

#[test]
fn it_is_not_there_otherwise() {
    let database = super::database::Database::empty();
    let shell = listening("", "").on(&database, "matrix: {homeserver: example.com, kind: none}\n");
    shell.run("database migrate").ok();
    let mut server = shell.start("server");
    let answer = get(server.address(), "", "/graphql/playground");
    assert!(answer.starts_with("HTTP/1.1 404 "), "{answer}");
}
