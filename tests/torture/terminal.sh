#!/bin/sh
# Hostile bytes in body, header, target and type: no command lets one through to a terminal. The screen: screen.sh.
. "${0%/*}/../e2e/lib.sh"

start_relay
before="'$python' '$here/post.py' '$INGEST_PORT' '@FILE@' '@ID@' >'$work/refs'"

# look NAME SECONDS SIZE LOCALE COMMAND
look() {
	"$python" "$here/run_tty.py" --dir "$here/terminal" --before "$before" --cmd "$5" --seconds "$2" --size "$3" --locale "$4" |
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
