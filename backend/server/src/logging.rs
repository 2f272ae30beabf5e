//! The log: one line per event on stderr.
//!
//! ```text
//! 2026-03-04T05:06:07.123456Z  INFO server::cli::config:63 GET-12 - Message key=value
//! ```
//!
//! Time in UTC, level, origin (the event's name if it has one, else module and line), the field `context` of the
//! innermost span that has one, message, fields. `RUST_LOG` filters; colour only on a terminal.

use std::{
    borrow::Cow,
    fmt::{self, Write as _},
    io::IsTerminal,
};

use kernel::{Clock, SystemClock};
use tracing::{
    Event, Level, Metadata, Subscriber,
    field::{Field, Visit},
    span::{Attributes, Id, Record},
};
use tracing_subscriber::{
    EnvFilter, Layer,
    fmt::{
        FmtContext, FormatEvent, FormatFields,
        format::{self, Writer},
    },
    layer::{Context, SubscriberExt},
    registry::LookupSpan,
    util::SubscriberInitExt,
};

/// What is written down unless `RUST_LOG` says otherwise. Of migrations, `database migrate` and the start-up tell themselves.
const FILTER: &str = "info,sea_orm_migration=warn";

/// Starts logging for the whole process.
pub fn install() {
    let filter = std::env::var("RUST_LOG").ok().and_then(|directives| EnvFilter::try_new(directives).ok());
    let lines = tracing_subscriber::fmt::layer()
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal())
        // Of spans, only what SpanContexts keeps is shown.
        .fmt_fields(format::debug_fn(|_, _, _| Ok(())))
        .event_format(Line { clock: SystemClock });
    tracing_subscriber::registry()
        .with(filter.unwrap_or_else(|| EnvFilter::new(FILTER)))
        .with(SpanContexts)
        .with(lines)
        .init();
}

/// Writes one line.
struct Line<C> {
    clock: C,
}

impl<C: Clock, S, N> FormatEvent<S, N> for Line<C>
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    N: for<'a> FormatFields<'a> + 'static,
{
    fn format_event(
        &self,
        context: &FmtContext<'_, S, N>,
        mut to: Writer<'_>,
        event: &Event<'_>,
    ) -> fmt::Result {
        let metadata = event.metadata();
        let at = jiff::Timestamp::from_microsecond(self.clock.now().0).map_err(|_| fmt::Error)?;
        let (dim, colour, plain) = if to.has_ansi_escapes() {
            ("\x1b[2m", tint(*metadata.level()), "\x1b[0m")
        } else {
            ("", "", "")
        };
        write!(to, "{dim}{at:.6}{plain} {colour}{:>5}{plain} {dim}", metadata.level())?;
        write_origin(&mut to, metadata)?;
        write!(to, "{plain} ")?;

        let mut spans = context.event_scope().into_iter().flatten();
        if let Some(name) = spans.find_map(|span| span.extensions().get::<SpanContext>().cloned()) {
            write!(to, "{} - ", name.0)?;
        }
        let mut fields = Fields::default();
        event.record(&mut fields);
        writeln!(to, "{}{}", one_line(&fields.message), one_line(&fields.rest))
    }
}

/// An event is one line, whatever it quotes: nobody gets to write a second one, or to colour the terminal.
fn one_line(text: &str) -> Cow<'_, str> {
    if !text.contains(char::is_control) {
        return Cow::Borrowed(text);
    }
    let escaped =
        text.chars().map(|c| if c.is_control() { c.escape_default().to_string() } else { c.to_string() });
    Cow::Owned(escaped.collect())
}

fn write_origin(to: &mut Writer<'_>, metadata: &Metadata<'_>) -> fmt::Result {
    // tracing's own names are "event <file>:<line>".
    match (metadata.name(), metadata.module_path(), metadata.line()) {
        (name, _, _) if !name.starts_with("event ") => to.write_str(name),
        (_, Some(module), Some(line)) => write!(to, "{module}:{line}"),
        _ => to.write_str(metadata.target()),
    }
}

const fn tint(level: Level) -> &'static str {
    match level {
        Level::ERROR => "\x1b[31m",
        Level::WARN => "\x1b[33m",
        Level::INFO => "\x1b[32m",
        Level::DEBUG => "\x1b[34m",
        Level::TRACE => "\x1b[35m",
    }
}

/// The message and ` key=value` for each other field; text in quotes, displayed values bare.
#[derive(Default)]
struct Fields {
    message: String,
    rest: String,
}

impl Visit for Fields {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        let written = match field.name() {
            "message" => write!(self.message, "{value:?}"),
            name => write!(self.rest, " {name}={value:?}"),
        };
        debug_assert!(written.is_ok(), "writing to a string does not fail");
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        match field.name() {
            "message" => self.message.push_str(value),
            _ => self.record_debug(field, &value),
        }
    }
}

/// Keeps the `context` of each span where [`Line`] finds it.
struct SpanContexts;

#[derive(Clone)]
struct SpanContext(String);

impl<S: Subscriber + for<'a> LookupSpan<'a>> Layer<S> for SpanContexts {
    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        let mut found = FindContext(None);
        attributes.record(&mut found);
        keep(found, id, &context);
    }

    fn on_record(&self, id: &Id, values: &Record<'_>, context: Context<'_, S>) {
        let mut found = FindContext(None);
        values.record(&mut found);
        keep(found, id, &context);
    }
}

fn keep<S: Subscriber + for<'a> LookupSpan<'a>>(found: FindContext, id: &Id, context: &Context<'_, S>) {
    if let (Some(name), Some(span)) = (found.0, context.span(id)) {
        span.extensions_mut().replace(SpanContext(name));
    }
}

struct FindContext(Option<String>);

impl Visit for FindContext {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        if field.name() == "context" {
            self.0 = Some(format!("{value:?}"));
        }
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        if field.name() == "context" {
            self.0 = Some(value.to_owned());
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use kernel::Timestamp;
    use tracing::field::Empty;

    use super::*;

    #[derive(Debug)]
    struct Frozen;
    impl Clock for Frozen {
        fn now(&self) -> Timestamp {
            Timestamp(1_772_600_767_100_000)
        }
    }

    #[derive(Clone, Default)]
    struct Sink(Arc<Mutex<Vec<u8>>>);
    impl std::io::Write for Sink {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().unwrap().write(bytes)
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    fn logged(body: impl FnOnce()) -> String {
        let sink = Sink::default();
        let writer = sink.clone();
        let lines = tracing_subscriber::fmt::layer()
            .with_ansi(false)
            .with_writer(move || writer.clone())
            .event_format(Line { clock: Frozen });
        tracing::subscriber::with_default(
            tracing_subscriber::registry().with(EnvFilter::new(FILTER)).with(SpanContexts).with(lines),
            body,
        );
        String::from_utf8(sink.0.lock().unwrap().clone()).unwrap()
    }

    #[test]
    fn a_line_has_time_level_origin_context_message_and_fields() {
        let text = logged(|| {
            let span =
                tracing::info_span!("request", context = Empty, secret = "span fields are not printed");
            span.record("context", "GET-12");
            let _outer = span.enter();
            let _inner = tracing::info_span!("inner").entered();
            tracing::warn!(name: "http.server.response", quoted = "a b", bare = %"a b", count = 3, "Done");
        });
        assert_eq!(
            text,
            "2026-03-04T05:06:07.100000Z  WARN http.server.response GET-12 - Done quoted=\"a b\" bare=a b count=3\n"
        );
    }

    #[test]
    fn what_the_migration_library_says_of_each_migration_is_left_out_and_what_goes_wrong_is_not() {
        let text = logged(|| {
            tracing::info!(target: "sea_orm_migration::migrator", "Applying migration");
            tracing::debug!("too much");
            tracing::error!(target: "sea_orm_migration::migrator", "Broken");
        });
        assert_eq!(text.lines().count(), 1, "{text}");
        assert!(text.contains("ERROR") && text.ends_with("Broken\n"), "{text}");
    }

    #[test]
    fn an_event_without_a_name_is_placed_by_module_and_line() {
        let text = logged(|| tracing::info!("Hello"));
        let line = text.strip_prefix("2026-03-04T05:06:07.100000Z  INFO server::logging::tests:").unwrap();
        let (number, message) = line.split_once(' ').unwrap();
        assert!(number.parse::<u32>().is_ok(), "{text}");
        assert_eq!(message, "Hello\n");
    }

    #[test]
    fn what_an_event_quotes_cannot_begin_a_line_of_its_own() {
        let forged = "gone\n2026-01-01T00:00:00Z  INFO forged \u{1b}[31mé";
        let text = logged(|| tracing::info!(name: "told", reason = %forged, "{forged}"));
        assert_eq!(text.lines().count(), 1, "{text}");
        assert!(text.contains("gone\\n2026") && text.contains("\\u{1b}[31mé"), "{text}");
    }
}
