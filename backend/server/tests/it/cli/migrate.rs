//! `mas-cli database migrate`

use super::{Shell, running::Running};

#[test]
fn once_is_enough() {
    let (shell, _database) = Shell::with_database();
    let first = shell.run("database migrate").ok();
    assert!(first.stderr.contains("Applied migration") && first.stdout.is_empty(), "{}", first.stderr);
    let second = shell.run("database migrate").ok();
    assert_eq!((second.stdout.as_str(), second.stderr.as_str()), ("", ""));
}

#[test]
fn of_several_processes_one_migrates_and_all_succeed() {
    let (shell, _database) = Shell::with_database();
    let mut all: Vec<Running> = (0..8).map(|_| shell.start("database migrate")).collect();
    for process in &mut all {
        assert!(process.ended().success(), "{}", process.seen);
    }
    let applied = all.iter().filter(|process| process.seen.contains("Applied migration")).count();
    assert_eq!(applied, 1);
}
