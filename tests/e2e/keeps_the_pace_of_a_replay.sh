#!/bin/sh
# A rate is never exceeded, and events can go out as far apart as they came, at a speed of one's own.
. "${0%/*}/lib.sh"

# gaps FROM TO: milliseconds between the starts of the replays of one event and of the next, as the attempts tell. What a slow
# app adds to the way there does not count.
gaps() {
	for n in $(seq "$1" "$2"); do
		"$hookline" show "default#$n" --json
	done >"$work/shown"
	"$python" - "$work/shown" <<'PY'
import datetime, json, sys
def began(line):
    at = json.loads(line)["attempt_log"][-1]["started_at"]
    return datetime.datetime.fromisoformat(at[:26] + "+00:00").timestamp()
times = [began(line) for line in open(sys.argv[1])]
print(" ".join(str(round((b - a) * 1000)) for a, b in zip(times, times[1:])))
PY
}

start_relay
start_app
send /hooks --count 6 --body '{"n":@N@}' >/dev/null
exits 0 "$hookline" replay --filter path:/hooks --to "$APP_URL" --yes --rate 10/s
gaps 1 6 >told
"$python" -c 'import sys; g = [int(x) for x in open("told").read().split()]; sys.exit(not (sum(g) >= 470 and min(g) >= 70))' ||
	fail "10 a second came with gaps of $(cat told) ms"

# as if they had come 12 s, 24 s, 0 s, 36 s and 12 s after each other
stop_relay
"$python" - "$work/store.db" <<'PY'
import sqlite3, sys
store = sqlite3.connect(sys.argv[1])
rows = [row[0] for row in store.execute("SELECT pos FROM event ORDER BY pos")]
for pos, second in zip(rows, (0, 12, 36, 36, 72, 84)):
    store.execute("UPDATE event SET received_at_ns = ? WHERE pos = ?", (1767268800000000000 + second * 1000000000, pos))
store.commit()
PY
start_relay
exits 0 "$hookline" replay --filter path:/hooks --to "$APP_URL" --dry-run --spacing original --speed 60x --again
contains err.err '\(1 min 24 s\)'
contains err.err 'spaced as received at 60x, 1 at a time: about 1.4 s'
exits 0 "$hookline" replay --filter path:/hooks --to "$APP_URL" --yes --spacing original --speed 60x --again
app_receives 12
gaps 1 6 >told
"$python" -c '
import sys
got = [int(x) for x in open("told").read().split()]
at = wanted = 0
for gap, want in zip(got, (200, 400, 0, 600, 200)):
    at, wanted = at + gap, wanted + want
    if at < wanted - 30: sys.exit(1)' || fail "12, 24, 0, 36, 12 s at 60x came with gaps of $(cat told) ms"
exits 2 "$hookline" replay --filter path:/hooks --to "$APP_URL" --rate 10 --spacing original
exits 2 "$hookline" replay --filter path:/hooks --to "$APP_URL" --rate 0
exits 2 "$hookline" replay --filter path:/hooks --to "$APP_URL" --speed 60x
