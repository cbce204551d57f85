#!/bin/sh
# A payload goes through a command of the person's own: decoded, without a terminal, and ended with all it has started.
. "${0%/*}/lib.sh"

start_relay
printf '{"order":42}' | gzip >"$work/body.gz"
send /hooks -H 'Content-Type: application/json' -H 'Content-Encoding: gzip' \
	--body-file "$work/body.gz" >/dev/null
start_screen
shows 'default#1'
keys '<Enter>'
shows '"order": 42' 'gzip, decoded to 12 B'

keys '|tr a-z A-Z; test -t 0 || echo no terminal; exit 3<Enter>'
shows '"ORDER":42' 'no terminal' 'exit code 3'
keys '<Esc>'
shows '"order": 42'

# what it has started ends with it
keys "|sleep 3600 & echo \$! >$work/pid; wait<Enter>"
shows 'running; Esc ends it'
within 10 test -s "$work/pid"
keys '<Esc>'
shows 'ended by signal'
is_gone() {
	! kill -0 "$1" 2>/dev/null
}
within 10 is_gone "$(cat "$work/pid")"

# one that writes without an end is ended, and keys work meanwhile
keys '<Esc>'
shows '"order": 42'
keys '|yes<Enter>'
shows 'wrote more than 1024 KiB'
