use super::*;

/// name, version, os, os_version, model (`-` for unknown); then the kind of device and its name.
const READ: &[(&str, [&str; 5], Device, &str)] = &[
    // applications
    (
        "Foo/1.2.3 (Pixel 9; Android 16; FooSDK 4)",
        ["Foo", "1.2.3", "Android", "16", "Pixel 9"],
        Device::Mobile,
        "Pixel 9",
    ),
    (
        "Foo X/2.0 (iPhone 15; iOS 18.1; Scale/3.00)",
        ["Foo X", "2.0", "iOS", "18.1", "iPhone 15"],
        Device::Mobile,
        "iPhone 15",
    ),
    (
        "Element X/25.11.2 (Google Pixel 8 Pro; Android 15; BP1A.250505.005; Sdk 0a1b2c3)",
        ["Element X", "25.11.2", "Android", "15", "Google Pixel 8 Pro"],
        Device::Mobile,
        "Google Pixel 8 Pro",
    ),
    (
        "Element X Nightly/25.11.2 (iPad Pro 11-inch; iPadOS 18.5; Scale/2.00)",
        ["Element X Nightly", "25.11.2", "iPadOS", "18.5", "iPad Pro 11-inch"],
        Device::Tablet,
        "iPad Pro 11-inch",
    ),
    (
        "Element/1.11.24 (iPad Air (5th generation); iOS 17.4; Scale/2.00)",
        ["Element", "1.11.24", "iOS", "17.4", "iPad Air (5th generation)"],
        Device::Tablet,
        "iPad Air (5th generation)",
    ),
    (
        "Element/1.6.20 (Linux; U; Android 13; Pixel 7 Build/TQ3A.230901.001; Flavour GooglePlay)",
        ["Element", "1.6.20", "Android", "13", "Pixel 7"],
        Device::Mobile,
        "Pixel 7",
    ),
    ("Foo/1 (Linux; U; Android 13)", ["Foo", "1", "Android", "13", "-"], Device::Mobile, "Foo for Android"),
    (
        "Foo/1 (Steam Deck; SteamOS)",
        ["Foo", "1", "SteamOS", "-", "Steam Deck"],
        Device::Unknown,
        "Steam Deck",
    ),
    ("Foo/1 (; Android)", ["Foo", "1", "Android", "-", "-"], Device::Mobile, "Foo for Android"),
    // Chrome
    (
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36",
        ["Chrome", "142.0.0.0", "Windows", "-", "-"],
        Device::Pc,
        "Chrome for Windows",
    ),
    (
        "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36",
        ["Chrome", "142.0.0.0", "Linux", "-", "-"],
        Device::Pc,
        "Chrome for Linux",
    ),
    (
        "Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36",
        ["Chrome", "142.0.0.0", "Chrome OS", "-", "-"],
        Device::Pc,
        "Chrome for Chrome OS",
    ),
    (
        "Mozilla/5.0 (X11; CrOS aarch64 15699.85.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/110.0.0.0 Safari/537.36",
        ["Chrome", "110.0.0.0", "Chrome OS", "15699.85.0", "-"],
        Device::Pc,
        "Chrome for Chrome OS",
    ),
    (
        "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Mobile Safari/537.36",
        ["Chrome", "142.0.0.0", "Android", "-", "-"],
        Device::Mobile,
        "Chrome for Android",
    ),
    (
        "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36",
        ["Chrome", "142.0.0.0", "macOS", "-", "-"],
        Device::Pc,
        "Chrome for macOS",
    ),
    (
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/142.0.7444.46 Mobile/15E148 Safari/604.1",
        ["Chrome", "142.0.7444.46", "iOS", "18.1", "iPhone"],
        Device::Mobile,
        "iPhone",
    ),
    (
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36 Edg/142.0.0.0",
        ["Edge", "142.0.0.0", "Windows", "-", "-"],
        Device::Pc,
        "Edge for Windows",
    ),
    // Firefox
    (
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:145.0) Gecko/20100101 Firefox/145.0",
        ["Firefox", "145.0", "Windows", "-", "-"],
        Device::Pc,
        "Firefox for Windows",
    ),
    (
        "Mozilla/5.0 (Windows NT 6.1; WOW64; rv:115.0) Gecko/20100101 Firefox/115.0",
        ["Firefox", "115.0", "Windows", "7", "-"],
        Device::Pc,
        "Firefox for Windows",
    ),
    (
        "Mozilla/5.0 (X11; Ubuntu; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0",
        ["Firefox", "145.0", "Linux", "-", "-"],
        Device::Pc,
        "Firefox for Linux",
    ),
    (
        "Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:145.0) Gecko/20100101 Firefox/145.0",
        ["Firefox", "145.0", "macOS", "10.15", "-"],
        Device::Pc,
        "Firefox for macOS",
    ),
    (
        "Mozilla/5.0 (Android 15; Mobile; rv:145.0) Gecko/145.0 Firefox/145.0",
        ["Firefox", "145.0", "Android", "15", "-"],
        Device::Mobile,
        "Firefox for Android",
    ),
    (
        "Mozilla/5.0 (iPad; CPU OS 17_7 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) FxiOS/145.0 Mobile/15E148 Safari/605.1.15",
        ["Firefox", "145.0", "iPadOS", "17.7", "iPad"],
        Device::Tablet,
        "iPad",
    ),
    // Safari
    (
        "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.1 Safari/605.1.15",
        ["Safari", "26.1", "macOS", "-", "-"],
        Device::Pc,
        "Safari for macOS",
    ),
    (
        "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_13_6) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/13.1.2 Safari/605.1.15",
        ["Safari", "13.1.2", "macOS", "10.13.6", "-"],
        Device::Pc,
        "Safari for macOS",
    ),
    (
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Mobile/15E148 Safari/604.1",
        ["Safari", "26.0", "iOS", "18.6", "iPhone"],
        Device::Mobile,
        "iPhone",
    ),
    (
        "Mozilla/5.0 (iPod touch; CPU iPhone OS 15_8 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/15.6 Mobile/15E148 Safari/604.1",
        ["Safari", "15.6", "iOS", "15.8", "iPod"],
        Device::Mobile,
        "iPod",
    ),
    (
        "Mozilla/5.0 (iPad; CPU OS 12_5_7 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/12.1.2 Mobile/15E148 Safari/604.1",
        ["Safari", "12.1.2", "iPadOS", "12.5.7", "iPad"],
        Device::Tablet,
        "iPad",
    ),
    // Electron
    (
        "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Element/1.12.4 Chrome/140.0.7339.133 Electron/38.2.0 Safari/537.36",
        ["Element", "1.12.4", "Linux", "-", "-"],
        Device::Pc,
        "Element for Linux",
    ),
    (
        "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) ElementNightly/2025112001 Chrome/140.0.7339.133 Electron/38.2.0 Safari/537.36",
        ["ElementNightly", "2025112001", "macOS", "-", "-"],
        Device::Pc,
        "ElementNightly for macOS",
    ),
    (
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.7339.133 Electron/38.2.0 Safari/537.36",
        ["Chrome", "140.0.7339.133", "Windows", "-", "-"],
        Device::Pc,
        "Chrome for Windows",
    ),
    // neither
    ("curl/8.14.1", ["HTTP Library", "curl", "-", "-", "-"], Device::Unknown, "HTTP Library"),
    ("matrix-nio/0.25.2", ["-"; 5], Device::Unknown, "unknown device"),
    ("Foo/1 (only one)", ["-"; 5], Device::Unknown, "unknown device"),
    ("", ["-"; 5], Device::Unknown, "unknown device"),
    ("-", ["-"; 5], Device::Unknown, "unknown device"),
    ("()", ["-"; 5], Device::Unknown, "unknown device"),
];

#[test]
fn headers_are_read_as_people_would() {
    for (header, expected, device, device_name) in READ {
        let agent = Agent::parse(header);
        let read = [&agent.name, &agent.version, &agent.os, &agent.os_version, &agent.model];
        assert_eq!(read.map(|part| part.as_deref().unwrap_or("-")), *expected, "{header}");
        assert_eq!(agent.device, *device, "{header}");
        assert_eq!(describe(header), *device_name, "{header}");
    }
}

#[test]
fn whatever_is_sent_can_be_read() {
    const PIECES: &[&str] = &[
        "Mozilla/",
        "Mozilla/5.0 ",
        "Electron/",
        "Windows ",
        "NT 10.0",
        "Phone OS 8.1",
        "Xbox",
        "MSIE ",
        "Trident/",
        ";",
        "; ",
        "(",
        ")",
        "/",
        " ",
        "é",
        "\u{1F600}",
        "\0",
        "Chrome",
        "wv",
        "Safari/",
        "Version/",
        "Linux",
        "Android",
        "U",
        "iPhone; ",
        "iPad;",
        "like Mac OS X",
        "Mac OS X 10_15_7",
        "CrOS ",
        "BB10",
        "DoCoMo/",
        "KDDI-",
        "SoftBank/",
        "Google",
        "bot",
        "HttpClient",
        "PSP (PlayStation Portable); ",
        "Nintendo DSi;",
        "Build",
        "UNKNOWN",
        "99.9",
    ];
    let mut state = 0x9E37_79B9_7F4A_7C15_u64;
    let mut random = |below: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        usize::try_from(state % below as u64).expect("below a usize")
    };
    for _ in 0..20_000 {
        let text: String = (0..random(12)).map(|_| PIECES[random(PIECES.len())]).collect();
        let agent = Agent::parse(&text);
        assert!(!agent.device_name().trim().is_empty(), "{text:?}");
        for part in [agent.name, agent.version, agent.os, agent.os_version, agent.model].into_iter().flatten()
        {
            assert!(!part.is_empty() && part != "UNKNOWN", "{text:?}: {part:?}");
        }
    }
}

#[test]
fn of_a_very_long_header_only_the_beginning_counts() {
    let firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0 ";
    // The cut falls into the middle of a character for one of these.
    for shift in 0..4 {
        let long = format!("{firefox}{}{}", " ".repeat(shift), "\u{1F600}".repeat(1 << 20));
        assert_eq!(Agent::parse(&long), Agent::parse(firefox));
    }
    let model = "x".repeat(1 << 20);
    assert_eq!(describe(&format!("Foo/1 ({model}; Android 16)")), "unknown device");
}
