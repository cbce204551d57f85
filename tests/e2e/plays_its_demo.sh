#!/bin/sh
# The demo starts everything, finds each verdict as it should be, and exits 0.
. "${0%/*}/lib.sh"

exits 0 timeout 60 "$hookline" demo
for word in valid invalid unsigned reserialised dropspace dragdropdo drop-cowboy postpress blackspace; do
	contains "$work/out.out" "$word"
done

exits 2 "$hookline" demo stripe
contains "$work/err.err" 'takes no words: "stripe"'
