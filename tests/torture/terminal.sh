#!/bin/sh
# Hostile bytes in body, header, target and type: no command lets one through to a terminal.
. "${0%/*}/../e2e/lib.sh"

start_relay
before="'$python' '$here/post.py' '$INGEST_PORT' '@FILE@' '@ID@' >'$work/refs'"

# A list cuts its columns to a narrow terminal, marks and all: there only what must not be written is judged.
mkdir "$work/markless"
ln -s "$here/terminal/payloads" "$work/markless/payloads"
"$python" - "$here/terminal/manifest.json" "$work/markless/manifest.json" <<'PY'
import json
import sys

manifest = json.load(open(sys.argv[1], encoding="utf-8"))
for case in manifest["cases"]:
    case["show"] = []
json.dump(manifest, open(sys.argv[2], "w", encoding="utf-8"))
PY

# look NAME SECONDS SIZE LOCALE COMMAND
look() {
	inputs=$here/terminal
	case $1$3 in
	list20x5 | list80x24 | listen80x24) inputs=$work/markless ;;
	esac
	"$python" "$here/run_tty.py" --dir "$inputs" --before "$before" --cmd "$5" --seconds "$2" --size "$3" --locale "$4" |
		sed "s/^\([a-zA-Z]*\) */\1 $1-$3-$4 /"
}

{
	listen_size=80x24
	for locale in C.UTF-8 C; do
		for size in 20x5 80x24 300x100; do
			look show 5 "$size" "$locale" "sh -c 'for ref in \$(cat $work/refs); do $hookline show \$ref || exit; done'"
			look list 5 "$size" "$locale" "$hookline list --limit 5"
		done
		look listen "${LISTEN_SECONDS:-0.7}" "$listen_size" "$locale" "sh -c 'exec $hookline listen --since default#\$((\$(sed \"s/.*#//\" $work/refs) - 5))'"
		listen_size=300x100
	done
} >"$work/cases.out"
as_tap <"$work/cases.out"
