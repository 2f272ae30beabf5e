//! What may come before HTTP on a listener: inherited sockets, the PROXY header, TLS.

use std::{
    net::{SocketAddr, TcpListener},
    os::fd::AsRawFd,
    process::Command,
};

use super::{
    Shell,
    running::{Running, get},
};

fn listening(listener: &str) -> (Shell, super::Database) {
    let (shell, database) = Shell::migrated();
    let base = shell.read("base.yaml");
    let (rest, _) = base.split_once("http:").unwrap();
    shell.write("base.yaml", &format!("{rest}http: {{public_base: 'http://localhost/', trusted_proxies: [127.0.0.1/32], listeners: [{{resources: [name: health], {listener}}}]}}\n"));
    (shell, database)
}

#[test]
fn the_proxy_header_names_the_client_and_is_required() {
    let (shell, _database) = listening("binds: [address: '127.0.0.1:0'], proxy_protocol: true");
    let mut server = shell.start("server");
    let address = server.address();
    assert!(server.seen.contains("resources [ health ] (with Proxy Protocol)"), "{}", server.seen);

    let proxied = "PROXY TCP4 198.51.100.7 192.0.2.1 4711 443\r\n";
    assert!(get(address, proxied, "/health").starts_with("HTTP/1.1 200"));
    assert!(server.says("http.server.response").contains("client.address=198.51.100.7"));
    // The proxy's own health check.
    assert!(get(address, "PROXY UNKNOWN\r\n", "/health").starts_with("HTTP/1.1 200"));
    assert!(server.says("http.server.response").contains("client.address=127.0.0.1"));

    assert_eq!(get(address, "", "/health"), "");
    assert!(server.says("a connection was refused").contains("WARN"));
    assert_eq!(get(address, "PROXY TCP4 nonsense\r\n", "/health"), "");
    server.says("a connection was refused");
}

#[test]
fn a_forwarded_header_cannot_overrule_the_proxy_header() {
    let (shell, _database) = listening("binds: [address: '127.0.0.1:0'], proxy_protocol: true");
    let mut server = shell.start("server");
    let address = server.address();
    let path = "/health HTTP/1.1\r\nX-Forwarded-For: 203.0.113.9\r\nX-Rest:";
    get(address, "PROXY TCP4 127.0.0.1 192.0.2.1 4711 443\r\n", path);
    assert!(server.says("http.server.response").contains("client.address=127.0.0.1"));
}

struct Certificate {
    pem: String,
    key: rcgen::KeyPair,
}

fn certificate() -> Certificate {
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    Certificate { pem: made.cert.pem(), key: made.signing_key }
}

fn fetch(pem: &str, address: SocketAddr, http1: bool) -> reqwest::Response {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let builder = reqwest::Client::builder()
        .tls_certs_only([reqwest::Certificate::from_pem(pem.as_bytes()).unwrap()])
        .resolve("localhost", address)
        .no_proxy();
    let client = if http1 { builder.http1_only() } else { builder }.build().unwrap();
    runtime.block_on(client.get(format!("https://localhost:{}/health", address.port())).send()).unwrap()
}

const TLS: &str = "binds: [address: '127.0.0.1:0'], tls: {certificate_file: cert.pem, key_file: key}";

#[test]
fn tls_speaks_http_2_and_http_1() {
    let (shell, _database) = listening(TLS);
    let Certificate { pem, key } = certificate();
    shell.write("cert.pem", &pem).write("key", &key.serialize_pem());
    let mut server = shell.start("server");
    let address = server.address();
    assert!(server.seen.contains("Listening on https://127.0.0.1:"), "{}", server.seen);
    assert_eq!(fetch(&pem, address, false).version(), reqwest::Version::HTTP_2);
    assert_eq!(fetch(&pem, address, true).version(), reqwest::Version::HTTP_11);
}

#[test]
fn a_tls_key_may_be_der_or_encrypted() {
    let Certificate { pem, key } = certificate();
    let (shell, _database) = listening(TLS);
    shell.write("cert.pem", &pem).write("plain.pem", &key.serialize_pem());
    std::fs::write(shell.path().join("key"), key.serialize_der()).unwrap();
    let mut server = shell.start("server");
    assert_eq!(fetch(&pem, server.address(), false).status(), 200);
    drop(server);

    let encrypt = "pkcs8 -topk8 -in plain.pem -passout pass:hunter2 -out key";
    let made = Command::new("openssl").args(encrypt.split(' ')).current_dir(shell.path()).status();
    assert!(made.unwrap().success());
    shell.run("server").fails(1, "tls.key: is encrypted");

    let base = shell.read("base.yaml");
    let with =
        |password: &str| base.replace("key_file: key", &format!("key_file: key, password: {password}"));
    shell.write("base.yaml", &with("wrong"));
    let refused = shell.run("server").fails(1, "the password does not open it");
    assert!(!refused.stderr.contains("wrong"), "{}", refused.stderr);
    shell.write("base.yaml", &with("hunter2"));
    let mut server = shell.start("server");
    assert_eq!(fetch(&pem, server.address(), false).status(), 200);
    drop(server);

    shell.write("key", &key.serialize_pem());
    shell.run("server").fails(1, "the key is not encrypted");
    shell.write("base.yaml", &base).write("key", &certificate().key.serialize_pem());
    shell.run("server").fails(1, "certificate and key cannot be used together");
    shell.write("key", "nonsense");
    shell.run("server").fails(1, "is no private key");
}

/// The shell puts the socket where the service manager would: at descriptor 3. (dash takes one-digit descriptors only.)
#[test]
fn a_socket_is_inherited_from_the_service_manager() {
    let (shell, _database) = listening("binds: [fd: 0]");
    shell.run("server").fails(1, "there is no inherited socket 0");

    let socket = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = socket.local_addr().unwrap();
    let inherited = |listener: &TcpListener| {
        let ours = rustix::io::fcntl_getfd(listener).unwrap();
        rustix::io::fcntl_setfd(listener, ours - rustix::io::FdFlags::CLOEXEC).unwrap();
        let command = shell.command("server");
        let script =
            format!("exec 3<&{}; LISTEN_PID=$$ LISTEN_FDS=1 exec \"$0\" server", listener.as_raw_fd());
        let mut sh = Command::new("bash");
        sh.args(["-c", &script]).arg(command.get_program()).current_dir(shell.path()).env_clear();
        sh.envs(command.get_envs().filter_map(|(name, value)| Some((name, value?))));
        sh
    };
    let mut server = Running::of(inherited(&socket));
    assert_eq!(server.address(), address);
    assert!(get(address, "", "/health").ends_with("ok"));
}
