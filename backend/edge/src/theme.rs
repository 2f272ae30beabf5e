//! Light or dark, where somebody has chosen in this browser. The account app keeps the choice in a cookie that is not sealed:
//! it is nobody's business, and the app has to read it, too.

use http::{HeaderMap, header};

const NAME: &str = "theme";

/// `light` or `dark`; `None` for what the device prefers.
pub fn read(headers: &HeaderMap) -> Option<&'static str> {
    let lines = headers.get_all(header::COOKIE).into_iter().filter_map(|line| line.to_str().ok());
    let mut cookies = lines.flat_map(|line| line.split(';')).filter_map(|one| one.trim().split_once('='));
    match cookies.find(|(name, _)| *name == NAME)?.1 {
        "light" => Some("light"),
        "dark" => Some("dark"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_but_light_and_dark_is_a_theme() {
        for (cookies, expected) in [
            ("theme=dark", Some("dark")),
            ("session=x; theme=light; other=theme", Some("light")),
            ("theme=system", None),
            ("theme=\"><script>", None),
            ("mytheme=dark", None),
            ("theme", None),
            ("", None),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(header::COOKIE, cookies.parse().unwrap());
            assert_eq!(read(&headers), expected, "{cookies}");
        }
    }
}
