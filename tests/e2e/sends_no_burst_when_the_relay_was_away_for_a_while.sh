#!/bin/sh
# What became ready while the relay hung goes out at the rate that was asked for, not all at once.
. "${0%/*}/lib.sh"

# asked N: whether that many bytes wait for the relay to read them
asked() {
	"$python" - "${STREAM##*:}" "$1" <<-'PY'
		import sys
		port, least, waiting = int(sys.argv[1]), int(sys.argv[2]), 0
		for line in list(open("/proc/net/tcp"))[1:]:
		    words = line.split()
		    if int(words[1].split(":")[1], 16) == port:
		        waiting += int(words[4].split(":")[1], 16)
		sys.exit(waiting < least)
	PY
}

start_relay
start_app
send /hooks --count 30 --body '{"n":@N@}' >/dev/null
"$hookline" replay --filter path:/hooks --to "$APP_URL" --yes --rate 20/s --concurrency 8 >"$work/replay.out" 2>"$work/replay.err" &
replay=$!
children="$children $replay"
within 20 app_has 3
kill -STOP "$RELAY_PID"
within 10 asked 1000
kill -CONT "$RELAY_PID"
wait "$replay" || fail "the replay failed: $(cat "$work/replay.err")"
for n in $(seq 30); do
	"$hookline" show "default#$n" --json
done >"$work/shown"
# 20 a second are four within 150 ms; 20 ms may be made up for, and a busy machine is given 30
"$python" - "$work/shown" <<'PY' || fail "there was a burst: $(cat "$work/starts")"
import datetime, json, sys
def began(line):
    at = json.loads(line)["attempt_log"][-1]["started_at"]
    return datetime.datetime.fromisoformat(at[:26] + "+00:00").timestamp()
starts = sorted(began(line) for line in open(sys.argv[1]))
print(*(round((at - starts[0]) * 1000) for at in starts), file=open(sys.argv[1].replace("shown", "starts"), "w"))
sys.exit(any(later - early < 0.1 for early, later in zip(starts, starts[3:])))
PY
