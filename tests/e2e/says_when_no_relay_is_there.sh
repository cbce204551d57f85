#!/bin/sh
# An unreachable relay has an exit code of its own and the address in the text.
. "${0%/*}/lib.sh"

start_relay
stop_relay

exits 3 timeout 20 "$hookline" list
contains "$work/err.err" "127.0.0.1:$STREAM_PORT"
exits 3 timeout 20 "$hookline" show default#1 --raw
exits 3 timeout 20 "$hookline" export --format jsonl
