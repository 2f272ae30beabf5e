//! Names: the form under which usernames and e-mail addresses are compared and unique, and what a user id may hold.

/// Lower-cases by Unicode rules, the same way on both databases. Nothing is trimmed and nothing else is folded: two
/// names that look alike are still two names.
pub fn normalise(name: &str) -> String {
    name.to_lowercase()
}

/// The longest user id, `@` and server included, in characters (Matrix specification, appendices, User Identifiers).
pub const LONGEST_USER_ID: usize = 255;

/// Whether a new localpart may contain the character (as above).
pub const fn is_allowed_in_localpart(c: char) -> bool {
    matches!(c, 'a'..='z' | '0'..='9' | '.' | '=' | '_' | '/' | '+' | '-')
}
