//! How layers are laid over each other.

use super::node::{Node, Origin, Value};

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
        (Value::List(low), Value::Map(high)) if reaches_into(low.len(), &high) => {
            Value::List(by_position(high).into_iter().fold(low, |mut items, (position, node)| {
                match items.get_mut(position) {
                    Some(item) => *item = overlay(item.clone(), node),
                    None => items.push(overlay(nothing(), node)),
                }
                items
            }))
        }
        // There is no list to reach into yet: the numbers make one.
        (_, Value::Map(high)) if reaches_into(0, &high) => {
            let items = by_position(high).into_iter();
            Value::List(items.map(|(_, node)| overlay(nothing(), node)).collect())
        }
        (_, Value::Map(high)) => Value::Map(unite(Vec::new(), high, overlay)),
        (_, high) => high,
    };
    Node { value, ..Node::new(Value::Null, high.origin) }
}

type Entries = Vec<(String, Node)>;

/// Whether the keys are positions of a list of this length, or go on where it ends.
fn reaches_into(length: usize, entries: &Entries) -> bool {
    let mut end = length;
    let positions = by_position(entries.clone());
    positions.len() == entries.len()
        && !positions.is_empty()
        && positions.iter().all(|(position, _)| {
            end += usize::from(*position == end);
            *position < end
        })
}

/// The entries whose keys are numbers, in the order of the numbers.
fn by_position(entries: Entries) -> Vec<(usize, Node)> {
    let mut positions: Vec<(usize, Node)> =
        entries.into_iter().filter_map(|(key, node)| Some((key.parse().ok()?, node))).collect();
    positions.sort_by_key(|(position, _)| *position);
    positions
}

fn nothing() -> Node {
    Node::new(Value::Null, Origin::Default)
}

fn unite(mut low: Entries, high: Entries, rule: fn(Node, Node) -> Node) -> Entries {
    for (key, node) in high {
        match low.iter_mut().find(|(name, _)| *name == key) {
            Some((_, below)) => *below = rule(below.clone(), node),
            None => low.push((key, rule(nothing(), node))),
        }
    }
    low
}
