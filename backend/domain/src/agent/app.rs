//! Applications: `name/version (model; os version; …)`.

use super::{Agent, Device, some};

/// `None` if the text has another form.
pub fn parse(text: &str) -> Option<Agent> {
    if text.contains("Mozilla/") {
        return None;
    }
    let (name, rest) = text.split_once('/')?;
    let (version, rest) = rest.split_once(' ')?;
    let segments = rest.trim_start().strip_prefix('(')?.strip_suffix(')')?;
    let segments: Vec<&str> = segments.split(';').map(str::trim).collect();
    let (model, os) = match *segments {
        // Android's HTTP library puts its own words first.
        ["Linux", "U", os, model, ..] => (model, os),
        ["Linux", "U", os] => ("", os),
        [model, os, ..] => (model, os),
        _ => return None,
    };
    let (os, os_version) = os.split_once(' ').unwrap_or((os, ""));
    let model = model.split('/').next().unwrap_or_default().trim();
    let model = model.strip_suffix("Build").unwrap_or(model);
    Some(Agent {
        name: some(name),
        version: some(version),
        os: some(os),
        os_version: some(os_version),
        model: some(model),
        device: match os {
            _ if model.contains("iPad") => Device::Tablet,
            "Android" | "iOS" => Device::Mobile,
            _ => Device::Unknown,
        },
    })
}
