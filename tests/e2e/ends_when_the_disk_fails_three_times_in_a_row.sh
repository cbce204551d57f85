#!/bin/sh
# A disk that keeps failing: no 2xx any more, the relay ends, and afterwards just what it had acknowledged is there.
. "${0%/*}/lib.sh"

under_strace fdatasync,fsync:error=EIO:when=30+
start_relay

send /hooks --count 60 --body '{"n":@N@}' >"$work/answers.out" || true
within 15 gone "$RELAY_PID"

kept=$(count_of 200 "$work/answers.out")
[ "$kept" -gt 0 ] && [ "$kept" -lt 60 ] || fail "$kept answers of 200"
RELAY_UNDER=
start_relay
list_json --limit 0 >"$work/list.out"
sed -n 's/^200 //p' "$work/answers.out" | sort >"$work/acknowledged.out"
sed -n 's/.*"ref":"\([^"]*\)".*/\1/p' "$work/list.out" | sort >"$work/stored.out"
cmp "$work/acknowledged.out" "$work/stored.out" || fail "not what was acknowledged is stored"
