//! User codes of devices, as people type them (RFC 8628 §6.1).

use domain::oauth::user_code::read;

pub fn user_code(typed: &str) {
    let Some(code) = read(typed) else { return };
    assert_eq!(code.len(), 6, "{code:?}");
    assert!(code.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit()), "{code:?}");
    assert_eq!(read(&code).as_ref(), Some(&code), "what was read is read as itself");
    let letters = typed.chars().filter(char::is_ascii_alphanumeric).count();
    assert_eq!(letters, 6, "nothing is left out of {typed:?}, and nothing added");
}

#[cfg(test)]
mod tests {
    use domain::oauth::user_code::generate;
    use kernel::Random;
    use proptest::prelude::*;
    use testkit::SeededRandom;

    use super::*;
    use crate::tests::always_the_same;

    proptest! {
        #![proptest_config(always_the_same())]

        #[test]
        fn a_code_is_read_however_it_is_typed(seed: u64, between in "[ \\-_.\u{2013}\u{a0}]{0,4}", upper: [bool; 6]) {
            let code = generate(&SeededRandom::new(seed) as &dyn Random);
            let typed: String = code
                .chars()
                .zip(upper)
                .map(|(letter, upper)| if upper { letter } else { letter.to_ascii_lowercase() })
                .flat_map(|letter| [between.clone(), letter.to_string(), between.clone()])
                .collect();
            user_code(&typed);
            prop_assert_eq!(read(&typed), Some(code));
        }

        #[test]
        fn one_letter_more_or_less_is_no_code(seed: u64, at in 0..6_usize, more in "[A-Za-z0-9é]") {
            let code = generate(&SeededRandom::new(seed) as &dyn Random);
            prop_assert_eq!(read(&format!("{}{}", &code[..at], &code[at + 1..])), None);
            prop_assert_eq!(read(&format!("{}{more}{}", &code[..at], &code[at..])), None);
        }

        #[test]
        fn what_comes_near_to_a_code(text in "[B-HJ-NP-TV-Zb-z0-9 \\-\u{ff10}-\u{ff3a}]{0,12}") {
            user_code(&text);
        }
    }
}
