#!/bin/sh
# prove twice: a handler that does a repeated event once is safe; every other one is found, and it is said what was different.
. "${0%/*}/lib.sh"

live=whsec_live_1
secret=$(secret_file live $live)
start_relay
exits 0 "$hookline" endpoint add shop --provider stripe --secret-file live="$secret"
send /e/shop/hooks --sign stripe:$live -H 'Content-Type: application/json' --body '{"id":"evt_1"}' >/dev/null

# twice DEFECTS EXIT VERDICT [OPTIONS]
twice() {
	start_handler --secret $live --defects "$1"
	want=$2 verdict=$3
	shift 3
	exits "$want" "$hookline" prove twice shop#1 --to "$APP_URL/hooks" "$@"
	contains out.out "^$verdict: "
	contains out.out '^repeat: hookline prove twice shop#1 --to http'
}

probe() {
	echo "cat $work/app$((apps + 1))/done"
}
reset() {
	echo ": >$work/app$((apps + 1))/done; : >$work/app$((apps + 1))/last"
}

twice '' 0 safe
twice '' 0 safe --probe "$(probe)"
equals "what was done" "$(cat "$APP_DIR/done")" evt_1
twice idempotency 1 different --probe "$(probe)"
contains out.out 'the second changed the state, line 2: nothing, then evt_1'
twice answer 1 different
contains out.out 'the answers differ'
twice again 1 error
contains out.out 'the second was answered 500'
twice slow 1 slower

# members that may differ are named
start_app
exits 1 "$hookline" prove twice shop#1 --to "$APP_URL"
contains out.out 'from byte 8: request 1'

# at the same time: what one alone does is found out first, after which everything is forgotten
twice '' 0 safe --parallel --probe "$(probe)" --reset "$(reset)"
twice race 1 different --parallel --probe "$(probe)" --reset "$(reset)"
twice race 1 different --apart 20ms --probe "$(probe)" --reset "$(reset)"
twice race 0 safe --probe "$(probe)"
twice '' 0 safe --parallel --probe "$(probe)"
contains out.out 'cannot be told without --reset'

# commands that fail or hang say nothing of the app
exits 1 "$hookline" prove twice shop#1 --to "$APP_URL/hooks" --probe 'exit 3'
contains err.err 'probe failed'
exits 2 "$hookline" prove twice shop#1 --to "$APP_URL/hooks" --parallel --apart 50ms
exits 2 "$hookline" prove twice --to "$APP_URL/hooks"
exits 1 "$hookline" prove twice shop#99 --to "$APP_URL/hooks"

# without a relay: a request in a file
"$hookline" show shop#1 --raw >request.http
start_handler --secret $live
exits 0 "$hookline" prove twice request.http --provider stripe --secret-file "$secret" --to "$APP_URL/hooks" --relay ws://127.0.0.1:1
exits 0 "$hookline" prove reject request.http --provider stripe --secret-file "$secret" --to "$APP_URL/hooks" --json
json out.out 'docs[-1]["proven"]' | grep -q true || fail "not proven"
contains out.out 'prove reject request.http --provider stripe --secret-file'
