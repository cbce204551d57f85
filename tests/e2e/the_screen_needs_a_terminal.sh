#!/bin/sh
# Without a terminal, or on one that cannot place text, it says what to use instead, and starts no relay.
. "${0%/*}/lib.sh"

exits 2 "$hookline"
contains "$work/err.err" 'hookline listen'
exits 2 "$hookline" --forward 3000
contains "$work/err.err" 'hookline listen'
equals "standard output" "$(cat "$work/out.out")" ""
[ ! -e "$XDG_DATA_HOME/hookline" ] || fail "a relay was started"

SCREEN_TERM=dumb start_screen
on_screen ends 2
contains "$SCREEN.err" 'TERM is dumb.*hookline listen'

# nor does it begin with a relay that is not there
SCREEN_TERM=xterm start_screen ws://127.0.0.1:1
on_screen ends 3
contains "$SCREEN.err" '127.0.0.1:1'
