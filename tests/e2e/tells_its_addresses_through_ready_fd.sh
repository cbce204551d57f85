#!/bin/sh
# One JSON line with the addresses really bound, then the descriptor is closed.
. "${0%/*}/lib.sh"

start_relay
equals "lines" "$(wc -l <"$work/ready")" 1
equals "pid" "$(json "$work/ready" "doc['pid']")" "$RELAY_PID"
for url in "$INGEST" "$STREAM" "$ADMIN"; do
	case $url in
	*:0 | *:) fail "no port in $url" ;;
	esac
done
[ ! -e "/proc/$RELAY_PID/fd/3" ] || ! readlink "/proc/$RELAY_PID/fd/3" | grep -q ready || fail "the descriptor is still open"
