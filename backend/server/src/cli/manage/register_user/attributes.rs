//! What is known of the account to be, and how it is shown.

use std::fmt::Write as _;

use email_address::{EmailAddress, Options};
use kernel::Secret;

#[derive(Debug, Default)]
pub struct Attributes {
    /// The localpart.
    pub username: String,
    pub password: Option<Secret<String>>,
    pub emails: Vec<EmailAddress>,
    pub display_name: Option<String>,
    pub admin: Option<bool>,
}

/// `local@domain`, without a name before it.
pub fn email(text: &str) -> Result<EmailAddress, String> {
    let options = Options::default().without_display_text().without_domain_literal();
    EmailAddress::parse_with_options(text, options)
        .map_err(|error| format!("this is no e-mail address such as alice@example.com ({error})"))
}

impl Attributes {
    /// Everything in a table, and what is worth a second thought.
    pub fn table(&self, server_name: &str) -> String {
        let mut rows = vec![
            ("Username", self.username.clone()),
            ("Matrix ID", format!("@{}:{server_name}", self.username)),
        ];
        rows.extend(self.display_name.clone().map(|name| ("Display name", name)));
        rows.extend(self.password.as_ref().map(|_| ("Password", "********".to_owned())));
        rows.extend(self.emails.iter().map(|email| ("Email", email.to_string())));
        let admin = |can: bool| ("Can request admin", if can { "yes" } else { "no" }.to_owned());
        rows.extend(self.admin.map(admin));

        let width = rows.iter().map(|(label, _)| label.len()).max().unwrap_or_default();
        let mut table = "User attributes\n".to_owned();
        for (label, value) in rows {
            let written = writeln!(table, "  {label:>width$}: {value}");
            debug_assert!(written.is_ok(), "writing to a string does not fail");
        }
        if self.emails.is_empty() {
            table.push_str("  Mind: there is no e-mail address\n");
        }
        if self.password.is_none() {
            table.push_str("  Mind: there is no password, so nobody can sign in with one\n");
        }
        table
    }

    /// The command that does the same without asking. A password is left for the shell to fill in.
    pub fn command(&self) -> String {
        let mut words = vec!["mas-cli manage register-user --yes".to_owned(), quoted(&self.username)];
        words.extend(self.emails.iter().map(|email| format!("--email {}", quoted(email.as_str()))));
        words.extend(self.display_name.iter().map(|name| format!("--display-name {}", quoted(name))));
        words.extend(self.password.iter().map(|_| "--password \"$PASSWORD\"".to_owned()));
        let admin = |can: bool| if can { "--admin" } else { "--no-admin" };
        words.extend(self.admin.map(|can| admin(can).to_owned()));
        words.join(" ")
    }
}

/// One word for a shell.
fn quoted(text: &str) -> String {
    // Only a NUL byte cannot be quoted, and no argument or line of input holds one.
    shlex::try_quote(text).map_or_else(|_| "''".to_owned(), std::borrow::Cow::into_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn full() -> Attributes {
        Attributes {
            username: "alice".into(),
            password: Some(Secret::new("hunter2".into())),
            emails: vec![email("alice@example.com").unwrap(), email("a+b@example.org").unwrap()],
            display_name: Some("Alice \"$HOME\" O'Hara".into()),
            admin: Some(true),
        }
    }

    #[test]
    fn the_table_shows_everything_but_the_password() {
        insta::assert_snapshot!(full().table("example.com"), @r#"
        User attributes
                   Username: alice
                  Matrix ID: @alice:example.com
               Display name: Alice "$HOME" O'Hara
                   Password: ********
                      Email: alice@example.com
                      Email: a+b@example.org
          Can request admin: yes
        "#);
        let bare = Attributes { username: "bob".into(), ..Attributes::default() };
        insta::assert_snapshot!(bare.table("example.com"), @"
        User attributes
           Username: bob
          Matrix ID: @bob:example.com
          Mind: there is no e-mail address
          Mind: there is no password, so nobody can sign in with one
        ");
    }

    #[test]
    fn the_command_is_safe_to_paste() {
        let words = shlex::split(&full().command()).unwrap();
        assert_eq!(words[..5], ["mas-cli", "manage", "register-user", "--yes", "alice"]);
        assert!(words.contains(&"Alice \"$HOME\" O'Hara".to_owned()), "{words:?}");
        assert!(!words.iter().any(|word| word.contains("hunter2")), "{words:?}");
        assert_eq!(words.last().unwrap(), "--admin");
    }

    #[test]
    fn addresses_are_addresses() {
        for text in
            ["alice", "@example.com", "alice@", "Alice <alice@example.com>", "a b@example.com", "alice@[::1]"]
        {
            assert!(email(text).is_err(), "{text}");
        }
    }
}
