//! The schema that is kept is the one that is served.

const KEPT: &str = include_str!("../../../../../schema.graphql");

#[test]
fn schema_graphql_is_what_the_service_speaks() {
    assert!(
        KEPT == graphql::sdl(),
        "schema.graphql has drifted: run `cargo run --bin mas-cli -- graphql schema -o schema.graphql`"
    );
}
