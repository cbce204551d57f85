#!/bin/sh
# healthz, readyz and metrics on the admin port; counts that agree with what was sent.
. "${0%/*}/lib.sh"

start_relay
send /hooks --count 7 >/dev/null
printf 'NONSENSE\r\n\r\n' >"$work/bad"
send_raw "$work/bad" >"$work/bad.out"
contains "$work/bad.out" '^HTTP/1.1 400'

admin /healthz >"$work/healthz.out"
admin /readyz >"$work/readyz.out"
admin /metrics >"$work/metrics.out"
equals "events received" "$(metric hookline_events_received_total)" 7
equals "requests refused" "$(metric hookline_ingest_refused_total)" 1
for name in hookline_ingest_seconds_bucket hookline_store_commit_seconds hookline_store_bytes hookline_build_info \
	hookline_screens hookline_screen_lag_entries hookline_delivery_seconds_bucket; do
	contains "$work/metrics.out" "^$name"
done
! admin /nothing >/dev/null || fail "an unknown path was answered with 2xx"
