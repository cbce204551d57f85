#!/bin/sh
# Each event takes the first route that matches; with --match all every one, but never twice to one app.
. "${0%/*}/lib.sh"

start_relay
start_app
invoices=$APP_DIR INVOICES=$APP_URL
start_app
others=$APP_DIR OTHERS=$APP_URL

paths_at() {
	sort "$1"/*.req | grep -a HTTP/1.1 | cut -d' ' -f2 | sort | tr '\n' ' '
}

has_paths() {
	[ "$(paths_at "$1" 2>/dev/null)" = "$2" ]
}

start_hookline --route "path:/invoice* => $INVOICES/hooks?env=dev path=replaced header=\"X-Env: dev\" name=invoices" \
	--route "header:x-kind=o* => $OTHERS host=kept" --route ".test=true => $OTHERS"
send /invoice/1?a=b -H 'X-Env: live' -H 'X-Kind: order' >/dev/null
send /order -H 'X-Kind: order' --body '{"test":true}' >/dev/null
send /test --body '{"test":true}' >/dev/null
send /nobody >/dev/null

within 20 has_paths "$invoices" '/hooks?env=dev&a=b '
within 20 has_paths "$others" '/order /test '
contains "$invoices/000001.req" '^X-Env: dev'
contains_not "$invoices/000001.req" 'live'
contains "$invoices/000001.req" "^Host: 127.0.0.1:${INVOICES##*:}"
contains "$others/000001.req" "^Host: ${INGEST#http://}"
contains "$others/000002.req" "^Host: 127.0.0.1:${OTHERS##*:}"
attempts_are() {
	[ "$(field 'default#1' attempts) $(field 'default#3' attempts) $(field 'default#5' attempts) $(field 'default#7' attempts)" = "$1" ]
}
within 10 attempts_are '1 1 1 0'
"$hookline" show 'default#1' >"$work/show.out"
contains "$work/show.out" 'X-Env set'
stop "$LISTEN_PID"

start_hookline --match all --route "=> $INVOICES" --route "path:/both => $OTHERS" --route "path:/both => $INVOICES path=replaced"
send /both >/dev/null
send /one >/dev/null
within 20 has_paths "$invoices" '/both /hooks?env=dev&a=b /one '
within 20 has_paths "$others" '/both /order /test '
