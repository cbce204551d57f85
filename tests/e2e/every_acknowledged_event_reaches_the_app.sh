#!/bin/sh
# Client, relay or app may be away for a while: what was acknowledged gets to the app all the same.
. "${0%/*}/lib.sh"

"$python" "$here/unreached.py" --build "$build" --work "$work/unreached"
