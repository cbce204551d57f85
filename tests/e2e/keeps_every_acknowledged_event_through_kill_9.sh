#!/bin/sh
# Sixty times the relay is killed at a random moment under load, and nothing it had acknowledged is lost.
. "${0%/*}/lib.sh"

"$python" "$here/loss.py" --build "$build" --work "$work" --rounds "${ROUNDS:-60}" --slowest "${SLOWEST:-0.5}"
