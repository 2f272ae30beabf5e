//! What a User-Agent header tells of a device.

/// A device in a few words: its model, or else the browser and what it runs on.
pub fn describe(user_agent: &str) -> String {
    let parsed = woothee::parser::Parser::new().parse(user_agent);
    let known = |text: &str| !text.is_empty() && text != "UNKNOWN";
    match parsed {
        Some(agent) if known(agent.name) && known(agent.os) => format!("{} for {}", agent.name, agent.os),
        Some(agent) if known(agent.name) => agent.name.to_owned(),
        _ => "unknown device".to_owned(),
    }
}
