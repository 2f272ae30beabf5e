//! The service's own addresses. Always built from `http.public_base`, never from what a request says about its host.

use url::Url;

#[derive(Clone, Debug)]
pub struct Urls {
    public_base: Url,
    issuer: String,
    prefix: String,
}

impl Urls {
    /// `public_base` is made to end in a slash, so that joining never loses its last segment.
    pub fn new(mut public_base: Url, issuer: &Url) -> Self {
        if !public_base.path().ends_with('/') {
            public_base.set_path(&format!("{}/", public_base.path()));
        }
        let prefix = public_base.path().trim_end_matches('/').to_owned();
        Self { public_base, issuer: issuer.to_string(), prefix }
    }

    /// As it is advertised and compared: a bare origin has its trailing slash.
    pub fn issuer(&self) -> &str {
        &self.issuer
    }

    /// The public path before every route, without trailing slash: empty for a bare origin.
    pub fn prefix(&self) -> &str {
        &self.prefix
    }

    /// The absolute address of a route, given with its leading slash.
    pub fn absolute(&self, route: &str) -> String {
        format!("{}{}", self.public_base, route.trim_start_matches('/'))
    }

    /// The path of a route as a browser must ask for it.
    pub fn path(&self, route: &str) -> String {
        format!("{}{route}", self.prefix)
    }

    pub fn cookie_path(&self) -> &str {
        self.public_base.path()
    }

    pub fn is_https(&self) -> bool {
        self.public_base.scheme() == "https"
    }

    /// `scheme://host[:port]`, what browsers send as `Origin`.
    pub fn origin(&self) -> String {
        self.public_base.origin().ascii_serialization()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_prefix_survives_with_and_without_its_slash() {
        for base in ["https://example.com/account", "https://example.com/account/"] {
            let base: Url = base.parse().unwrap();
            let urls = Urls::new(base.clone(), &base);
            assert_eq!(urls.absolute("/oauth2/token"), "https://example.com/account/oauth2/token");
            assert_eq!(urls.path("/login"), "/account/login");
            assert_eq!(urls.cookie_path(), "/account/");
        }
        let bare: Url = "https://example.com".parse().unwrap();
        let urls = Urls::new(bare.clone(), &bare);
        assert_eq!(urls.path("/login"), "/login");
        assert_eq!(urls.issuer(), "https://example.com/");
    }
}
