#!/bin/sh
# Hostile bytes in body, header, target and type: no command lets one through to a terminal.
. "${0%/*}/../e2e/lib.sh"

start_relay
before="'$python' '$here/post.py' '$INGEST_PORT' '@FILE@' '@ID@' >'$work/refs'"

# look NAME SECONDS SIZE LOCALE COMMAND: KEYS are typed into it.
look() {
	"$python" "$here/run_tty.py" --dir "$here/terminal" --before "$before" --cmd "$5" --seconds "$2" --size "$3" --locale "$4" \
		--keys "${KEYS:-}" |
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
		KEYS=2 look payload "${LISTEN_SECONDS:-1}" 300x100 "$locale" "$hookline"
		KEYS=3 look headers "${LISTEN_SECONDS:-1}" 300x100 "$locale" "$hookline"
	done
} >"$work/cases.out"
as_tap <"$work/cases.out"
