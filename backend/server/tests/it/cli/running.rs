//! A server that runs until the test ends it.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{SocketAddr, TcpStream},
    process::{Child, ChildStderr, Command, ExitStatus, Stdio},
};

use super::Shell;

pub struct Running {
    child: Child,
    log: BufReader<ChildStderr>,
    /// What it has logged so far.
    pub seen: String,
}

impl Shell {
    /// Starts a long-running command.
    pub fn start(&self, arguments: &str) -> Running {
        Running::of(self.command(arguments))
    }
}

impl Running {
    pub fn of(mut command: Command) -> Self {
        let mut child = command.stdin(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
        let log = BufReader::new(child.stderr.take().unwrap());
        Self { child, log, seen: String::new() }
    }

    /// Reads the log up to a line with these words.
    #[track_caller]
    pub fn says(&mut self, words: &str) -> String {
        loop {
            let mut line = String::new();
            assert_ne!(
                self.log.read_line(&mut line).unwrap(),
                0,
                "it ended without {words:?}: {}",
                self.seen
            );
            self.seen.push_str(&line);
            if line.contains(words) {
                return line;
            }
        }
    }

    /// The port that the start-up line names.
    #[track_caller]
    pub fn address(&mut self) -> SocketAddr {
        let line = self.says("Listening on ");
        let (_, rest) = line.split_once("://").unwrap();
        rest.split([' ', ',']).next().unwrap().parse().unwrap()
    }

    pub fn signal(&self, name: &str) {
        signal(self.child.id(), name);
    }

    /// Does work while the log is read, which would fill its pipe otherwise, and ends the server.
    pub fn during<T>(mut self, work: impl FnOnce() -> T) -> (T, String) {
        std::thread::scope(|scope| {
            let ending = Terminate(self.child.id());
            let reading = scope.spawn(move || {
                self.ended();
                std::mem::take(&mut self.seen)
            });
            let done = work();
            drop(ending);
            (done, reading.join().unwrap())
        })
    }

    /// Waits for its end, and reads the log to its end.
    pub fn ended(&mut self) -> ExitStatus {
        self.log.read_to_string(&mut self.seen).unwrap();
        self.child.wait().unwrap()
    }
}

fn signal(process: u32, name: &str) {
    let sent = Command::new("kill").arg(format!("-{name}")).arg(process.to_string()).status();
    assert!(sent.unwrap().success());
}

/// Also when a test fails, so that nobody waits for the log to end.
struct Terminate(u32);

impl Drop for Terminate {
    fn drop(&mut self) {
        signal(self.0, "TERM");
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The whole answer to `GET path`, after sending `before` on the same connection.
pub fn get(address: SocketAddr, before: &str, path: &str) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    let request = format!("{before}GET {path} HTTP/1.1\r\nHost: example.com\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = String::new();
    // A refused connection is reset.
    let _ = stream.read_to_string(&mut answer);
    answer
}
