#!/bin/sh
# A token with the role readonly, --readonly and HOOKLINE_READONLY: everything is shown, nothing is changed or sent.
. "${0%/*}/lib.sh"

may=$(secret_file may 0123456789abcdef0123456789abcdef)
looks=$(secret_file looks fedcba9876543210fedcba9876543210)
tokens=$(secret_file tokens "$(printf '%s\n%s  readonly' "$(cat "$may")" "$(cat "$looks")")")
printf 'stream:\n  token_file: %s\n' "$tokens" >"$work/relay.yaml"
start_relay --config "$work/relay.yaml"
start_app
send /hooks --body '{"n":1}' >/dev/null

exits 0 "$hookline" list --token-file "$looks"
contains "$work/out.out" 'default#1'
exits 0 "$hookline" show default#1 --body --token-file "$looks"
equals body "$(cat "$work/out.out")" '{"n":1}'

# the relay refuses, whatever the program says of itself
exits 4 "$hookline" endpoint add shop --token-file "$looks"
contains "$work/err.err" 'readonly: it may look, but endpoint.add changes things'
exits 4 "$hookline" endpoint add shop --token-file "$may" --readonly
contains "$work/err.err" 'readonly'

# what would reach the app is not even begun
exits 4 "$hookline" replay default#1 --to "$APP_URL" --token-file "$may" --readonly
contains "$work/err.err" 'only looking is allowed here .--readonly'
export HOOKLINE_READONLY=1
exits 4 "$hookline" replay default#1 --to "$APP_URL" --token-file "$may"
contains "$work/err.err" 'HOOKLINE_READONLY'
unset HOOKLINE_READONLY
exits 0 "$hookline" endpoint list --token-file "$may" --json
contains_not "$work/out.out" shop

start_screen --token-file "$looks" --forward "$APP_URL"
shows 'default#1' 'readonly'
keys 'r'
shows 'only looking is allowed here'
keys 'F'
keys 'Q'
on_screen ends 0
app_receives 0
exits 0 "$hookline" endpoint add shop --token-file "$may"
