#!/bin/sh
# scenes.sh FOLDER: draws the pictures into it, out of the real programs, driven in a terminal. ./dev screenshots runs it; a
# test runs it too, so that the story docs/tour.md tells cannot stop being true. HOOKLINE_AROUND is a program that runs the screen, as words
# behind it, in something else than the terminal itself: in a tmux.
set -eu
here=$(cd "${0%/*}" && pwd)
build=$(cd "${HOOKLINE_BUILD:-$here/../build}" && pwd)
mkdir -p "$1"
out=$(cd "$1" && pwd)
python=/usr/bin/python3
hookline=$build/tui/hookline
work=$(mktemp -d)
started=
trap 'kill $started 2>/dev/null || true; rm -rf "$work"' EXIT
export HOME="$work" XDG_DATA_HOME="$work/data" XDG_STATE_HOME="$work/state" XDG_CONFIG_HOME="$work/config" USER=alice
export XDG_RUNTIME_DIR="$work/run" PYTHONDONTWRITEBYTECODE=1
unset NO_COLOR HOOKLINE_RELAY
mkdir -p "$work/run" "$work/state/hookline"
echo off >"$work/state/hookline/tips"
cd "$work"

picture() {
	"$python" "$here/../tests/tools/picture.py" --title hookline "$@"
}

# until COMMAND...: waits for a condition, at most ten seconds.
until_true() {
	tries=0
	until "$@"; do
		tries=$((tries + 1))
		[ $tries -lt 200 ] || { echo "scenes.sh: $* did not come true" >&2 && exit 1; }
		sleep 0.05
	done
}

# relay NAME: starts one on free ports: nothing here meets what else runs on this machine. Sets stream and ingest.
relay() {
	mkfifo "$work/ready.$1"
	"$build/relay/hookline-relay" --ingest 127.0.0.1:0 --stream 127.0.0.1:0 --admin 127.0.0.1:0 \
		--store "sqlite:$work/$1.db" --ready-fd 3 3>"$work/ready.$1" 2>"$work/$1.err" &
	started="$started $!"
	told=$(cat "$work/ready.$1")
	stream=$(expr "$told" : '.*"stream":"\([^"]*\)"')
	ingest=$(expr "$told" : '.*"ingest":"\([^"]*\)"')
	export HOOKLINE_RELAY="$stream"
}

# app NAME OPTION...: starts one. Sets target.
app() {
	name=$1
	shift
	"$python" "$here/../tests/tools/app.py" --dir "$work/$name" "$@" &
	started="$started $!"
	until_true [ -s "$work/$name/port" ]
	target=localhost:$(cat "$work/$name/port")
}

# send PROVIDER TYPE ENDPOINT: a sample, signed with the right secret, comes in from outside.
send() {
	"$hookline" send "$1" "$2" --to "$ingest/e/$3/hooks" --anywhere --secret-file "$work/key" >/dev/null 2>&1
}

picture --size 112x60 "$out/demo" -- "$hookline" demo

# Nothing yet; demo events; forwarded, two fail; a bad signature; a replay that is answered; charts; the keys.
relay demo
app demo-app --fail-once launch.published --fail-once launch.failed
picture --size 116x30 \
	--wait 'No webhooks yet' --shot "$out/empty" \
	--keys x --wait 'demo#12' \
	--keys F --wait 'orward to' --text "$target" --keys Enter --wait 'missed' --keys y --wait '(?s)200.*demo#12.* 200' \
	--keys 'Enter 4 g' --keys 'Up Up Up Up Up Up' --wait 'contact.opted_out' --wait 'reason' --shot "$out/screen" \
	--keys 'Up Up Up Up Up 5' --wait '503 Service Unavailable' --keys r --wait 'answered 200' --wait 'replay +200' --shot "$out/replay" \
	--keys 'q o' --wait 'Time to answer' --keys Tab --wait 'Providers' --shot "$out/overview" --keys q \
	--keys '?' --wait 'Moving' --shot "$out/keys" \
	--keys 'Esc q q y' "$work/end.svg" -- ${HOOKLINE_AROUND:+"$HOOKLINE_AROUND"} "$hookline"

# The tour. The secret of the shop was pasted with a blank behind it; a replay was refused by the app, which knows the right one.
relay tour
printf 'whsec_7f1c29d0' >"$work/key"
printf 'whsec_7f1c29d0 ' >"$work/pasted"
printf 'not-the-one-of-the-shop' >"$work/other"
chmod 600 "$work/key" "$work/pasted" "$work/other"
"$hookline" endpoint add shop --provider stripe --secret-file live="$work/pasted" >/dev/null
"$hookline" endpoint add repo --provider github --secret-file live="$work/other" >/dev/null
app shop --stripe whsec_7f1c29d0 --tolerance 300
for type in charge.succeeded customer.subscription.created invoice.paid invoice.payment_failed; do
	send stripe $type shop
done
"$hookline" replay shop#3 --to "$target" >/dev/null 2>&1 || true
picture --size 120x34 \
	--wait '400' --keys / --text 'status:4xx' --keys Enter --gone 'charge.succeeded' --wait '▸.*shop#3' --keys 'Enter 5' --wait '400 Bad Request' --shot "$out/tour-failed" \
	--keys 4 --wait 'blanks around it' --shot "$out/tour-why" \
	--keys a --wait 'another value' --keys 1 --gone 'Secrets of shop' --text 'whsec_7f1c29d0' --shot "$out/tour-secret" --keys Enter --wait 'valid' --gone 'invalid' --shot "$out/tour-valid" \
	--keys r --wait 'replay to' --text "$target" --keys Enter --wait 'answered 200' --keys 5 --wait 'replay +200' --shot "$out/tour-replayed" \
	--keys d --wait 'Difference' --wait 'first line' --shot "$out/tour-diff" --keys q \
	--keys y --wait curl --shot "$out/tour-copy" --keys c --wait 'copied' \
	--keys q --keys '/ Ctrl-U' --text 'type:invoice.* verdict:valid' --keys Enter --wait 'payment_failed' --shot "$out/tour-more" \
	"$work/end.svg" -- ${HOOKLINE_AROUND:+"$HOOKLINE_AROUND"} "$hookline"

# What differs from the last good event of the same type; the plan of a replay of many; a small terminal; on light paper.
send stripe invoice.paid shop
send github push repo
send github issues repo
picture --size 120x34 \
	--wait 'repo#2' --keys : --text 'go shop#7' --keys Enter --wait '▸.*shop#7' --keys d --wait 'Difference' --wait 'data.object' --shot "$out/diff" --keys q \
	--keys : --text "bulk $target" --keys Enter --wait 'to send' --shot "$out/plan" --keys Esc \
	"$work/end.svg" -- ${HOOKLINE_AROUND:+"$HOOKLINE_AROUND"} "$hookline"
picture --size 40x10 --wait 'repo#2' "$out/small" -- ${HOOKLINE_AROUND:+"$HOOKLINE_AROUND"} "$hookline"
picture --size 116x30 --theme light --wait 'repo#2' --keys : --text 'theme light' --keys 'Enter :' --text 'go shop#7' --keys Enter --wait '▸.*shop#7' --keys 'Enter 2' \
	--wait 'customer' "$out/light" -- ${HOOKLINE_AROUND:+"$HOOKLINE_AROUND"} "$hookline"

# An app that is down for a while: what is due, and when.
relay retries
app down --status 503
picture --size 116x26 \
	--wait '→' --keys x --wait '(?s)↷.*↷.*↷.*github' --keys 'g w' --wait 'To try again' "$out/retries" \
	-- ${HOOKLINE_AROUND:+"$HOOKLINE_AROUND"} "$hookline" --forward "$target" --retry provider
