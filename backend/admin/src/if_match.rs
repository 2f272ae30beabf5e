//! `if-match`: what the caller takes a resource for (RFC 9110 §13.1.1).

use http::{HeaderMap, header};

use crate::Problem;

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum IfMatch {
    /// For whatever it is, as long as it is there.
    Any,
    /// For what has one of these tags.
    Tags(Vec<String>),
}

impl IfMatch {
    /// All lines of the header are one list. `None` if there is none.
    pub fn of(headers: &HeaderMap) -> Result<Option<Self>, Problem> {
        let mut lines = Vec::new();
        for line in headers.get_all(header::IF_MATCH) {
            lines.push(line.to_str().map_err(|_| invalid())?);
        }
        if lines.is_empty() { Ok(None) } else { parse(&lines.join(",")).map(Some).ok_or_else(invalid) }
    }

    /// Whether a resource with this tag is what it is taken for; without one, there is no resource. A weak tag
    /// is no resource's.
    pub fn is_met_by(&self, etag: Option<&str>) -> bool {
        match (self, etag) {
            (_, None) => false,
            (Self::Any, Some(_)) => true,
            (Self::Tags(tags), Some(etag)) => tags.iter().any(|tag| tag == etag),
        }
    }
}

/// Tags may have commas in them, and a list empty elements (RFC 9110 §8.8.3 and §5.6.1).
fn parse(text: &str) -> Option<IfMatch> {
    const BETWEEN: [char; 3] = [',', ' ', '\t'];
    if text.trim() == "*" {
        return Some(IfMatch::Any);
    }
    let mut tags = Vec::new();
    let mut rest = text.trim_start_matches(BETWEEN);
    while !rest.is_empty() {
        let opaque = rest.strip_prefix("W/").unwrap_or(rest).strip_prefix('"')?;
        let (tag, more) = rest.split_at(rest.len() - opaque.len() + opaque.find('"')? + 1);
        tags.push(tag.to_owned());
        if !more.is_empty() && !more.starts_with(BETWEEN) {
            return None;
        }
        rest = more.trim_start_matches(BETWEEN);
    }
    Some(IfMatch::Tags(tags))
}

fn invalid() -> Problem {
    let title = "The header `if-match` is neither `*` nor a list of entity tags, which have double quotes around them";
    Problem::invalid("invalid_if_match", title)
}
