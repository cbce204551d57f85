#!/bin/sh
# prove retries: what a provider sends while the app is down, as fast as one likes; and an event that it gives up is told.
. "${0%/*}/lib.sh"

secret=$(secret_file live whsec_live_1)
start_relay
exits 0 "$hookline" endpoint add team --provider slack --secret-file live="$secret"
send /e/team/hooks -H 'X-Slack-Signature: v0=00' -H 'X-Slack-Request-Timestamp: 1' -H 'Content-Type: application/json' \
	--body '{"type":"event_callback","event_id":"Ev1"}' >/dev/null

# at once, after 1 min, after 5 min: down for 2 min means that the fourth attempt is taken
start_app
exits 0 "$hookline" prove retries team#1 --to "$APP_URL/hooks" --down 2m --speed 6000x
contains out.out '^ +schedule .*Slack: 4 attempts'
contains out.out 'attempt 4 after 6m: 200'
contains out.out '^delivered: taken at attempt 4 of 4, 6m after the first'
app_receives 4
contains_not "$APP_DIR/000001.req" 'X-Slack-Retry'
contains "$APP_DIR/000002.req" '^X-Slack-Retry-Num: 1'
contains "$APP_DIR/000004.req" '^X-Slack-Retry-Num: 3'
contains "$APP_DIR/000004.req" '^X-Slack-Retry-Reason: http_timeout'

# three hours are longer than it tries
exits 1 "$hookline" prove retries team#1 --to "$APP_URL/hooks" --down 3h --speed 6000x
contains out.out '^lost: Slack gives up after 4 attempts, 6m after the first'

# what is sent while it is down may be kept from it
start_app
exits 0 "$hookline" prove retries team#1 --to "$APP_URL/hooks" --down 2m --speed 6000x --unseen
app_receives 1

# an app that does not stand what comes meanwhile is found
start_app --fail-first 1
exits 1 "$hookline" prove retries team#1 --to "$APP_URL/hooks" --down 2m --speed 6000x
contains out.out '^BAD  attempt .*503'

# a schedule of one's own
start_app
exits 0 "$hookline" prove retries team#1 --to "$APP_URL/hooks" --down 3s --speed 100x --schedule 1s,1s,1s,1s
contains out.out 'taken at attempt 4 of 5'
exits 2 "$hookline" prove retries team#1 --to "$APP_URL/hooks" --speed fast
send /plain --body '{}' >/dev/null
exits 1 "$hookline" prove retries default#1 --to "$APP_URL/hooks"
contains err.err 'schedule 5s,30s,5m says it'
