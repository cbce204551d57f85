#!/bin/sh
# A redirect is an answer like any other: nobody is asked at its target.
. "${0%/*}/lib.sh"

start_relay
start_app
elsewhere=$APP_DIR
start_app --mode redirect --location "$APP_URL/elsewhere"
start_hookline --forward "$APP_URL" --json
send /hooks >/dev/null

within 10 lines_at_least "$work/listen.out" 2
equals "status of the attempt" "$(json "$work/listen.out" "[d['status'] for d in docs if 'status' in d][0]")" 302
equals "requests elsewhere" "$(app_count "$elsewhere")" 0
