//! Globs over dotted names as Open Policy Agent's `glob.match(pattern, ["."], name)` has them: `*` stays within
//! one label, `**` does not, `?` is one character but no dot, `[abc]`, `[!abc]`, `[a-c]`, `[!a-c]`, `{x,y}` with
//! globs inside, `\` takes the next character literally. No crate has dots as separators, so they become regular
//! expressions.

use std::{iter::Peekable, str::Chars};

use regex::Regex;

/// `None` for a pattern that is plain text, to be compared as such.
pub(super) fn compile(glob: &str) -> Result<Option<Regex>, String> {
    if !glob.contains(['*', '?', '[', '{', '\\']) {
        return Ok(None);
    }
    let invalid = |reason: &str| format!("`{glob}` is not a valid glob: {reason}");
    let pattern = translate(glob).map_err(invalid)?;
    Regex::new(&pattern).map(Some).map_err(|_| invalid("it is too large"))
}

fn translate(glob: &str) -> Result<String, &'static str> {
    let mut chars = glob.chars().peekable();
    let mut pattern = String::from(r"(?s)\A");
    let mut depth = 0usize;
    while let Some(c) = chars.next() {
        match c {
            '*' if chars.next_if_eq(&'*').is_some() => pattern.push_str(".*"),
            '*' => pattern.push_str("[^.]*"),
            '?' => pattern.push_str("[^.]"),
            '[' => pattern.push_str(&class(&mut chars)?),
            '{' => {
                depth += 1;
                pattern.push_str("(?:");
            }
            ',' if depth > 0 => pattern.push('|'),
            '}' if depth > 0 => {
                depth -= 1;
                pattern.push(')');
            }
            '\\' => literal(&mut pattern, chars.next().ok_or("it ends in a lone \\")?),
            other => literal(&mut pattern, other),
        }
    }
    if depth > 0 {
        return Err("a { is not closed");
    }
    pattern.push_str(r"\z");
    Ok(pattern)
}

/// What follows a `[`: one range, or single characters.
fn class(chars: &mut Peekable<Chars>) -> Result<String, &'static str> {
    let mut class = String::from(if chars.next_if_eq(&'!').is_some() { "[^" } else { "[" });
    let mut members = Vec::new();
    loop {
        match chars.next().ok_or("a [ is not closed")? {
            ']' => break,
            '\\' => members.push((chars.next().ok_or("a [ is not closed")?, false)),
            c => members.push((c, c == '-')),
        }
    }
    match members.as_slice() {
        [] => return Err("a [] is empty"),
        [(from, false), (_, true), (to, false)] if from <= to => {
            literal(&mut class, *from);
            class.push('-');
            literal(&mut class, *to);
        }
        [(_, false), (_, true), ..] => return Err("a range in [] must stand alone and ascend, as in [a-c]"),
        members => members.iter().for_each(|(c, _)| literal(&mut class, *c)),
    }
    class.push(']');
    Ok(class)
}

fn literal(pattern: &mut String, c: char) {
    pattern.push_str(&regex::escape(c.encode_utf8(&mut [0; 4])));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matches(glob: &str, name: &str) -> bool {
        compile(glob).unwrap().map_or(glob == name, |regex| regex.is_match(name))
    }

    #[test]
    fn wildcards_know_about_labels() {
        for (glob, yes, no) in [
            ("x.org", &["x.org"][..], &["xxorg", "a.x.org", "X.org", "x.org."][..]),
            ("*.x.org", &["a.x.org", ".x.org"], &["x.org", "a.b.x.org", "a.x.org.evil", "a.xxorg"]),
            ("**.x.org", &["a.x.org", "a.b.x.org"], &["x.org", "ax.org"]),
            ("**", &["", "a", "a.b"], &[]),
            ("*", &["", "a"], &["a.b"]),
            ("a*c.org", &["ac.org", "abc.org"], &["a.c.org"]),
            ("?.org", &["a.org", "é.org"], &[".org", "aa.org", "..org"]),
            ("[a-c].org", &["a.org", "c.org"], &["d.org", "-.org", "A.org"]),
            ("[abc].org", &["b.org"], &["d.org"]),
            ("[!a-c].org", &["d.org"], &["a.org"]),
            ("[!ab].org", &["c.org"], &["a.org", "b.org"]),
            ("[^a].org", &["^.org", "a.org"], &["b.org"]),
            ("[a&&b].org", &["&.org"], &["c.org"]),
            ("{x,*.y}.org", &["x.org", "a.y.org"], &["y.org", "a.x.org"]),
            ("{a,{b,c}}.org", &["a.org", "c.org"], &["d.org"]),
            (r"\*.org", &["*.org"], &["a.org"]),
            ("a,b}]?", &["a,b}]c"], &["a"]),
            ("(a|b).*", &["(a|b).c"], &["a.c"]),
        ] {
            for name in yes {
                assert!(matches(glob, name), "{glob} should match {name}");
            }
            for name in no {
                assert!(!matches(glob, name), "{glob} should not match {name}");
            }
        }
    }

    #[test]
    fn malformed_globs_are_refused() {
        for glob in ["[a", "[]", "[!]", "{a,b", "{a{b}", r"a*\", "[c-a]", "[a-cx]", "[a-"] {
            assert!(compile(glob).is_err(), "{glob}");
        }
    }
}
