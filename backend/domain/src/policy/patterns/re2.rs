//! Regular expressions in RE2's syntax, which is what policies are written in. The `regex` crate differs in that
//! its `\d`, `\s`, `\w` and `\b` know Unicode: an allow-list must not let more through here than it did there.

use regex::Regex;

pub(super) fn compile(pattern: &str) -> Result<Regex, String> {
    Regex::new(&ascii(pattern)).map_err(|error| {
        // The last line says what is wrong; the others draw the pattern.
        let reason = error.to_string();
        let reason = reason.lines().last().unwrap_or_default().trim_start_matches("error: ");
        format!("`{pattern}` is not a valid regular expression (RE2 syntax): {reason}")
    })
}

fn ascii(pattern: &str) -> String {
    let mut out = String::with_capacity(pattern.len());
    let mut rest = pattern;
    while let Some((plain, escaped)) = rest.split_once('\\') {
        out.push_str(plain);
        let mut chars = escaped.chars();
        let class = chars.next();
        rest = chars.as_str();
        match class {
            Some('d') => out.push_str("[0-9]"),
            Some('D') => out.push_str("[^0-9]"),
            Some('s') => out.push_str(r"[\t\n\f\r ]"),
            Some('S') => out.push_str(r"[^\t\n\f\r ]"),
            Some('w') => out.push_str("[0-9A-Za-z_]"),
            Some('W') => out.push_str("[^0-9A-Za-z_]"),
            Some('b') => out.push_str(r"(?-u:\b)"),
            Some('B') => out.push_str(r"(?-u:\B)"),
            Some('Q') => {
                let (quoted, after) = rest.split_once(r"\E").unwrap_or((rest, ""));
                out.push_str(&regex::escape(quoted));
                rest = after;
            }
            other => {
                out.push('\\');
                out.extend(other);
            }
        }
    }
    out + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matches(pattern: &str, text: &str) -> bool {
        compile(pattern).unwrap().is_match(text)
    }

    #[test]
    fn the_search_is_not_anchored() {
        assert!(matches("b", "abc"));
        assert!(matches("^x[0-9]+$", "x12"));
        assert!(!matches("^x[0-9]+$", "x12\n"));
    }

    #[test]
    fn classes_are_ascii() {
        assert!(matches(r"^\d\w\s\D\W\S$", "1a a-b"));
        assert!(!matches(r"^\d$", "٣"));
        assert!(!matches(r"^\w$", "é"));
        assert!(!matches(r"^\s$", "\u{a0}"));
        assert!(matches(r"^[\d_-]+$", "1_2-3"));
        assert!(matches(r"^[^\D]+$", "12"));
        assert!(matches(r"a\b", "aé"));
        assert!(matches(r"a\Bb", "ab"));
    }

    #[test]
    fn escapes_stay_what_they_are() {
        assert!(matches(r"^a\.b\\d$", r"a.b\d"));
        assert!(matches(r"^\Qa.b*\E+$", "a.b**"));
        assert!(matches(r"^\pL\x{e9}$", "éé"));
    }

    #[test]
    fn faults_are_explained() {
        let error = compile("(").unwrap_err();
        assert_eq!(error, "`(` is not a valid regular expression (RE2 syntax): unclosed group");
        assert!(compile(r"(?=a)").is_err());
        assert!(compile(r"\").is_err());
    }
}
