#!/bin/sh
# An app that fails twice is tried again by the provider's schedule, faster than it would, until it answers; then no more.
. "${0%/*}/lib.sh"

start_relay
start_app --fail-first 2
start_hookline --forward "$APP_URL" --retry "1m,5m,30m @60x"
sent=$(date +%s)
send /hooks >/dev/null
app_receives 3
took=$(($(date +%s) - sent))
[ "$took" -ge 5 ] || fail "three attempts within $took s: 1 s and 5 s lie between them"

attempts_are default#1 '[[1, "forward", 503], [2, "retry", 503], [3, "retry", 200]]'
within 5 nothing_is_due
contains "$work/listen.err" 'default#1 is not tried again: delivered: 200'
