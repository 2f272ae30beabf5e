//! The configuration as it was understood, as YAML.

use kernel::{
    Error, Result,
    config::{Path, REDACTED, RootConfig},
};

use super::{Node, Source, node::Value};

/// All sections with their defaults made explicit. Secrets are masked, unless they are asked for.
pub fn yaml(source: &Source, config: &RootConfig, show_secrets: bool) -> Result<String> {
    let masked = to_yaml(config)?;
    if !show_secrets {
        return Ok(masked);
    }
    // Serialising never writes a secret; they come back from where they were read.
    let mut tree = Node::parse(&masked, &"dump".into()).map_err(Error::internal)?;
    unmask(&mut tree, source.tree(), &Path::default());
    to_yaml(&tree)
}

fn unmask(node: &mut Node, tree: &Node, path: &Path) {
    if let Value::Text(text) = &node.value
        && text.contains(REDACTED)
        && let Some(original) = tree.find(path)
    {
        node.value = original.value.clone();
    }
    for (key, child) in node.children_mut() {
        unmask(child, tree, &path.join(key));
    }
}

pub(super) fn to_yaml(value: &impl serde::Serialize) -> Result<String> {
    serde_saphyr::to_string(value).map_err(|error| Error::internal(error.to_string()))
}
