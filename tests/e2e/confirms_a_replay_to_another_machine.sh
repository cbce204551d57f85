#!/bin/sh
# A target that is not this machine has to be said twice: its host is typed, or named with --yes-to.
. "${0%/*}/lib.sh"

start_relay
send /hooks --count 2 >/dev/null
url=http://app.staging.invalid:8000/hooks
exits 2 "$hookline" replay default#1 --to $url
contains err.err 'is not this machine: --yes-to app.staging.invalid says that it is meant'
exits 2 "$hookline" replay default#1 --to $url --anywhere
exits 2 "$hookline" replay --filter path:/hooks --to $url --yes
exits 2 "$hookline" replay default#1 --to $url --yes-to staging.invalid
exits 0 "$hookline" replay default#1 --to $url --dry-run
# there is no such host: it was tried
exits 6 "$hookline" replay default#1 --to $url --yes-to app.staging.invalid
contains out.out 'app.staging.invalid'
equals "attempts" "$(field default#1 attempts)" 1

SCREEN_RUNS=1 start_screen "$hookline" replay default#2 --to $url --relay "$STREAM"
shows 'Type its host'
keys 'staging<Enter>'
shows 'nothing was sent'
on_screen ends 1
SCREEN_RUNS=1 start_screen "$hookline" replay default#2 --to $url --relay "$STREAM"
shows 'Type its host'
keys 'app.staging.invalid<Enter>'
on_screen ends 6
equals "attempts" "$(field default#2 attempts)" 1
