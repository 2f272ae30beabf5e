//! What a device is called until its owner gives it a name.

/// "Element on Firefox for Linux": the client, and what the user agent tells of the device.
pub fn device_name(client: &str, user_agent: Option<&str>) -> String {
    let device = crate::agent::describe(user_agent.unwrap_or_default());
    format!("{client} on {device}")
}
