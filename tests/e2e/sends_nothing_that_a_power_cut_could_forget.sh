#!/bin/sh
# A replay of many notes each event on the disk before it is sent: when that fails nothing goes out, and what cannot be
# flushed at all (some network file systems) is no reason to stop.
. "${0%/*}/lib.sh"

command -v strace >/dev/null || skip "strace is not installed"
strace -qq -o /dev/null true 2>/dev/null || skip "tracing is not allowed here"
ASAN_OPTIONS=detect_leaks=0 # it cannot look while another traces

start_relay
send /hooks --count 100 --body '{"n":@N@}' >/dev/null
start_app

# replay_with FAULT EXIT: all of them, while every flush of hookline does that
replay_with() {
	exits "$2" strace -D -f -qq -o "$work/strace.log" -e trace=fdatasync,fsync -e inject="fdatasync,fsync:$1" \
		"$hookline" replay --filter path:/hooks --to "$APP_URL" --yes --concurrency 4
}

replay_with error=EIO 1
contains err.err 'flush the journal in .*/hookline/replays/.*: Input/output error'
equals "requests at the app" "$(app_count)" 0

# nothing of it is in doubt: nothing was sent
exits 0 "$hookline" replay --resume --yes
contains_not err.err 'may have been sent'
app_receives 100

replay_with error=EINVAL 0
contains err.err '100 .*skipped'
send /more --count 20 --body '{"n":@N@}' >/dev/null
exits 0 strace -D -f -qq -o "$work/strace.log" -e trace=fdatasync,fsync -e inject=fdatasync,fsync:error=EINVAL \
	"$hookline" replay --filter path:/more --to "$APP_URL" --yes
app_receives 120
[ "$(wc -l <"$work/strace.log")" -lt 20 ] || fail "a flush for each event: $(wc -l <"$work/strace.log") for 20"
