#!/bin/sh
# x sends webhooks of several providers, some wrong on purpose, to an endpoint of its own, and never touches one that
# somebody else made. Nothing is forwarded to the relay's own port.
. "${0%/*}/lib.sh"

start_relay
SIZE=110x30
start_screen
shows 'No webhooks yet'
keys 'x'
shows 'demo#12' 'demo events were sent'
list_json --limit 0 >"$work/list.out"
for verdict in valid invalid unsigned expired reserialised; do
	contains "$work/list.out" "\"verdict\":\"$verdict\""
done
keys 'x'
shows 'demo#24'

keys "F$INGEST<Enter>"
shows 'that would be a loop'
keys 'q'
on_screen ends 0

"$hookline" endpoint remove demo --yes >/dev/null
"$hookline" endpoint add demo --provider stripe --secret-file "$(secret_file live whsec_right)" >/dev/null
start_screen
shows 'No webhooks yet|demo#'
keys 'x'
shows 'leaves it alone'
"$hookline" endpoint list >"$work/endpoints.out"
contains "$work/endpoints.out" 'demo.*stripe'
