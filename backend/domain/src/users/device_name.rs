//! What a device is called until its owner gives it a name.

/// Homeservers refuse a longer name, and with it the device.
const LONGEST: usize = 100;

/// "Element on Firefox for Linux": the client, and what the user agent tells of the device. Cut to what a homeserver
/// accepts, because both parts are as long as strangers please.
pub fn device_name(client: &str, user_agent: Option<&str>) -> String {
    let device = crate::agent::describe(user_agent.unwrap_or_default());
    format!("{client} on {device}").chars().take(LONGEST).collect()
}

#[cfg(test)]
mod tests {
    use super::device_name;

    #[test]
    fn a_name_tells_client_and_device() {
        let firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0";
        assert_eq!(device_name("Element", Some(firefox)), "Element on Firefox for Linux");
        assert_eq!(device_name("Foo", Some("Foo/1 (Pixel 9; Android 16)")), "Foo on Pixel 9");
        assert_eq!(device_name("Foo", None), "Foo on unknown device");
    }

    #[test]
    fn a_name_is_never_longer_than_a_homeserver_takes() {
        let model = format!("Foo/1 ({}; Android 16)", "x".repeat(400));
        assert_eq!(device_name("Foo", Some(&model)), format!("Foo on {}", "x".repeat(93)));
        assert_eq!(device_name(&"é".repeat(200), None), "é".repeat(100));
    }
}
