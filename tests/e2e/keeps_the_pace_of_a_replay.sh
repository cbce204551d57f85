#!/bin/sh
# A rate is never exceeded, and events can go out as far apart as they came, at a speed of one's own.
. "${0%/*}/lib.sh"

# starts_are MILLISECONDS...: when the replays of the events began, behind the beginning of the run, and not before that. What the
# app or a busy machine adds does not count.
starts_are() {
	wanted="$*"
	for n in $(seq $#); do
		"$hookline" show "default#$n" --json
	done >"$work/shown"
	"$python" - "$work/shown" "$work/report.json" "$@" <<'PY' || fail "they began at the milliseconds $(cat "$work/told") of the run, not at $wanted"
import datetime, json, sys
def seconds(text):
    return datetime.datetime.fromisoformat(text[:26].rstrip("Z") + "+00:00").timestamp()
began = seconds(json.load(open(sys.argv[2]))["began_at"])
starts = [(seconds(json.loads(line)["attempt_log"][-1]["started_at"]) - began) * 1000 for line in open(sys.argv[1])]
print(*map(round, starts), file=open(sys.argv[1].replace("shown", "told"), "w"))
sys.exit(not all(start >= int(want) for start, want in zip(starts, sys.argv[3:])))
PY
}

start_relay
start_app
send /hooks --count 6 --body '{"n":@N@}' >/dev/null
exits 0 "$hookline" replay --filter path:/hooks --to "$APP_URL" --yes --rate 10/s --report "$work/report.json"
# 20 ms may be made up for
starts_are 0 80 180 280 380 480

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
exits 0 "$hookline" replay --filter path:/hooks --to "$APP_URL" --yes --spacing original --speed 60x --again --report "$work/report.json"
app_receives 12
starts_are 0 200 600 600 1200 1400
exits 2 "$hookline" replay --filter path:/hooks --to "$APP_URL" --rate 10 --spacing original
exits 2 "$hookline" replay --filter path:/hooks --to "$APP_URL" --rate 0
exits 2 "$hookline" replay --filter path:/hooks --to "$APP_URL" --speed 60x
