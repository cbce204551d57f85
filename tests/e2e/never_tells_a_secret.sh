#!/bin/sh
# After a run with known secrets they stand in no log, no answer, no store and no process list.
. "${0%/*}/lib.sh"

start_relay_with_token
token=$(cat "$work/token")
secret=whsec_c0ffee5ec2e7c0ffee5ec2e7
"$hookline" endpoint add pay --provider stripe --secret-file "$(secret_file live $secret)" --token-file "$work/token" >"$work/add.out"
"$hookline" endpoint list --token-file "$work/token" >"$work/endpoints.out"
"$hookline" endpoint list --json --token-file "$work/token" >"$work/endpoints-json.out"
start_app
start_hookline --forward "$APP_URL" --token-file "$work/token"
send /e/pay/ --sign "stripe:$secret" >/dev/null
send /e/pay/ --sign stripe:wrong >/dev/null
app_receives 2
admin /metrics >"$work/metrics.out" || true
"$hookline" export --format jsonl --token-file "$work/token" >"$work/export.out"
tr '\0' '\n' <"/proc/$RELAY_PID/cmdline" >"$work/cmdline.out"
tr '\0' '\n' <"/proc/$LISTEN_PID/cmdline" >>"$work/cmdline.out"
stop "$LISTEN_PID"
stop_relay

rm -f "$work/live"
mv "$work/token" "$work/token.kept"
found=$(grep -r -l -a -F -e "$secret" "$work" || true)
equals "files with the secret" "$found" ""
found=$(grep -r -l -a -F -e "$token" "$work" | grep -v token.kept || true)
equals "files with the token" "$found" ""
