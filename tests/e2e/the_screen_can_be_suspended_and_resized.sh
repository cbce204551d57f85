#!/bin/sh
# Ctrl-Z gives the terminal back to the shell and fg brings the screen again; another size is painted at once.
. "${0%/*}/lib.sh"

start_relay
send /hooks >/dev/null
cat >"$work/shell" <<'SH'
set -m
"$1"
echo "it is suspended: $(stty -a | grep -o -e '-\?icanon' -e '-\?echo ')"
read -r line
fg >/dev/null
echo "it ended with $?"
SH
SCREEN_RUNS=1 start_screen sh "$work/shell" "$hookline"
shows 'default#1'
keys '<Ctrl-z>'
shows 'it is suspended: icanon'
send /hooks >/dev/null
keys '<Enter>'
shows 'default#2'

on_screen resize 120x40
send /hooks >/dev/null
shows 'default#3' 'REQUEST'
equals "the bar stands below" "$(on_screen dump | sed -n '39,40p' | grep -c live)" 1
on_screen resize 40x10
hides 'REQUEST'
shows '#3' 'live'
on_screen resize 20x5
on_screen resize 80x24
shows 'default#3' 'PROVIDER'
keys 'q'
shows 'it ended with 0'
on_screen ends 0
on_screen restored
