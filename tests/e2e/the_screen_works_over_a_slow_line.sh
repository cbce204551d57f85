#!/bin/sh
# At 9,600 bit/s keys still work while 2,000 events come, and the newest frame is shown instead of all that were.
. "${0%/*}/lib.sh"

start_relay
NO_COLOR='' "$python" "$here/slow_line.py" "$INGEST" "$hookline" >"$work/slow.out" 2>"$work/slow.err" ||
	fail "$(cat "$work/slow.err")"
