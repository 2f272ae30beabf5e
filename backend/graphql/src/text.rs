//! What a query is looked through for, before it is read.

/// Whether a query holds NUL, as it is or written as an escape sequence. In block strings it is none; nobody misses it there.
pub fn has_nul(query: &str) -> bool {
    let mut escaped = false;
    query.bytes().enumerate().any(|(at, byte)| {
        let is_escape = escaped && query.as_bytes()[at..].starts_with(b"u0000");
        escaped = byte == b'\\' && !escaped;
        is_escape || byte == 0
    })
}

/// How deep brackets of whatever kind stand inside each other, strings and comments left out. The parser follows them one by one
/// on its stack, which a body full of them would overflow; then the process ends.
pub fn nesting(query: &str) -> usize {
    let (mut rest, mut depth, mut deepest) = (query.as_bytes(), 0_usize, 0);
    while let Some(first) = rest.first() {
        let length = match first {
            b'#' => rest.iter().take_while(|byte| !matches!(byte, b'\n' | b'\r')).count(),
            b'"' => string(rest),
            _ => 1,
        };
        match first {
            b'{' | b'[' | b'(' => depth += 1,
            b'}' | b']' | b')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        deepest = deepest.max(depth);
        rest = rest.get(length..).unwrap_or_default();
    }
    deepest
}

/// The length of the string, or block string, that this begins with. What has no end the parser does not go past either.
fn string(text: &[u8]) -> usize {
    const BLOCK: &[u8] = b"\"\"\"";
    let (quote, escape) = if text.starts_with(BLOCK) { (BLOCK, 4) } else { (&BLOCK[..1], 2) };
    let mut at = quote.len();
    while at < text.len() && !text[at..].starts_with(quote) {
        let is_escape = text[at] == b'\\' && (escape == 2 || text[at + 1..].starts_with(quote));
        at += if is_escape { escape } else { 1 };
    }
    at + quote.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn brackets_nest_outside_of_strings_and_comments() {
        for (query, expected) in [
            ("", 0),
            ("{ a { b } c { d(e: [1, [2]]) } }", 5),
            ("}}} {", 1),
            (r#"{ a(b: "{{{") }"#, 2),
            (r#"{ a(b: "\"{{{\\") { c } }"#, 2),
            (r#"{ a(b: """ " \""" {{{ """) { c } }"#, 2),
            (r#"{ a(b: "") { c } }"#, 2),
            ("{ a # {{{\n{ b } }", 2),
            ("{ a # {{{\r{ b } }", 2),
            (r#"{ a(b: "{{{"#, 2),
            (r#"{ a(b: """{{{"#, 2),
            (r#"{ é(b: "é") { é } }"#, 2),
        ] {
            assert_eq!(nesting(query), expected, "{query}");
        }
    }

    #[test]
    fn nul_is_found_as_it_is_and_as_an_escape() {
        for query in ["a\0b", r#"{ a(b: "\u0000") }"#, r#"{ a(b: "\\\u0000") }"#, r#"{ a(b: "é\u0000") }"#] {
            assert!(has_nul(query), "{query}");
        }
        for query in [r#"{ a(b: "\\u0000") }"#, r#"{ a(b: "\u0001") }"#, "{ u0000 }", "é"] {
            assert!(!has_nul(query), "{query}");
        }
    }
}
