//! The value of an environment variable: `true`, numbers, `"text"`, `[a, b]`, `{k=v}`, and anything else as text.

use super::node::{Node, Origin, Value};

/// Never fails: what is no list, map or quoted text to the last character is text as it stands, trimmed.
pub fn parse(text: &str, origin: &Origin) -> Node {
    let text = text.trim();
    let mut input = Input { rest: text, origin };
    match input.value("") {
        Some(node) if input.rest.trim().is_empty() => node,
        _ => Node::new(scalar(text), origin.clone()),
    }
}

struct Input<'a> {
    rest: &'a str,
    origin: &'a Origin,
}

impl<'a> Input<'a> {
    /// One value; a bare one ends before any character of `stops`.
    fn value(&mut self, stops: &str) -> Option<Node> {
        self.rest = self.rest.trim_start();
        let value = match self.rest.chars().next() {
            Some('"') => Value::Text(self.quoted()?),
            Some('[') => Value::List(self.items(']', |input| input.value(",]"))?),
            Some('{') => Value::Map(self.items('}', Self::entry)?),
            _ => scalar(self.bare(stops)),
        };
        Some(Node::new(value, self.origin.clone()))
    }

    fn entry(&mut self) -> Option<(String, Node)> {
        self.rest = self.rest.trim_start();
        let key = if self.rest.starts_with('"') { self.quoted()? } else { self.bare("=,}").to_owned() };
        self.take('=').then(|| self.value(",}"))?.map(|node| (key, node))
    }

    fn items<T>(&mut self, close: char, item: impl Fn(&mut Self) -> Option<T>) -> Option<Vec<T>> {
        self.rest = &self.rest[1..];
        let mut items = Vec::new();
        while !self.take(close) {
            items.push(item(self)?);
            if !self.take(',') && !self.rest.trim_start().starts_with(close) {
                return None;
            }
        }
        Some(items)
    }

    fn take(&mut self, wanted: char) -> bool {
        let after = self.rest.trim_start().strip_prefix(wanted);
        self.rest = after.unwrap_or(self.rest);
        after.is_some()
    }

    fn bare(&mut self, stops: &str) -> &'a str {
        let end = self.rest.find(|c| stops.contains(c)).unwrap_or(self.rest.len());
        let (text, rest) = self.rest.split_at(end);
        self.rest = rest;
        text.trim()
    }

    /// Text in double quotes with the escapes of JSON.
    fn quoted(&mut self) -> Option<String> {
        let mut texts = serde_json::Deserializer::from_str(self.rest).into_iter::<String>();
        let text = texts.next()?.ok()?;
        self.rest = &self.rest[texts.byte_offset()..];
        Some(text)
    }
}

fn scalar(text: &str) -> Value {
    let float = || text.contains('.').then(|| text.parse::<f64>().ok()).flatten();
    match text {
        "true" => Value::Bool(true),
        "false" => Value::Bool(false),
        _ => (text.parse::<u64>().map(Into::into).ok())
            .or_else(|| text.parse::<i64>().map(Into::into).ok())
            .or_else(|| float().and_then(serde_json::Number::from_f64))
            .map_or_else(|| Value::Text(text.to_owned()), Value::Number),
    }
}
