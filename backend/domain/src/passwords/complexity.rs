//! How hard a new password is to guess (zxcvbn: Wheeler 2016).

use super::Password;

/// More is not scored: zxcvbn's time grows with the square of the length.
const SCORED_CHARACTERS: usize = 100;

/// The least score, 0 to 4, that a new password needs: 10², 10⁴, 10⁶, 10⁸ guesses for 1, 2, 3, 4.
#[derive(Clone, Copy, Debug)]
pub struct Complexity {
    minimum: u8,
}

/// Whether a new password will do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    Strong {
        score: u8,
    },
    /// `advice` says in a sentence or two how to do better; it may be empty.
    Weak {
        score: u8,
        advice: String,
    },
}

impl Complexity {
    /// A minimum above 4 cannot be met.
    pub const fn new(minimum: u8) -> Self {
        Self { minimum }
    }

    /// An empty password is weak whatever the minimum.
    /// `about` are words that whoever knows the person would try first.
    pub(super) fn judge(&self, password: &Password, about: &[&str]) -> Verdict {
        let text: String = password.expose().chars().take(SCORED_CHARACTERS).collect();
        let entropy = zxcvbn::zxcvbn(&text, about);
        let score = u8::from(entropy.score());
        if score >= self.minimum && !text.is_empty() {
            return Verdict::Strong { score };
        }
        let advice = entropy.feedback().map_or_else(String::new, |feedback| {
            let warning = feedback.warning().map(|warning| warning.to_string());
            let suggestions = feedback.suggestions().iter().map(ToString::to_string);
            warning.into_iter().chain(suggestions).collect::<Vec<_>>().join(" ")
        });
        Verdict::Weak { score, advice }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judge(minimum: u8, text: &str) -> Verdict {
        Complexity::new(minimum).judge(&Password::parse(text).unwrap(), &[])
    }

    #[test]
    fn scores_are_measured_against_the_minimum() {
        assert_eq!(judge(3, "tepid-Walrus/89 orbit"), Verdict::Strong { score: 4 });
        assert_eq!(judge(0, "password"), Verdict::Strong { score: 0 });
        assert!(matches!(judge(1, "password"), Verdict::Weak { score: 0, .. }));
        assert!(matches!(judge(5, "tepid-Walrus/89 orbit"), Verdict::Weak { score: 4, .. }));
    }

    #[test]
    fn weak_passwords_come_with_advice() {
        let Verdict::Weak { advice, .. } = judge(3, "password") else { panic!("it is weak") };
        assert!(advice.ends_with('.') && advice.len() > 30, "{advice:?}");
        assert!(!advice.contains("password1"));
    }

    #[test]
    fn ones_own_name_makes_no_password() {
        let password = Password::parse("walburga.quistorp").unwrap();
        let judge = |about: &[&str]| Complexity::new(3).judge(&password, about);
        assert!(matches!(judge(&[]), Verdict::Strong { .. }));
        assert!(matches!(judge(&["walburga.quistorp"]), Verdict::Weak { .. }));
    }

    #[test]
    fn empty_is_always_weak() {
        assert!(matches!(judge(0, ""), Verdict::Weak { score: 0, .. }));
    }

    #[test]
    fn only_the_first_hundred_characters_count() {
        let padded = "a".repeat(100) + "tepid-Walrus/89 orbit";
        assert!(matches!(judge(3, &padded), Verdict::Weak { .. }));
    }
}
