# The words the end-to-end tests are told in. Each test is a file that begins with `. "${0%/*}/lib.sh"` and is run by
# Meson, or by hand: HOOKLINE_BUILD=build sh tests/e2e/NAME.sh (KEEP=1 keeps its folder).
# shellcheck shell=sh
set -eu

here=$(cd "$(dirname "$0")" && pwd)
tools=$here/../tools
vectors=$here/../vectors
build=$(cd "${HOOKLINE_BUILD:-$here/../../build}" && pwd)
python=/usr/bin/python3
hookline=$build/tui/hookline
relay=$build/relay/hookline-relay
PATH=$PATH:/usr/sbin:/sbin

# A folder and a home of its own for each test: nothing of the person who runs it is read or changed.
work=$(mktemp -d "${TMPDIR:-/tmp}/hookline-e2e.XXXXXX")
export HOME="$work/home" XDG_CONFIG_HOME="$work/home/config" XDG_DATA_HOME="$work/home/data"
export XDG_STATE_HOME="$work/home/state" XDG_RUNTIME_DIR="$work/home/run" NO_COLOR=1
export PYTHONDONTWRITEBYTECODE=1 ASAN_OPTIONS="${ASAN_OPTIONS:-detect_leaks=1}" UBSAN_OPTIONS=print_stacktrace=1:halt_on_error=1
unset HOOKLINE_RELAY http_proxy https_proxy all_proxy
mkdir -p "$HOME" "$XDG_RUNTIME_DIR" "$XDG_STATE_HOME/hookline"
echo off >"$XDG_STATE_HOME/hookline/tips" # whoever tells stories is not new here
cd "$work"
children=
apps=0

finish() {
	code=$?
	trap '' EXIT INT TERM
	for pid in $children; do
		kill -KILL "$pid" 2>/dev/null || true
	done
	wait 2>/dev/null || true
	if [ "$code" = 0 ] || [ "$code" = 77 ]; then
		sanitizers_were_quiet || code=1
	fi
	if [ "$code" != 0 ] && [ "$code" != 77 ]; then
		tell_logs
	fi
	[ -n "${KEEP:-}" ] || rm -rf "$work"
	exit "$code"
}
trap finish EXIT
trap 'exit 130' INT TERM

# What the programs said, for whoever reads a failure.
tell_logs() {
	for log in "$work"/*.err "$work"/*.out; do
		[ -s "$log" ] || continue
		echo "---- ${log##*/} (last lines)"
		tail -c 4000 "$log" | tail -n 40
	done >&2
}

sanitizers_were_quiet() {
	! grep -l -E 'ERROR: (Address|Leak)Sanitizer|runtime error:' "$work"/*.err "$work"/*.out 2>/dev/null >&2
}

fail() {
	echo "FAILED: $*" >&2
	exit 1
}

skip() {
	echo "skipped: $*"
	exit 77
}

# within SECONDS COMMAND...: waits until COMMAND succeeds; the one place where a test waits.
within() {
	limit=$(($(date +%s) + $1))
	shift
	until "$@"; do
		[ "$(date +%s)" -lt "$limit" ] || fail "did not come true in time: $*"
		sleep 0.02
	done
}

# equals WHAT GOT WANTED
equals() {
	[ "$2" = "$3" ] || fail "$1 is '$2', not '$3'"
}

# stands_in FILE PATTERN: an extended regular expression; to wait for.
stands_in() {
	grep -q -a -E -e "$2" "$1" 2>/dev/null
}

# contains FILE PATTERN: the same, and the test fails of it.
contains() {
	stands_in "$1" "$2" || {
		sed 's/^/  | /' "$1" | tail -n 20 >&2
		fail "${1##*/} has no '$2'"
	}
}

contains_not() {
	! grep -q -a -E -e "$2" "$1" || fail "${1##*/} has '$2'"
}

# exits CODE COMMAND...: runs it, with stdout in out.out and stderr in err.err.
exits() {
	want=$1
	shift
	got=0
	"$@" >"$work/out.out" 2>"$work/err.err" </dev/null || got=$?
	[ "$got" = "$want" ] || fail "exit status $got, not $want: $*"
}

# json FILE EXPRESSION: a Python expression over `doc` (one JSON text) and `docs` (JSON Lines).
json() {
	"$python" - "$@" <<'PY'
import json, sys
text = open(sys.argv[1], encoding="utf-8").read()
docs = [json.loads(line) for line in text.split("\n") if line.startswith("{")]
doc = docs[0] if docs else None
value = eval(sys.argv[2])
print(json.dumps(value) if isinstance(value, (dict, list, bool)) or value is None else value)
PY
}

alive() {
	kill -0 "$1" 2>/dev/null && ! grep -q '^State:[[:space:]]*Z' "/proc/$1/status" 2>/dev/null
}

gone() {
	! alive "$1"
}

# start_relay [ARGS...]: on ports of its own, and again on the same ones when it is started again. RELAY_UNDER holds
# words to run it under, STORE another file for its store.
start_relay() {
	rm -f "$work/ready"
	# shellcheck disable=SC2086 # a list of words
	${RELAY_UNDER:-} "$relay" --ingest "127.0.0.1:${INGEST_PORT:-0}" --stream "127.0.0.1:${STREAM_PORT:-0}" \
		--admin "127.0.0.1:${ADMIN_PORT:-0}" --store "sqlite:${STORE:-$work/store.db}" --ready-fd 3 "$@" \
		3>"$work/ready" >>"$work/relay.out" 2>>"$work/relay.err" &
	RELAY_PID=$!
	children="$children $RELAY_PID"
	within 20 relay_is_ready
	INGEST=$(json "$work/ready" "doc['ingest']")
	STREAM=$(json "$work/ready" "doc['stream']")
	ADMIN=$(json "$work/ready" "doc['admin']")
	INGEST_PORT=${INGEST##*:} STREAM_PORT=${STREAM##*:} ADMIN_PORT=${ADMIN##*:}
	export HOOKLINE_RELAY="$STREAM"
}

relay_is_ready() {
	alive "$RELAY_PID" || fail "the relay ended before it was ready"
	[ -s "$work/ready" ] && [ "$(tail -c 1 "$work/ready" | od -An -tu1 | tr -d ' ')" = 10 ]
}

# stop_relay: in good order; kill_relay: as a power cut would.
stop_relay() {
	kill -TERM "$RELAY_PID"
	within 15 gone "$RELAY_PID"
	code=0
	wait "$RELAY_PID" || code=$?
	equals "exit status of the relay" "$code" 0
}

kill_relay() {
	kill -KILL "$RELAY_PID"
	wait "$RELAY_PID" 2>/dev/null || true
}

# reload_relay: SIGHUP, until it has read its configuration again.
reload_relay() {
	reloads=$(count_reloads)
	kill -HUP "$RELAY_PID"
	within 10 reloaded_since "$reloads"
}

count_reloads() {
	grep -c 'read again' "$work/relay.err" || true
}

reloaded_since() {
	[ "$(count_reloads)" -gt "$1" ]
}

# start_app [OPTIONS of tests/tools/app.py]: APP_URL, APP_DIR, APP_PID
start_app() {
	apps=$((apps + 1))
	APP_DIR=$work/app$apps
	"$python" "$tools/app.py" --dir "$APP_DIR" "$@" >"$work/app$apps.out" 2>"$work/app$apps.err" &
	APP_PID=$!
	children="$children $APP_PID"
	within 10 test -e "$APP_DIR/port"
	APP_PORT=$(cat "$APP_DIR/port")
	APP_URL=http://127.0.0.1:$APP_PORT
}

# start_handler [OPTIONS of tests/tools/handler.py]: a webhook handler, good but for --defects: APP_URL, APP_DIR, APP_PID
start_handler() {
	apps=$((apps + 1))
	APP_DIR=$work/app$apps
	"$python" "$tools/handler.py" --dir "$APP_DIR" "$@" >"$work/app$apps.out" 2>"$work/app$apps.err" &
	APP_PID=$!
	children="$children $APP_PID"
	within 10 test -e "$APP_DIR/port"
	APP_URL=http://127.0.0.1:$(cat "$APP_DIR/port")
}

stop() {
	kill -TERM "$1"
	within 15 gone "$1"
}

# start_hookline ARGS...: `hookline listen ARGS` in the background: LISTEN_PID, listen.out, listen.err
start_hookline() {
	if [ -n "${LISTEN_PID:-}" ] && ! alive "$LISTEN_PID"; then
		within 10 forgotten
	fi
	: >>"$work/listen.out"
	"$hookline" listen "$@" >>"$work/listen.out" 2>>"$work/listen.err" </dev/null &
	LISTEN_PID=$!
	children="$children $LISTEN_PID"
	within 20 subscribed
}

# It is there once the relay counts it among the screens.
subscribed() {
	alive "$LISTEN_PID" || fail "listen ended: $(tail -n 3 "$work/listen.err")"
	[ "$(metric hookline_screens)" -ge "${SCREENS:-1}" ] 2>/dev/null
}

# The relay has noticed that the one before is gone: it would be taken for the next.
forgotten() {
	[ "$(metric hookline_screens)" -lt "${SCREENS:-1}" ] 2>/dev/null
}

# send [PATH] [OPTIONS of send.py post]: one line a request, "200 default#1"
send() {
	path=$1
	shift
	"$python" "$tools/send.py" post "$INGEST$path" "$@"
}

send_raw() {
	"$python" "$tools/send.py" raw "$INGEST_PORT" "$1"
}

admin() {
	"$python" "$tools/send.py" get "$ADMIN$1"
}

# metric NAME[{LABELS}]: the sum of what the relay tells under that name.
metric() {
	admin /metrics | awk -v name="$1" '
		index($1, name) == 1 && (length($1) == length(name) || substr($1, length(name) + 1, 1) == "{") { sum += $2 }
		END { printf "%d\n", sum }'
}

list_json() {
	"$hookline" list --json "$@"
}

# How many requests the app of DIR (this app) has recorded.
app_count() {
	find "${1:-$APP_DIR}" -name '*.req' | wc -l
}

app_has() {
	[ "$(app_count "${2:-$APP_DIR}")" -ge "$1" ]
}

# app_receives N: exactly N, in time.
app_receives() {
	within 20 app_has "$1"
	equals "requests at the app" "$(app_count)" "$1"
}

lines_at_least() {
	[ "$(wc -l <"$1")" -ge "$2" ]
}

# as_tap [ID WHY]: turns the lines of the torture drivers ("ok must ID ...", "FAIL must ID why") into TAP. ID is a case
# that is known to fail, and WHY.
as_tap() {
	awk -v known="${1:-}" -v why="${2:-}" '
		$1 == "ok" { print "ok " ++n " - " $2 " " $3 }
		$1 == "FAIL" { todo = $3 == known ? " # TODO " why : ""; $1 = ""; print "not ok " ++n " -" $0 todo }
		$1 != "ok" && $1 != "FAIL" { print "# " $0 }
		END { print "1.." n + 0 }'
}

# under_strace INJECTION: the relay's system calls are tampered with. strace -D leaves the relay our child.
under_strace() {
	command -v strace >/dev/null || skip "strace is not installed"
	strace -qq -o /dev/null true 2>/dev/null || skip "tracing is not allowed here"
	RELAY_UNDER="strace -D -f -qq -o $work/strace.log -e trace=fdatasync,fsync -e inject=$1"
	ASAN_OPTIONS=detect_leaks=0 # it cannot look while another traces
}

# secret_file NAME TEXT: prints the path of a file only we can read.
secret_file() {
	(umask 077 && printf '%s' "$2" >"$work/$1")
	echo "$work/$1"
}

# count_of WORD FILE: lines that begin with it.
count_of() {
	grep -c "^$1 " "$2" || true
}

# field REF EXPRESSION: of the event as `list --json` has it, with `doc` the event.
field() {
	list_json --limit 0 >"$work/list.out"
	json "$work/list.out" "[e for e in docs if e['ref'] == '$1'][0]['$2']"
}

# attempts_are REF JSON: [number, cause, status] of each.
attempts_are() {
	"$hookline" show "$1" --json >"$work/show.out"
	equals "attempts of $1" \
		"$(json "$work/show.out" "[[a['number'], a['cause'], a['status']] for a in doc['attempt_log']]")" "$2"
}

# attempts_take_turns REF: none began before the one in front of it was over.
attempts_take_turns() {
	"$hookline" show "$1" --json >"$work/show.out"
	"$python" - "$work/show.out" <<-'PY' || fail "two attempts of $1 were under way at once"
		import datetime, json, sys
		log = json.load(open(sys.argv[1]))["attempt_log"]
		def began(attempt):
		    return datetime.datetime.fromisoformat(attempt["started_at"][:26] + "+00:00").timestamp()
		ends = [began(attempt) + attempt["took_us"] / 1e6 for attempt in log]
		sys.exit(not all(began(later) >= end - 0.001 for end, later in zip(ends, log[1:])))
	PY
}

# due_is EXPRESSION: over `docs`, what `hookline retries --json` tells.
due_is() {
	"$hookline" retries --json >"$work/due.out" 2>"$work/due.err"
	[ "$(json "$work/due.out" "$1")" = true ]
}

nothing_is_due() {
	due_is 'docs == []'
}

# start_relay_with_token: clients must show the token in $work/token, 256 bits.
start_relay_with_token() {
	(umask 077 && od -An -tx1 -N32 /dev/urandom | tr -d ' \n' >"$work/token")
	printf 'stream:\n  token_file: %s\n' "$work/token" >"$work/relay.yaml"
	start_relay --config "$work/relay.yaml"
}

# start_screen [WORDS]: `hookline WORDS` in a terminal of SIZE (80x24): SCREEN names it, its stderr is in $SCREEN.err.
# SCREEN_RUNS=1: WORDS are another program.
start_screen() {
	screens=$((${screens:-0} + 1))
	SCREEN=$work/screen$screens
	if [ -z "${SCREEN_RUNS:-}" ]; then
		set -- sh -c 'exec "$0" "$@" 2>>"$SCREEN.err"' "$hookline" "$@"
	fi
	export SCREEN
	TERM=${SCREEN_TERM:-xterm-256color} LC_ALL=${SCREEN_LOCALE:-C.UTF-8} "$python" "$here/screen.py" serve "$SCREEN" \
		--size "${SIZE:-80x24}" "$@" >"$SCREEN.out" 2>&1 &
	SCREEN_PID=$!
	children="$children $SCREEN_PID"
	within 10 test -S "$SCREEN"
}

# on_screen keys|shows|hides|resize|signal|ends|dump|...: see screen.py
on_screen() {
	"$python" "$here/screen.py" "$SCREEN" "$@" || fail "screen: $*"
}

keys() {
	on_screen keys "$@"
}

shows() {
	on_screen shows "$@"
}

hides() {
	on_screen hides "$@"
}

# Settings with free ports for a relay that hookline starts by itself; sets STREAM and INGEST. A relay on the usual port would be
# joined instead, so there the story is left out.
own_relay_ports() {
	"$python" -c 'import socket; socket.create_connection(("127.0.0.1", 8081), 1)' 2>/dev/null &&
		skip "a relay runs on the usual port"
	mkdir -p "$XDG_CONFIG_HOME/hookline"
	"$python" - >"$XDG_CONFIG_HOME/hookline/relay.yaml" <<'PY'
import socket
sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(3)]
for name, free in zip(("ingest", "stream", "admin"), sockets):
    print('%s: {listen: "127.0.0.1:%d"}' % (name, free.getsockname()[1]))
PY
	STREAM=ws://$(sed -n 's/^stream.*"\(.*\)".*/\1/p' "$XDG_CONFIG_HOME/hookline/relay.yaml")
	INGEST=http://$(sed -n 's/^ingest.*"\(.*\)".*/\1/p' "$XDG_CONFIG_HOME/hookline/relay.yaml")
}

# Sets RELAY_PID to the relay that keeps events in the usual place.
own_relay() {
	RELAY_PID=$(tr -cd 0-9 <"$XDG_DATA_HOME/hookline/hookline.db.lock")
	children="$children $RELAY_PID"
	alive "$RELAY_PID" || fail "there is no relay"
}
