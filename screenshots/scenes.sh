#!/bin/sh
# scenes.sh FOLDER: draws the pictures into it, out of the real programs, driven in a terminal. ./dev screenshots runs it; a
# test runs it too, so that the story cannot stop being true.
set -eu
here=$(cd "${0%/*}" && pwd)
build=$(cd "${HOOKLINE_BUILD:-$here/../build}" && pwd)
mkdir -p "$1"
out=$(cd "$1" && pwd)
python=/usr/bin/python3
work=$(mktemp -d)
trap 'kill $relay $app 2>/dev/null || true; rm -rf "$work"' EXIT
export HOME="$work" XDG_DATA_HOME="$work/data" XDG_STATE_HOME="$work/state" XDG_CONFIG_HOME="$work/config" USER=alice

picture() {
	"$python" "$here/../tests/tools/picture.py" "$@"
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

# A relay and an app of their own on free ports: nothing here meets what else runs on this machine.
mkfifo "$work/ready"
"$build/relay/hookline-relay" --ingest 127.0.0.1:0 --stream 127.0.0.1:0 --admin 127.0.0.1:0 \
	--store "sqlite:$work/hookline.db" --ready-fd 3 3>"$work/ready" 2>"$work/relay.err" &
relay=$!
stream=$(sed -n 's/.*"stream":"\([^"]*\)".*/\1/p' <"$work/ready")
"$python" "$here/../tests/tools/app.py" --dir "$work/app" --fail-first 2 &
app=$!
until_true [ -s "$work/app/port" ]
target=localhost:$(cat "$work/app/port")

picture --size 112x60 "$out/demo" -- "$build/tui/hookline" demo

# One story: nothing yet; demo events; forwarded, two fail; a bad signature; a replay that is answered; the keys.
picture --size 116x30 --title hookline \
	--wait 'No webhooks yet' --shot "$out/empty" \
	--keys x --wait 'demo#12' \
	--keys F --wait 'orward to' --text "$target" --keys Enter --wait 'missed' --keys y --wait '(?s)200.*demo#12.* 200' \
	--keys 'Enter 4 g' --keys 'Up Up Up Up Up Up' --wait 'contact.opted_out' --wait 'reason' --shot "$out/screen" \
	--keys 'Up Up Up Up Up 5' --wait '503 Service Unavailable' --keys r --wait 'answered 200' --wait 'replay +200' --shot "$out/replay" \
	--keys '?' --wait 'Moving' --shot "$out/keys" \
	--keys 'Esc q q y' "$work/end.svg" -- "$build/tui/hookline" "$stream"
