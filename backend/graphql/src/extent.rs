//! How much a request asks for, before anything is done for it: how deep, how many fields once all fragments are written out.
//! Counting itself takes no longer than reading, however fragments name each other.

use std::collections::HashMap;

use async_graphql::{
    Name, Positioned,
    parser::types::{ExecutableDocument, FragmentDefinition, OperationType, Selection, SelectionSet},
};

use crate::fault::{ErrorCode, Fault};

const DEEPEST: u32 = 10;
const MOST_FIELDS: u32 = 1_000;

/// Selections inside selections, fragments among them: what the library follows, and what this stack bears.
const MOST_NESTED: u32 = 32;
/// Changes in one request: each may take a transaction, a mail, or the hash of a password.
const MOST_MUTATIONS: u32 = 5;

/// Of questions about the schema itself, which nest deeply but lead nowhere: the usual tools need 15.
const DEEPEST_INTROSPECTION: u32 = 20;
/// Lists inside lists of the schema, which would otherwise multiply: the usual tools need 3.
const MOST_INTROSPECTED_LISTS: u32 = 3;
const INTROSPECTED_LISTS: [&str; 8] =
    ["args", "directives", "enumValues", "fields", "inputFields", "interfaces", "possibleTypes", "types"];

#[derive(Clone, Copy, Debug, Default)]
struct Extent {
    depth: u32,
    fields: u32,
    /// Fields that are asked of one and the same thing.
    width: u32,
    /// The most lists of introspection on one path.
    lists: u32,
    /// The most selections on one path.
    nested: u32,
}

impl Extent {
    fn and(self, other: Self) -> Self {
        Self {
            depth: self.depth.max(other.depth),
            fields: self.fields.saturating_add(other.fields),
            width: self.width.saturating_add(other.width),
            lists: self.lists.max(other.lists),
            nested: self.nested.max(other.nested),
        }
    }
}

/// Fails with what there is too much of.
pub fn check(document: &ExecutableDocument) -> Result<(), Fault> {
    let mut walk = Walk { fragments: &document.fragments, known: HashMap::new(), level: 0 };
    for (_, operation) in document.operations.iter() {
        let extent = walk.set(&operation.node.selection_set.node)?;
        if operation.node.ty == OperationType::Mutation && extent.width > MOST_MUTATIONS {
            return Err(too_complex(format!(
                "{} changes at once: at most {MOST_MUTATIONS} are made by one request",
                extent.width
            )));
        }
        if extent.depth > DEEPEST {
            return Err(too_complex(format!(
                "the question is {} levels deep: at most {DEEPEST} are answered",
                extent.depth
            )));
        }
        if extent.fields > MOST_FIELDS {
            return Err(too_complex(format!("the question names more than {MOST_FIELDS} fields")));
        }
    }
    Ok(())
}

fn too_complex(message: String) -> Fault {
    Fault::new(ErrorCode::TooComplex, message)
}

fn too_nested() -> Fault {
    too_complex(format!("the question nests selections and fragments more than {MOST_NESTED} deep"))
}

struct Walk<'a> {
    fragments: &'a HashMap<Name, Positioned<FragmentDefinition>>,
    /// `None` while it is being counted.
    known: HashMap<&'a Name, Option<Extent>>,
    /// How many selections this one is inside of.
    level: u32,
}

impl<'a> Walk<'a> {
    fn set(&mut self, set: &'a SelectionSet) -> Result<Extent, Fault> {
        if set.items.is_empty() {
            return Ok(Extent::default());
        }
        if self.level == MOST_NESTED {
            return Err(too_nested());
        }
        self.level += 1;
        let all = self.items(set)?;
        self.level -= 1;
        // Fragments that were counted before were not gone into again, so the way through them is longer than the level says.
        if all.nested == MOST_NESTED {
            return Err(too_nested());
        }
        Ok(Extent { nested: all.nested + 1, ..all })
    }

    fn items(&mut self, set: &'a SelectionSet) -> Result<Extent, Fault> {
        let mut all = Extent::default();
        for item in &set.items {
            let extent = match &item.node {
                Selection::Field(field) => {
                    let inner = self.set(&field.node.selection_set.node)?;
                    field_with(field.node.name.node.as_str(), inner)?
                }
                Selection::InlineFragment(fragment) => self.set(&fragment.node.selection_set.node)?,
                Selection::FragmentSpread(spread) => self.fragment(&spread.node.fragment_name.node)?,
            };
            all = all.and(extent);
        }
        Ok(all)
    }

    fn fragment(&mut self, name: &'a Name) -> Result<Extent, Fault> {
        match self.known.get(name) {
            Some(Some(extent)) => return Ok(*extent),
            Some(None) => return Err(Fault::new(ErrorCode::BadInput, "a fragment contains itself")),
            None => {}
        }
        // One that does not exist is reported by the validation.
        let Some(fragment) = self.fragments.get(name) else { return Ok(Extent::default()) };
        self.known.insert(name, None);
        let extent = self.set(&fragment.node.selection_set.node)?;
        self.known.insert(name, Some(extent));
        Ok(extent)
    }
}

fn field_with(name: &str, inner: Extent) -> Result<Extent, Fault> {
    let fields = inner.fields.saturating_add(1);
    if name == "__schema" || name == "__type" {
        if inner.depth > DEEPEST_INTROSPECTION || inner.lists > MOST_INTROSPECTED_LISTS {
            return Err(too_complex("the question about the schema is too deep".into()));
        }
        return Ok(Extent { depth: 1, fields, width: 1, lists: 0, nested: inner.nested });
    }
    let lists = inner.lists + u32::from(INTROSPECTED_LISTS.contains(&name));
    Ok(Extent { depth: inner.depth + 1, fields, width: 1, lists, nested: inner.nested })
}

#[cfg(test)]
mod tests {
    use async_graphql::parser::parse_query;

    use super::*;

    fn refusal(query: &str) -> Option<String> {
        check(&parse_query(query).unwrap()).err().map(|fault| fault.message)
    }

    #[test]
    fn depth_counts_through_fragments() {
        let nested =
            |levels: usize| format!("{{ {} x {} }}", "a {".repeat(levels - 1), "}".repeat(levels - 1));
        assert_eq!(refusal(&nested(10)), None);
        assert!(refusal(&nested(11)).unwrap().contains("11 levels"));
        let through = "query { a { ...F } } fragment F on X { b { c { d { e { f { g { h { i { j { k } } } } } } } } } }";
        assert!(refusal(through).is_some());
    }

    #[test]
    fn fragments_that_double_each_other_are_counted_and_not_followed() {
        let mut bomb = "{ ...F0 } fragment F30 on X { a }".to_owned();
        for level in 0..30 {
            bomb.push_str(&format!(" fragment F{level} on X {{ ...F{0} ...F{0} }}", level + 1));
        }
        assert!(refusal(&bomb).unwrap().contains("1000 fields"));
    }

    /// As many as fit into a body: followed one by one, they would take more stack than there is.
    #[test]
    fn chains_of_fragments_are_not_followed_to_their_end() {
        let link = |at: u32, next: u32| format!("fragment f{at:x} on Q{{...f{next:x}}}");
        let chain = |links: u32| (0..links).map(|at| link(at, at + 1)).collect::<String>();
        let end = |links: u32| format!("fragment f{links:x} on Q{{a}}");
        let of = |links: u32| format!("{{...f0}}{}{}", chain(links), end(links));
        assert_eq!(refusal(&of(30)), None);
        for links in [31, 2_500] {
            assert!(refusal(&of(links)).unwrap().contains("32 deep"), "{links}");
        }
        // Nor if each was counted on its own before, from the end on.
        let all: String = (0..40).rev().map(|at| format!("...f{at:x} ")).collect();
        assert!(refusal(&format!("{{{all}}}{}{}", chain(40), end(40))).unwrap().contains("32 deep"));
    }

    #[test]
    fn few_changes_are_made_by_one_request() {
        let changes = |count: usize| {
            let all: String = (0..count).map(|at| format!("a{at}: set {{ status }} ")).collect();
            format!("mutation {{ ...M }} fragment M on X {{ {all} }}")
        };
        assert_eq!(refusal(&changes(5)), None);
        assert!(refusal(&changes(6)).unwrap().contains("6 changes"));
        assert_eq!(refusal(&changes(6).replace("mutation", "query")), None);
    }

    #[test]
    fn a_fragment_in_itself_is_refused() {
        assert!(refusal("{ ...F } fragment F on X { a { ...F } }").unwrap().contains("contains itself"));
    }

    #[test]
    fn tools_may_ask_for_the_schema_but_not_for_its_powers() {
        let of_type = format!("{} kind {}", "ofType {".repeat(9), "}".repeat(9));
        assert_eq!(
            refusal(&format!(
                "{{ __schema {{ types {{ fields {{ args {{ type {{ {of_type} }} }} }} }} }} }}"
            )),
            None
        );
        let powers = "{ __schema { types { fields { type { fields { type { fields { name } } } } } } } }";
        assert!(refusal(powers).is_some());
    }
}
