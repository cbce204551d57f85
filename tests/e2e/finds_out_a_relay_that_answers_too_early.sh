#!/bin/sh
# The checker of the kill campaign is worth something: it fails a relay that answers before the commit.
. "${0%/*}/lib.sh"

exits 1 "$python" "$here/loss.py" --build "$build" --work "$work" --rounds 4 --slowest 60 --early
contains "$work/out.out" '^not ok 1 - no acknowledged event is lost: [0-9]+ lost'
