#!/bin/sh
# An endpoint that is removed and made again counts from 1: what comes to it is forwarded like anything else.
. "${0%/*}/lib.sh"

start_relay
start_app
"$hookline" endpoint add shop >/dev/null
start_hookline --forward "$APP_URL"
send /e/shop/old --count 5 >/dev/null
app_receives 5
"$hookline" endpoint remove shop --yes >/dev/null
"$hookline" endpoint add shop >/dev/null
send /e/shop/new --count 8 >/dev/null
app_receives 13
grep -l 'POST /new' "$APP_DIR"/*.req >"$work/new.out"
equals "new events that were forwarded" "$(wc -l <"$work/new.out")" 8
