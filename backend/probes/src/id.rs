//! ULIDs, as `client_id` and in addresses.

use kernel::id::{ClientId, Id};

pub fn id(text: &str) {
    let Ok(id) = text.parse::<ClientId>() else { return };
    let printed = id.to_string();
    assert_eq!(printed, text.to_ascii_uppercase(), "letter case is the only freedom");
    assert_eq!(printed.parse(), Ok(id), "what is printed reads back");
    assert_eq!(ClientId::from_ulid(id.ulid()), id);
    assert!(id.created_at().as_secs() >= 0);
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::tests::always_the_same;

    proptest! {
        #![proptest_config(always_the_same())]

        #[test]
        fn letters_that_look_like_digits_are_no_digits(text in "[0-9A-Za-z]{24,27}", good in "[0-7][0-9A-HJKMNP-TV-Z]{25}") {
            id(&text);
            id(&good);
            prop_assert!(good.parse::<ClientId>().is_ok());
            let lower = good.to_ascii_lowercase();
            prop_assert_eq!(lower.parse::<ClientId>(), good.parse());
        }
    }
}
