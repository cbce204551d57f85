#!/bin/sh
# P shows all of a pane in $PAGER, which has the terminal until it ends; the screen is there again afterwards.
. "${0%/*}/lib.sh"

cat >"$work/pager" <<'PAGER'
#!/bin/sh
cat "$1" >"$(dirname "$0")/read"
printf 'a pager has the terminal'
read -r answer
PAGER
chmod +x "$work/pager"

start_relay
send /hooks --body '{"first":1,"last":"\u00fc"}' >/dev/null
export PAGER="$work/pager"
start_screen
shows 'default#1'
keys '<Enter>'
shows '"last"'
keys 'P'
shows 'a pager has the terminal'
contains "$work/read" '"first": 1'
contains "$work/read" '"last"'
keys '<Enter>'
shows 'default#1'
hides 'a pager has'
keys 'Q'
on_screen ends 0
on_screen restored
