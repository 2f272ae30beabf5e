//! The merged tree before it has types: every value knows where it came from.

use std::{fmt, sync::Arc};

use kernel::config::Path;
use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{MapAccess, SeqAccess, Visitor},
    ser::SerializeMap,
};
use serde_json::Number;
use serde_saphyr::Spanned;

/// Where a value stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    File {
        name: Arc<str>,
        line: u64,
    },
    Variable(Arc<str>),
    /// Filled in by us.
    Default,
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File { name, line } => write!(f, "{name}, line {line}"),
            Self::Variable(name) => write!(f, "environment variable {name}"),
            Self::Default => f.write_str("default"),
        }
    }
}

#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    Null,
    Bool(bool),
    Number(Number),
    Text(String),
    List(Vec<Node>),
    /// In the order of the file.
    Map(Vec<(String, Node)>),
}

#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    pub value: Value,
    pub origin: Origin,
    /// Its place in the merged tree; set by [`Node::label`].
    pub path: Path,
}

impl Node {
    pub fn new(value: Value, origin: Origin) -> Self {
        Self { value, origin, path: Path::default() }
    }

    pub fn empty_map(origin: Origin) -> Self {
        Self::new(Value::Map(Vec::new()), origin)
    }

    /// Reads one YAML document; an empty one is an empty map. The error is a sentence that quotes nothing.
    pub fn parse(text: &str, name: &Arc<str>) -> Result<Self, String> {
        let node = marked_to_node(from_yaml(text)?, name);
        match node.value {
            Value::Map(_) => Ok(node),
            Value::Null => Ok(Self::empty_map(node.origin)),
            _ => Err("expected keys and values (`http:`, `database:` …) at the top level".to_owned()),
        }
    }

    /// Gives every node its path.
    pub fn label(&mut self, path: Path) {
        for (key, child) in self.children_mut() {
            child.label(path.join(key));
        }
        self.path = path;
    }

    pub fn get(&self, key: &str) -> Option<&Self> {
        match &self.value {
            Value::Map(entries) => entries.iter().find(|(name, _)| name == key).map(|(_, node)| node),
            Value::List(items) => items.get(key.parse::<usize>().ok()?),
            _ => None,
        }
    }

    pub fn get_mut(&mut self, key: &str) -> Option<&mut Self> {
        match &mut self.value {
            Value::Map(entries) => entries.iter_mut().find(|(name, _)| name == key).map(|(_, node)| node),
            Value::List(items) => items.get_mut(key.parse::<usize>().ok()?),
            _ => None,
        }
    }

    /// The node at `steps`, or the last one on the way there.
    pub fn nearest(&self, steps: &[String]) -> &Self {
        match steps.split_first().and_then(|(step, rest)| Some((self.get(step)?, rest))) {
            Some((child, rest)) => child.nearest(rest),
            None => self,
        }
    }

    pub fn find(&self, path: &Path) -> Option<&Self> {
        path.0.iter().try_fold(self, |node, step| node.get(step))
    }

    /// Takes out the node at `steps`; false if there is none.
    pub fn prune(&mut self, steps: &[String]) -> bool {
        let Some((last, parents)) = steps.split_last() else { return false };
        let Some(parent) = parents.iter().try_fold(self, |node, step| node.get_mut(step)) else {
            return false;
        };
        match &mut parent.value {
            Value::Map(entries) => {
                let before = entries.len();
                entries.retain(|(name, _)| name != last);
                entries.len() < before
            }
            Value::List(items) => match last.parse::<usize>() {
                Ok(index) if index < items.len() => {
                    items.remove(index);
                    true
                }
                _ => false,
            },
            _ => false,
        }
    }

    pub fn json(&self) -> serde_json::Value {
        match &self.value {
            Value::Null => serde_json::Value::Null,
            Value::Bool(flag) => (*flag).into(),
            Value::Number(number) => number.clone().into(),
            Value::Text(text) => text.clone().into(),
            Value::List(items) => items.iter().map(Self::json).collect(),
            Value::Map(entries) => entries.iter().map(|(key, node)| (key.clone(), node.json())).collect(),
        }
    }

    pub fn children_mut(&mut self) -> Vec<(String, &mut Self)> {
        match &mut self.value {
            Value::Map(entries) => entries.iter_mut().map(|(key, node)| (key.clone(), node)).collect(),
            Value::List(items) => {
                items.iter_mut().enumerate().map(|(index, node)| (index.to_string(), node)).collect()
            }
            _ => Vec::new(),
        }
    }
}

impl Serialize for Node {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match &self.value {
            Value::Null => to.serialize_none(),
            Value::Bool(flag) => to.serialize_bool(*flag),
            Value::Number(number) => number.serialize(to),
            Value::Text(text) => to.serialize_str(text),
            Value::List(items) => to.collect_seq(items),
            Value::Map(entries) => {
                let mut map = to.serialize_map(Some(entries.len()))?;
                for (key, node) in entries {
                    map.serialize_entry(key, node)?;
                }
                map.end()
            }
        }
    }
}

/// Reads YAML by the rules of YAML 1.2: `yes` and `012` are text. The error names the line and quotes nothing.
pub fn from_yaml<T: serde::de::DeserializeOwned>(text: &str) -> Result<T, String> {
    let options = serde_saphyr::options! {
        with_snippet: false,
        strict_booleans: true,
        leading_zero_numbers_as_strings: true,
        underscored_numbers_as_strings: true,
    };
    serde_saphyr::from_str_with_options(text, options)
        .map_err(|error| error.without_snippet().render_with_formatter(&serde_saphyr::UserMessageFormatter))
}

/// YAML as it is read: any value, with the line of each part.
enum Raw {
    Scalar(Value),
    List(Vec<Spanned<Self>>),
    Map(Vec<(String, Spanned<Self>)>),
}

fn marked_to_node(marked: Spanned<Raw>, name: &Arc<str>) -> Node {
    let origin = Origin::File { name: name.clone(), line: marked.referenced.line() };
    let value = match marked.value {
        Raw::Scalar(value) => value,
        Raw::List(items) => Value::List(items.into_iter().map(|item| marked_to_node(item, name)).collect()),
        Raw::Map(entries) => {
            Value::Map(entries.into_iter().map(|(key, item)| (key, marked_to_node(item, name))).collect())
        }
    };
    Node::new(value, origin)
}

impl<'de> Deserialize<'de> for Raw {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(RawVisitor)
    }
}

struct RawVisitor;

impl<'de> Visitor<'de> for RawVisitor {
    type Value = Raw;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value, a list or a map")
    }
    fn visit_unit<E>(self) -> Result<Raw, E> {
        Ok(Raw::Scalar(Value::Null))
    }
    fn visit_none<E>(self) -> Result<Raw, E> {
        Ok(Raw::Scalar(Value::Null))
    }
    fn visit_some<D: Deserializer<'de>>(self, from: D) -> Result<Raw, D::Error> {
        Raw::deserialize(from)
    }
    fn visit_bool<E>(self, flag: bool) -> Result<Raw, E> {
        Ok(Raw::Scalar(Value::Bool(flag)))
    }
    fn visit_i64<E>(self, number: i64) -> Result<Raw, E> {
        Ok(Raw::Scalar(Value::Number(number.into())))
    }
    fn visit_u64<E>(self, number: u64) -> Result<Raw, E> {
        Ok(Raw::Scalar(Value::Number(number.into())))
    }
    fn visit_f64<E>(self, number: f64) -> Result<Raw, E> {
        Ok(Raw::Scalar(Number::from_f64(number).map_or(Value::Null, Value::Number)))
    }
    fn visit_str<E>(self, text: &str) -> Result<Raw, E> {
        Ok(Raw::Scalar(Value::Text(text.to_owned())))
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Raw, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = seq.next_element()? {
            items.push(item);
        }
        Ok(Raw::List(items))
    }
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Raw, A::Error> {
        let mut entries = Vec::new();
        while let Some(entry) = map.next_entry()? {
            entries.push(entry);
        }
        Ok(Raw::Map(entries))
    }
}
