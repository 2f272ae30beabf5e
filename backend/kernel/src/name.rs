//! The form under which usernames and e-mail addresses are compared and unique.

/// Lower-cases by Unicode rules, the same way on both databases. Nothing is trimmed and nothing else is folded: two
/// names that look alike are still two names.
pub fn normalise(name: &str) -> String {
    name.to_lowercase()
}
