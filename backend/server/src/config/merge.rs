//! How layers are laid over each other.

use super::node::{Node, Value};

/// Files: maps are united, lists are concatenated (the earlier layer's items first), anything else is replaced.
pub fn merge(low: Node, high: Node) -> Node {
    let value = match (low.value, high.value) {
        (Value::Map(low), Value::Map(high)) => Value::Map(unite(low, high, merge)),
        (Value::List(mut low), Value::List(high)) => {
            low.extend(high);
            Value::List(low)
        }
        (_, high) => high,
    };
    Node { value, ..Node::new(Value::Null, high.origin) }
}

/// The highest layer: as [`merge`], but a list replaces, which is how a list of the files can be reset; and a
/// map whose keys are numbers reaches into a list (`MAS__HTTP__LISTENERS__0__BINDS__0__PORT`). A number one past
/// the end appends.
pub fn overlay(low: Node, high: Node) -> Node {
    let value = match (low.value, high.value) {
        (Value::Map(low), Value::Map(high)) => Value::Map(unite(low, high, overlay)),
        (Value::List(low), Value::Map(high)) if reaches_into(&low, &high) => {
            Value::List(high.into_iter().fold(low, |mut items, (position, node)| {
                match items.get_mut(position.parse::<usize>().unwrap_or(usize::MAX)) {
                    Some(item) => *item = overlay(item.clone(), node),
                    None => items.push(node),
                }
                items
            }))
        }
        (_, high) => high,
    };
    Node { value, ..Node::new(Value::Null, high.origin) }
}

fn reaches_into(items: &[Node], entries: &[(String, Node)]) -> bool {
    let mut end = items.len();
    !entries.is_empty()
        && entries.iter().all(|(key, _)| match key.parse::<usize>() {
            Ok(position) if position == end => {
                end += 1;
                true
            }
            Ok(position) => position < end,
            Err(_) => false,
        })
}

type Entries = Vec<(String, Node)>;

fn unite(mut low: Entries, high: Entries, rule: fn(Node, Node) -> Node) -> Entries {
    for (key, node) in high {
        match low.iter_mut().find(|(name, _)| *name == key) {
            Some((_, below)) => *below = rule(below.clone(), node),
            None => low.push((key, node)),
        }
    }
    low
}
