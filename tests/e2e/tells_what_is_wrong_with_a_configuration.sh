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

bad 1:1: 'ingestt: {}'
contains "$work/err.err" 'did you mean "ingest"'
bad 3:15: 'endpoints:' '  stripe:' '    provider: postpres'
contains "$work/err.err" 'did you mean "postpress"'
bad 2:3: 'endpoints:' '  "no blanks allowed": {}'
bad '[0-9]+:[0-9]+:' 'ingest: {'
bad 1:18: 'ingest: {listen: "127.0.0.1:99999"}'
bad 1:21: 'limits: {head_time: soon}'
bad 1:22: "stream: {token_file: /nowhere}"
bad 1:33: 'ingest: {listen: "127.0.0.1:0", listen: "127.0.0.1:0"}'
exits 5 "$relay" --check --config "$work/none.yaml"
contains "$work/err.err" 'none.yaml'
exits 2 "$relay" --chekc
contains "$work/err.err" 'check'
