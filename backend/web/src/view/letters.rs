//! Mails in words: plain text from the texts alone, HTML from a template. Both say the same. And the names of devices, which
//! homeservers show.

use std::sync::Arc;

use domain::{
    agent::{Agent, Gist},
    mail::{Letter, Message, Writer},
};
use fluent_bundle::FluentArgs;
use kernel::{Error, Result};
use minijinja::context;

use super::{Locale, Views};

/// Writes the service's mails.
#[derive(Debug)]
pub struct Letters {
    views: Arc<Views>,
    /// What people call the place.
    place: String,
}

impl Letters {
    pub fn load(homeserver: &str, service_name: Option<String>) -> Result<Self> {
        let place = service_name.unwrap_or_else(|| homeserver.to_owned());
        Ok(Self { views: Views::load()?, place })
    }

    #[cfg(test)]
    pub(super) const fn of(views: Arc<Views>, place: String) -> Self {
        Self { views, place }
    }

    fn say(&self, locale: &Locale, key: &str, args: &[(&'static str, &str)]) -> Result<String> {
        let args: FluentArgs<'_> = args.iter().map(|(name, value)| (*name, *value)).collect();
        let text = self.views.texts().format(locale, key, &args);
        text.ok_or_else(|| Error::internal(format!("text {key} or one of its arguments is missing")))
    }

    pub(super) fn gist(&self, locale: &Locale, gist: Gist<'_>) -> Result<String> {
        match gist {
            Gist::Name(name) => Ok(name.to_owned()),
            Gist::Program { program, system } => {
                self.say(locale, "device-name-program", &[("program", program), ("system", system)])
            }
            Gist::Unknown => self.say(locale, "device-name-unknown", &[]),
        }
    }

    fn email_code(&self, locale: &Locale, code: &str) -> Result<Letter> {
        let code = grouped(code);
        let say =
            |key: &str| self.say(locale, key, &[("code", code.as_str()), ("place", self.place.as_str())]);
        let values = context! {
            lang => locale.to_string(), dir => locale.direction(), place => self.place.clone(), code => code.clone(),
        };
        let (lead, usage, not_you) =
            (say("mail-code-lead")?, say("mail-code-use")?, say("mail-code-not-you")?);
        Ok(Letter {
            subject: say("mail-code-subject")?,
            text: format!("{lead}\n\n    {code}\n\n{usage}\n\n{not_you}\n"),
            html: self.views.render_template("mail/email-code.html", locale, values)?,
        })
    }
}

impl Writer for Letters {
    fn write(&self, language: &str, message: &Message<'_>) -> Result<Letter> {
        let locale = self.views.texts().first_of([language]).unwrap_or_else(Locale::english);
        match message {
            Message::EmailCode { code } => self.email_code(&locale, code),
        }
    }

    fn device_name(&self, language: &str, client: &str, agent: &Agent) -> Result<String> {
        let locale = self.views.texts().first_of([language]).unwrap_or_else(Locale::english);
        let device = self.gist(&locale, agent.gist())?;
        self.say(&locale, "device-name", &[("client", client), ("device", device.as_str())])
    }
}

/// `123 456`, for reading and for typing.
fn grouped(code: &str) -> String {
    code.split_at_checked(3).map_or_else(|| code.to_owned(), |(first, rest)| format!("{first} {rest}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_device_is_named_in_the_persons_language() {
        let letters = Letters::load("example.org", None).unwrap();
        let firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
        let name = |language, agent| letters.device_name(language, "App", &Agent::parse(agent)).unwrap();
        assert_eq!(name("en", firefox), "App on Firefox for Linux");
        assert_eq!(name("de-AT", firefox), "App auf Firefox für Linux");
        assert_eq!(name("tlh", ""), "App on unknown device");
        assert_eq!(name("fr", ""), "App sur un appareil inconnu");
        assert_eq!(name("es", "Some/1.0 (Pixel 9; Android 16)"), "App en Pixel 9");
    }

    #[test]
    fn a_code_stands_in_subject_text_and_html() {
        let letters = Letters::load("example.org", Some("<Example>".into())).unwrap();
        let letter = letters.write("de-AT-x-none", &Message::EmailCode { code: "012345" }).unwrap();
        assert_eq!(letter.subject, "Dein Code ist 012 345");
        assert!(letter.text.contains("\n    012 345\n"), "{}", letter.text);
        assert!(letter.text.contains("bei <Example>:"), "{}", letter.text);
        assert!(letter.html.contains(">012 345</p>"), "{}", letter.html);
        assert!(letter.html.contains("bei &lt;Example&gt;:"), "{}", letter.html);
    }
}
