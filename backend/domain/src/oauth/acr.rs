//! Authentication context classes (`acr`, OpenID Connect Core §2): what a client may ask a sign-in to amount to, told
//! from the methods that were used (`amr`, RFC 8176).

/// A class, and the method that it takes.
const CLASSES: [(&str, &str); 1] =
    [("urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport", "pwd")];

/// What discovery lists.
pub fn supported() -> impl Iterator<Item = &'static str> {
    CLASSES.into_iter().map(|(class, _)| class)
}

/// The first of the wanted classes, which are in order of preference, that these methods meet.
pub fn met<'w>(wanted: &'w [String], amr: &str) -> Option<&'w str> {
    let meets = |class: &str| {
        CLASSES.iter().any(|(known, method)| *known == class && amr.split(' ').any(|used| used == *method))
    };
    wanted.iter().map(String::as_str).find(|class| meets(class))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_class_that_was_met_is_told() {
        let password = supported().next().unwrap();
        let wanted = ["urn:other".to_owned(), password.to_owned()];
        assert_eq!(met(&wanted, "pwd"), Some(password));
        assert_eq!(met(&wanted, "otp pwd"), Some(password));
        assert_eq!(met(&wanted, "otp"), None);
        assert_eq!(met(&wanted[..1], "pwd"), None);
        assert_eq!(met(&[], "pwd"), None);
    }
}
