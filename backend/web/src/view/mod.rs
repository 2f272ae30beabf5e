//! What people see: one typed context per page, rendered by the template of the same name.
//!
//! Not here: who may see a page, and when; that is the handlers' part. Pages work without scripts and carry
//! neither inline styles nor inline scripts without the nonce of the response's Content-Security-Policy.
//!
//! Invariants: every value is escaped, whatever it is; a variable or a text that does not exist is an error,
//! not a blank; all words come from `locales/*.ftl`.

pub mod samples;

mod account_app;
mod consent;
mod device;
mod endings;
mod index;
mod letters;
mod login;
mod register;
mod shell;
mod texts;
mod who;

use std::{
    collections::BTreeMap,
    sync::{Arc, OnceLock},
};

use axum::response::Html;
use kernel::{Error, Result};
use minijinja::{AutoEscape, Environment, UndefinedBehavior, context, syntax::SyntaxConfig, value::Serde};
use rust_embed::Embed;
use serde::Serialize;

pub use account_app::AccountApp;
pub use consent::{ChooseAccount, CompatSso, Consent, Destination, Permission, Refusal};
pub use device::{Device, DeviceDone, DeviceEnd, DeviceProblem, Link, LinkProblem, Requester};
pub use endings::{
    AppProblem, Busy, ErrorPage, FormPost, NotFound, Spent, SpentReason, Stopped, StoppedReason, Way,
};
pub use index::{EndSession, Index, Logout};
pub use letters::Letters;
pub use login::{Login, LoginProblem, Next, Provider, Reauthenticate};
pub use register::{
    FormProblem, RegisterEmail, RegisterEnd, RegisterEndReason, RegisterName, RegisterPassword, RegisterToken,
};
pub use shell::{Branding, Shell, Site};
pub use texts::{Locale, Texts};
pub(crate) use who::tidy;
pub use who::{Account, App, AppLink, Continuation, web_link};

/// A page's context. Its fields are what the template may use, as `page`.
pub trait Page: Serialize {
    /// The file in `templates/`.
    const TEMPLATE: &'static str;
}

#[derive(Embed)]
#[folder = "templates"]
struct Templates;

/// All templates, once per language.
#[derive(Debug)]
pub struct Views {
    texts: Arc<Texts>,
    environments: BTreeMap<Locale, Environment<'static>>,
}

impl Views {
    /// Parses templates and texts, once in the life of the process; fails if one of them has a mistake.
    pub fn load() -> Result<Arc<Self>> {
        static LOADED: OnceLock<Arc<Views>> = OnceLock::new();
        if let Some(views) = LOADED.get() {
            return Ok(views.clone());
        }
        let views = Arc::new(Self::with(Texts::load()?)?);
        Ok(LOADED.get_or_init(|| views).clone())
    }

    fn with(texts: Texts) -> Result<Self> {
        let texts = Arc::new(texts);
        let parsed = parse_templates()?;
        let environments = texts
            .locales()
            .map(|locale| {
                let mut environment = parsed.clone();
                environment.add_function("t", texts::translate(texts.clone(), locale.clone()));
                (locale.clone(), environment)
            })
            .collect();
        Ok(Self { texts, environments })
    }

    pub fn texts(&self) -> &Texts {
        &self.texts
    }

    /// Renders a page. Fails only by a mistake in the template, never by what the values are.
    pub fn render<P: Page>(&self, shell: &Shell<'_>, page: &P) -> Result<Html<String>> {
        let values = context! { shell => Serde(shell), page => Serde(page) };
        self.render_template(P::TEMPLATE, &shell.locale, values).map(Html)
    }

    fn render_template(&self, name: &str, locale: &Locale, values: minijinja::Value) -> Result<String> {
        let environment =
            self.environments.get(locale).ok_or_else(|| Error::internal(format!("no texts in {locale}")))?;
        environment.get_template(name).and_then(|template| template.render(values)).map_err(Error::internal)
    }
}

fn parse_templates() -> Result<Environment<'static>> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_auto_escape_callback(|_| AutoEscape::Html);
    let syntax = SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build();
    environment.set_syntax(syntax.map_err(Error::internal)?);
    for name in Templates::iter() {
        let file = Templates::get(&name).ok_or_else(|| Error::internal(format!("{name} is gone")))?;
        let source = String::from_utf8(file.data.into_owned()).map_err(Error::internal)?;
        environment.add_template_owned(name.into_owned(), source).map_err(Error::internal)?;
    }
    Ok(environment)
}

#[cfg(test)]
mod tests {
    use domain::{
        agent::{Agent, Gist},
        mail::{Message, Writer},
    };

    use super::*;

    fn render(template: &str) -> Result<String> {
        let mut views = Views::with(Texts::load()?)?;
        let english = Locale::english();
        let environment = views.environments.get_mut(&english).unwrap();
        environment.add_template_owned("test", template.to_owned()).unwrap();
        views.render_template("test", &english, context! { hostile => "<b>&\"'" })
    }

    #[test]
    fn nothing_is_left_blank_by_mistake() {
        for mistake in
            ["{{ nothing }}", "{{ hostile.nothing }}", "{% if nothing %}{% endif %}", "{{ t('nothing') }}"]
        {
            assert!(render(mistake).is_err(), "{mistake}");
        }
        assert!(render("{{ t('consent-allow') }}").is_err(), "an argument is missing");
    }

    #[test]
    fn values_are_escaped_also_inside_texts() {
        let escaped = "&lt;b&gt;&amp;&quot;&#x27;";
        assert_eq!(render("{{ hostile }}").unwrap(), escaped);
        assert_eq!(render("{{ t('consent-allow', app=hostile) }}").unwrap(), format!("Allow {escaped}"));
        assert_eq!(
            render("{% from 'parts.html' import strong %}{{ t('consent-allow', app=strong(hostile)) }}")
                .unwrap(),
            format!("Allow <strong><bdi>{escaped}</bdi></strong>")
        );
    }

    #[test]
    fn numbers_have_plurals() {
        let minutes = |count| render(&format!("{{{{ t('login-throttled', minutes={count}) }}}}")).unwrap();
        assert!(minutes(1).contains("Wait a minute"), "{}", minutes(1));
        assert!(minutes(5).contains("Wait 5 minutes"), "{}", minutes(5));
    }

    #[test]
    fn every_text_is_on_some_page() {
        let (texts, names) = Texts::of_names();
        let branding = Branding {
            policy_uri: Some("https://example.org/privacy".into()),
            tos_uri: Some("https://example.org/terms".into()),
            ..Branding::default()
        };
        let site = Site::new("", "example.org", branding).unwrap();
        let pages = samples::render(&Views::with(texts).unwrap(), &site, &Locale::english()).unwrap();
        let mut shown: String = pages.into_iter().map(|(_, html)| html).collect();
        let letters = Letters::of(Arc::new(Views::with(Texts::of_names().0).unwrap()), "example.org".into());
        let letter = letters.write("en", &Message::EmailCode { code: "123456" }).unwrap();
        shown.extend([letter.subject, letter.text]);
        shown.push_str(&letters.device_name("en", "App", &Agent::default()).unwrap());
        for gist in [Gist::Unknown, Gist::Program { program: "Firefox", system: "Linux" }] {
            shown.push_str(&letters.gist(&Locale::english(), gist).unwrap());
        }
        let unused: Vec<_> = names.iter().filter(|name| !shown.contains(&format!("[{name}]"))).collect();
        assert!(names.len() > 80, "only {} texts were read", names.len());
        assert_eq!(unused, Vec::<&String>::new());
    }
}
