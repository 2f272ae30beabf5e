//! The data set: people, addresses, sessions, clients, tokens and links, made inside the database.

use std::time::Instant;

use domain::users::registration_tokens;
use kernel::{Secret, SystemRandom, id::RegistrationTokenId, seal::Vault};
use sea_orm::ConnectionTrait;
use store::{Engine, Tx};

use crate::{Result, seed, server::ENCRYPTION};

const FILL: &str = include_str!("fill.sql");

/// 2021-05-20, and 2026-10-31, from which everything is looked back on. Microseconds.
pub const BEGIN: i64 = 1_621_468_800_000_000;
pub const END: i64 = 1_793_404_800_000_000;

/// How many there are of what.
#[derive(Clone, Copy)]
pub struct Size {
    pub users: u32,
    pub sessions: u32,
    browsers: u32,
    clients: u32,
    tokens: u32,
}

impl Size {
    pub const fn of(engine: Engine) -> Self {
        match engine {
            Engine::Postgres => Self {
                users: 1_000_000,
                sessions: 5_000_000,
                browsers: 1_000_000,
                clients: 20_000,
                tokens: 10_000,
            },
            Engine::Sqlite => {
                Self { users: 200_000, sessions: 1_000_000, browsers: 200_000, clients: 4_000, tokens: 2_000 }
            }
        }
    }

    fn named(self, name: &str) -> u32 {
        match name {
            "users" => self.users,
            "sessions" => self.sessions,
            "browsers" => self.browsers,
            "clients" => self.clients,
            "tokens" => self.tokens,
            _ => 4,
        }
    }
}

/// Fills a database whose schema is there, and has it gather figures for its planner.
pub async fn fill(database: &str) -> Result<Size> {
    let db = seed::open(database).await?;
    let (engine, began) = (db.engine(), Instant::now());
    let size = Size::of(engine);
    println!("\n  filling the database with {} accounts and {} sessions:", size.users, size.sessions);
    db.write(async |tx| rows(tx, engine, size).await).await?;
    seed::analyze(&db).await?;
    println!("  {:<44} {:>8.1} s", "all in all", began.elapsed().as_secs_f64());
    db.close();
    Ok(size)
}

async fn rows(tx: &Tx, engine: Engine, size: Size) -> std::result::Result<(), store::DbErr> {
    // Indexes are made faster than they are kept up. On SQLite, triggers need three while people, addresses and links are added.
    let (list, before) = match engine {
        Engine::Sqlite => (
            "SELECT name, sql || '' AS definition FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL \
             AND name NOT IN ('user_emails_user', 'user_search_number', 'upstream_links_number')",
            "PRAGMA cache_size = -200000",
        ),
        Engine::Postgres => (
            "SELECT indexname::text AS name, indexdef AS definition FROM pg_indexes WHERE schemaname = 'latchkey' \
             AND indexname NOT IN (SELECT conname FROM pg_constraint)",
            // No triggers and no foreign keys: all rows are good.
            "SET LOCAL session_replication_role = replica",
        ),
    };
    tx.execute_unprepared(before).await?;
    let mut indexes: Vec<(String, String)> = Vec::new();
    for row in store::sql::all(tx, list, []).await? {
        indexes.push((row.try_get("", "name")?, row.try_get("", "definition")?));
    }
    for (name, _) in &indexes {
        tx.execute_unprepared(&format!("DROP INDEX {name}")).await?;
    }
    for (what, sql) in statements() {
        step(tx, what, &rendered(sql, engine, size)).await?;
    }
    if engine == Engine::Postgres {
        step(tx, "texts to search in", SEARCH).await?;
    }
    for (name, definition) in &indexes {
        step(tx, name, definition).await?;
    }
    seal_tokens(tx).await
}

/// Registration tokens as the server can open them, which no SQL makes.
async fn seal_tokens(tx: &Tx) -> std::result::Result<(), store::DbErr> {
    let vault = Vault::new(Secret::new([ENCRYPTION; 32]), Vec::new());
    for row in store::sql::all(tx, "SELECT id FROM registration_tokens", []).await? {
        let id: RegistrationTokenId = row.try_get("", "id")?;
        let sealed = vault.seal(&registration_tokens::bound_to(id), id.to_string().as_bytes(), &SystemRandom);
        let seal = "UPDATE registration_tokens SET token_box = $2 WHERE id = $1";
        store::sql::execute(tx, seal, [id.into(), sealed.into()]).await?;
    }
    Ok(())
}

// Grouped, not looked up for each account: in this transaction the planner has no statistics to go by.
const SEARCH: &str = "INSERT INTO user_search (user_id, text) SELECT u.id, \
    u.username_norm || COALESCE(E'\\n' || u.display_name_norm, '') || COALESCE(e.texts, '') \
  FROM users u LEFT JOIN (SELECT user_id, string_agg(E'\\n' || email_norm, '') AS texts FROM user_emails GROUP BY user_id) e \
  ON e.user_id = u.id";

/// Runs it, and says what took long.
async fn step(tx: &Tx, what: &str, sql: &str) -> std::result::Result<(), store::DbErr> {
    let began = Instant::now();
    tx.execute_unprepared(sql).await?;
    let took = began.elapsed().as_secs_f64();
    if took > 0.5 {
        println!("    {what:<42} {took:>8.1} s");
    }
    Ok(())
}

/// What each statement makes, as the comment before it has it, and the statement.
fn statements() -> Vec<(&'static str, &'static str)> {
    let mut what = "";
    let mut all = Vec::new();
    for part in FILL.split(";\n") {
        let sql = part.trim();
        let comment = sql.lines().take_while(|line| line.starts_with("--")).last();
        what = comment.map_or(what, |comment| comment.trim_start_matches("-- "));
        if !sql.is_empty() {
            all.push((what, sql));
        }
    }
    all
}

/// The session's life, of which nine in ten are short; when it was last active, which lies near the end for most.
const LIVES: &str = "SELECT n, at, ends, person, {end} - 1 - CAST(({end} - at) * {power q} * (q / 1000.0) AS {integer}) AS active \
  FROM (SELECT n, at, q, at + 3600000000 + CAST(189000000000000 * {power r} AS {integer}) AS ends, \
    CASE WHEN n % ({all} / 1000) = 1 THEN 1 \
      WHEN (n * 1812433253 % 2147483647) % 10 < 3 \
        THEN 1 + 10 * ((n * 1103515245 % 2147483647) % (1 + n * ({users} / 10 - 1) / {all})) \
      ELSE 1 + (n * 1664525013 % 2147483647) % (1 + n * ({users} - 1) / {all}) END AS person \
    FROM (SELECT n, {begin} + {span} / 50 + n * ({span} * 49 / 50 / {all}) + (n * 7919) % 1000 AS at, \
      (n * 1566083941 % 2147483647) % 1000 AS r, (n * 1597334677 % 2147483647) % 1000 AS q \
      FROM {series all}) AS moment) AS life";

fn rendered(sql: &str, engine: Engine, size: Size) -> String {
    let sqlite = engine == Engine::Sqlite;
    let sql = each(sql, "lives", |name| {
        LIVES.replace("{all}", &format!("{{{name}}}")).replace(" all}", &format!(" {name}}}"))
    });
    let sql = each(&sql, "power", |name| [format!("({name} / 1000.0)").as_str(); 5].join(" * "));
    let sql = each(&sql, "series", |name| {
        let count = size.named(name);
        if sqlite {
            format!(
                "(WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < {count}) \
                 SELECT n FROM n) AS n"
            )
        } else {
            format!("generate_series(1::bigint, {count}) AS n (n)")
        }
    });
    let mut sql = sql.replace("{integer}", if sqlite { "INTEGER" } else { "bigint" });
    for name in ["users", "sessions", "browsers", "clients", "tokens"] {
        sql = sql.replace(&format!("{{{name}}}"), &size.named(name).to_string());
    }
    for (name, value) in [("{begin}", BEGIN), ("{end}", END), ("{span}", END - BEGIN)] {
        sql = sql.replace(name, &value.to_string());
    }
    let sql = each(&sql, "id", |parts| {
        let (millis, n) = parts.split_once('|').unwrap_or((parts, "0"));
        if sqlite {
            format!("unhex(printf('%012x%08x%012x', {millis}, ({n}) * 2654435761 % 4294967291, {n}))")
        } else {
            format!(
                "(lpad(to_hex({millis}), 12, '0') || lpad(to_hex(({n}) * 2654435761 % 4294967291), 8, '0') \
                 || lpad(to_hex({n}), 12, '0'))::uuid"
            )
        }
    });
    each(&sql, "bytes", |n| {
        if sqlite {
            format!("unhex(printf('%016x', {n}))")
        } else {
            format!("decode(lpad(to_hex({n}), 16, '0'), 'hex')")
        }
    })
}

/// Replaces each `{word argument}`.
fn each(sql: &str, word: &str, with: impl Fn(&str) -> String) -> String {
    let opening = format!("{{{word} ");
    let mut parts = sql.split(opening.as_str());
    let mut result = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (argument, rest) = part.split_once('}').unwrap_or((part, ""));
        result.push_str(&with(argument));
        result.push_str(rest);
    }
    result
}
