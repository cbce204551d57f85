#!/bin/sh
# Every mistake in the configuration has a place and a clear sentence.
. "${0%/*}/lib.sh"

bad() { # LINE:COLUMN TEXT...
	place=$1
	shift
	printf '%s\n' "$@" >"$work/relay.yaml"
	exits 5 "$relay" --check --config "$work/relay.yaml"
	contains "$work/err.err" "relay.yaml:$place"
}

bad 1:1 'ingestt: 127.0.0.1:0'
contains "$work/err.err" 'did you mean "ingest"'
bad 2: 'endpoints:' '  - name: "no spaces allowed"'
bad 1: 'ingest: {'
bad 1: 'ingest: 127.0.0.1:99999'
exits 5 "$relay" --check --config "$work/none.yaml"
contains "$work/err.err" 'none.yaml'
exits 2 "$relay" --chekc
contains "$work/err.err" 'check'
