-- What lists are measured on. `fill.rs` replaces what stands in braces, and runs this statement by statement.
--
-- Everything follows from the number of the row: a product with it, modulo a prime, stands for chance, so that every run makes
-- the same rows. They come to be evenly over five years and a half.

-- clients
INSERT INTO oauth_clients (id, is_static, auth_method, grant_types, name, uri, metadata, created_at)
SELECT {id c.at / 1000 | c.n}, c.n BETWEEN 5 AND 9, 'none',
  CASE WHEN c.n % 10 = 3 THEN 'client_credentials' ELSE 'authorization_code refresh_token' END,
  CASE c.n % 5 WHEN 0 THEN 'Element X' WHEN 1 THEN 'Element Web' WHEN 2 THEN 'Cinny' WHEN 3 THEN 'Bot ' || c.n ELSE 'FluffyChat' END,
  'https://app' || (c.n % 700) || '.example/', '{}', c.at
FROM (SELECT n, {begin} + n * ({span} / {clients}) AS at FROM {series clients}) AS c;

-- people
INSERT INTO users (id, username, username_norm, display_name, display_name_norm, created_at, locked_at, deactivated_at,
  can_request_admin, is_guest)
SELECT {id u.at / 1000 | u.n}, u.name, u.name, u.shown, lower(u.shown), u.at,
  CASE WHEN u.n % 50 = 7 THEN u.at + 86400000000 END, CASE WHEN u.n % 20 = 9 THEN u.at + 172800000000 END,
  u.n % 10000 = 77, u.n % 100 = 13
FROM (
  SELECT n, {begin} + n * ({span} / {users}) + (n * 7919) % 1000000 AS at,
    substr('annabelabertacarladavidemilfritzgretahansidaijohnkarllenamaxnoraottopaulqirarosasvenutevictorwillixenayaraziya',
      CAST(1 + (n * 1103515245 % 2147483647) % 104 AS integer), CAST(2 + n % 6 AS integer))
    || CASE (n * 1664525013 % 2147483647) % 4 WHEN 0 THEN '.' WHEN 1 THEN '_' WHEN 2 THEN '' ELSE '-' END
    || substr('smithjonesgarciamuellerschmidtkowalskirossinovakandersenjanssendubois', CAST(1 + (n * 1812433253 % 2147483647) % 62 AS integer), CAST(4 + n % 5 AS integer))
    || n AS name,
    CASE WHEN n % 4 < 3 THEN
      substr('AnnabelMarenTobiasIngridSoenkeYasminDariuszHelenaBrunoFatimaLeopoldNoemi', CAST(1 + (n * 1597334677 % 2147483647) % 62 AS integer), CAST(4 + n % 5 AS integer))
      || ' ' || substr('HoffmannPetersenYilmazNowakLindqvistOkaforTanakaMoreauBianchiHaddad', CAST(1 + (n * 1566083941 % 2147483647) % 58 AS integer), CAST(5 + n % 4 AS integer))
    END AS shown
  FROM {series users}) AS u;

CREATE TABLE bench_people AS
SELECT u.id, u.created_at, CAST(row_number() OVER (ORDER BY u.id) AS {integer}) AS n FROM users u;
CREATE UNIQUE INDEX bench_people_n ON bench_people (n);

CREATE TABLE bench_clients AS SELECT c.id, CAST(row_number() OVER (ORDER BY c.id) AS {integer}) AS n FROM oauth_clients c;
CREATE UNIQUE INDEX bench_clients_n ON bench_clients (n);

-- addresses
INSERT INTO user_emails (id, user_id, email, email_norm, created_at)
SELECT {id (p.created_at + 60000000) / 1000 | p.n}, p.id, e.address, e.address, p.created_at + 60000000
FROM (
  SELECT n, substr('liammiajonaslunatheoclaranilszoefinnlea', CAST(1 + (n * 1103515245 % 2147483647) % 35 AS integer), 4) || n || '@' ||
    CASE (n * 1664525013 % 2147483647) % 5 WHEN 0 THEN 'gmail.com' WHEN 1 THEN 'posteo.de' WHEN 2 THEN 'uni-' || (n % 97) || '.example'
      WHEN 3 THEN 'outlook.com' ELSE 'host' || (n % 4001) || '.example' END AS address
  FROM {series users} WHERE n % 10 < 6) AS e
JOIN bench_people p ON p.n = e.n;

-- browsers
INSERT INTO browser_sessions
  (id, user_id, created_at, finished_at, auth_time, amr, user_agent, last_active_at, last_active_ip)
SELECT {id s.at / 1000 | s.n}, p.id, s.at, CASE WHEN s.ends < {end} THEN s.ends END, s.at, 'pwd',
  'Mozilla/5.0 (X11, Linux x86_64, rv:' || (s.n % 100) || '.0) Gecko/20100101 Firefox/' || (s.n % 100) || '.0',
  CASE WHEN s.n % 33 = 5 THEN NULL WHEN s.ends < {end} THEN s.ends - (s.ends - s.at) / 50 ELSE s.active END,
  CASE WHEN s.ends >= {end} THEN '198.51.' || (s.n % 256) || '.' || ((s.n / 256) % 256) END
FROM ({lives browsers}) AS s JOIN bench_people p ON p.n = s.person;

CREATE TABLE bench_browsers AS
SELECT b.id, b.user_id, CAST(row_number() OVER (ORDER BY b.id) AS {integer}) AS n FROM browser_sessions b;
CREATE UNIQUE INDEX bench_browsers_n ON bench_browsers (n);

-- sessions
INSERT INTO sessions (id, kind, user_id, client_id, browser_session_id, owner_user_id, scope, device_id, human_name,
  created_at, finished_at, user_agent, last_active_at, last_active_ip)
SELECT {id s.at / 1000 | s.n}, s.kind,
  CASE WHEN s.kind = 'oauth' AND s.n % 2000 = 11 THEN NULL ELSE p.id END,
  CASE WHEN s.kind = 'oauth' THEN c.id END,
  CASE WHEN s.kind = 'oauth' AND s.n % 2000 <> 11 THEN b.id END,
  CASE WHEN s.kind = 'personal' THEN p.id END,
  CASE
    WHEN s.kind = 'compat' THEN 'urn:matrix:client:api:* urn:matrix:client:device:' || s.device
    WHEN s.kind = 'personal' THEN CASE WHEN s.n % 4 = 3 THEN 'urn:matrix:client:api:* urn:synapse:admin:*' ELSE 'urn:matrix:client:api:*' END
    WHEN s.n % 2000 = 11 THEN 'urn:mas:admin'
    WHEN s.n % 10007 = 17 THEN 'urn:mas:admin urn:matrix:client:api:* urn:matrix:client:device:' || s.device || ' urn:synapse:admin:*'
    WHEN s.n % 5 = 1 THEN 'openid urn:matrix:org.matrix.msc2967.client:api:* urn:matrix:org.matrix.msc2967.client:device:' || s.device
    WHEN s.n % 5 = 2 THEN 'email openid urn:matrix:client:api:* urn:matrix:client:device:' || s.device
    WHEN s.n % 7 = 2 THEN 'openid urn:matrix:client:api:* urn:matrix:client:device:' || s.device
    ELSE 'urn:matrix:client:api:* urn:matrix:client:device:' || s.device END,
  CASE WHEN s.kind <> 'personal' AND s.n % 2000 <> 11 THEN s.device END,
  CASE WHEN s.kind = 'personal' THEN 'job ' || s.n WHEN s.n % 10 = 1 THEN 'Phone' END,
  s.at, CASE WHEN s.ends < {end} THEN s.ends END,
  'Element/1.11.' || (s.n % 100) || ' (Android ' || (s.n % 5 + 10) || ', Pixel ' || (s.n % 9) || ')',
  CASE WHEN s.n % 33 = 5 THEN NULL WHEN s.ends < {end} THEN s.ends - (s.ends - s.at) / 50 ELSE s.active END,
  CASE WHEN s.ends >= {end} THEN '198.51.' || (s.n % 256) || '.' || ((s.n / 256) % 256) END
FROM (
  SELECT n, at, ends, active, person,
    CASE WHEN n % 250 = 7 THEN 'personal' WHEN n % 100 < 22 THEN 'compat' ELSE 'oauth' END AS kind,
    'DEV' || (n * 7) AS device,
    CASE WHEN (n * 1664525013 % 2147483647) % 100 < 40 THEN 1 WHEN (n * 1664525013 % 2147483647) % 100 < 65 THEN 2 WHEN (n * 1664525013 % 2147483647) % 100 < 80 THEN 3
      WHEN (n * 1664525013 % 2147483647) % 100 < 88 THEN 4 WHEN (n * 1664525013 % 2147483647) % 100 < 90 THEN 5 + n % 5
      ELSE 11 + ((n * 1103515245 % 2147483647) % 1000 * ((n * 1812433253 % 2147483647) % 1000) * ({clients} - 12) / 1000000 * 7919) % ({clients} - 12) END AS client
  FROM ({lives sessions}) AS life) AS s
JOIN bench_people p ON p.n = s.person
JOIN bench_clients c ON c.n = s.client
JOIN bench_browsers b ON b.n = 1 + (s.n * 1103515245 % 2147483647) % {browsers};

-- tokens of personal sessions
INSERT INTO token_pairs (id, session_id, created_at, revoked_at, access_id, access_hash, access_expires_at)
SELECT s.id, s.id, s.created_at, s.finished_at, s.id, {bytes s.created_at},
  CASE WHEN s.created_at / 1000000 % 2 = 0 THEN s.created_at + 31536000000000 END
FROM sessions s WHERE s.kind = 'personal';

-- tokens for registering
INSERT INTO registration_tokens
  (id, token_hash, token_box, usage_limit, times_used, created_at, last_used_at, expires_at, revoked_at)
SELECT {id t.at / 1000 | t.n}, {bytes t.n}, 'sealed', CASE WHEN t.n % 2 = 0 THEN 1 + t.n % 5 END,
  CASE WHEN t.n % 3 = 0 THEN 1 + t.n % 5 ELSE 0 END, t.at, NULL,
  CASE WHEN t.n % 5 < 3 THEN t.at + 2592000000000 END, CASE WHEN t.n % 50 = 1 THEN t.at + 1000000 END
FROM (SELECT n, {begin} + n * ({span} / {tokens}) AS at FROM {series tokens}) AS t;

-- providers and links
INSERT INTO upstream_providers (id, position, document, created_at, disabled_at)
SELECT {id {begin} / 1000 | n}, n, '{}', {begin}, CASE WHEN n = 4 THEN {begin} END FROM {series providers};

INSERT INTO upstream_links (id, provider_id, user_id, subject, account_name, created_at)
SELECT {id (p.created_at + 90000000) / 1000 | p.n}, v.id, CASE WHEN p.n % 100 <> 1 THEN p.id END, 'sub-' || p.n,
  substr('liammiajonaslunatheoclaranilszoefinnlea', CAST(1 + (p.n * 1103515245 % 2147483647) % 35 AS integer), 4) || p.n || '@idp.example',
  p.created_at + 90000000
FROM bench_people p
JOIN upstream_providers v ON v.position = CASE WHEN p.n % 1000 = 3 THEN 3 WHEN p.n % 10 < 7 THEN 1 ELSE 2 END
WHERE p.n % 10 >= 7 OR p.n % 10 < 1 OR p.n % 1000 = 3;

DROP TABLE bench_people;
DROP TABLE bench_clients;
DROP TABLE bench_browsers;
