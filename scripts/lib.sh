# shellcheck shell=bash disable=SC2034
# What the scripts share. Sourced, never run.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cache=${LATCHKEY_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/latchkey}

say() { printf '%s\n' "$*"; }

die() {
  printf '%s\n' "$*" >&2
  exit 1
}

# True when nothing on this machine answers on the loopback port.
port_is_free() {
  local host
  for host in 127.0.0.1 ::1; do
    if (exec 3<>"/dev/tcp/$host/$1") 2>/dev/null; then return 1; fi
  done
}

# A port that was free a moment ago.
free_port() {
  python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

# 80 random bits, in hexadecimal.
random_hex() { od -An -N10 -tx1 /dev/urandom | tr -d ' \n'; }

# A folder for what is made only to be taken away: in memory where there is plenty, since tests make and remove so many databases
# that a file system on disk spends more time on its inodes than the tests do on themselves.
scratch() {
  local plenty=$((6 * 1024 * 1024)) room memory # KiB
  room=$(df -Pk /dev/shm 2>/dev/null | awk 'NR == 2 { print $4 }')
  memory=$(awk '/^MemAvailable:/ { print $2 }' /proc/meminfo)
  if [[ -w /dev/shm ]] && ((${room:-0} >= plenty && ${memory:-0} >= plenty)); then echo /dev/shm; else echo /tmp; fi
}

# wait_for URL PID: until URL answers with success. Fails when the process ends first or a minute has passed.
wait_for() {
  local deadline=$((SECONDS + 60))
  until curl -fsS -o /dev/null --max-time 2 "$1" 2>/dev/null; do
    kill -0 "$2" 2>/dev/null && ((SECONDS < deadline)) || return 1
    sleep 0.1
  done
}

# pinned_python FOLDER REQUIREMENTS: a Python with exactly the files whose hashes are pinned, made once.
pinned_python() {
  local venv=$1 requirements=$2
  [[ ! -e $venv/complete ]] || return 0
  mkdir -p "$(dirname "$venv")"
  (
    flock 9 # two runs may want it at once
    [[ ! -e $venv/complete ]] || exit 0
    rm -rf "$venv"
    /usr/bin/python3 -m venv "$venv"
    "$venv/bin/pip" install --quiet --disable-pip-version-check --require-hashes --requirement "$requirements"
    touch "$venv/complete"
  ) 9>"$venv.lock"
}

# stop PID: asks the process that we started to end, and insists after ten seconds.
stop() {
  local deadline=$((SECONDS + 10))
  kill "$1" 2>/dev/null || return 0
  while kill -0 "$1" 2>/dev/null; do
    if ((SECONDS >= deadline)); then kill -9 "$1" 2>/dev/null || true; fi
    sleep 0.1
  done
}
