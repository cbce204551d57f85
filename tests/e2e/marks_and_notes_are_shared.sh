#!/bin/sh
# A mark or a note that one person makes is seen by all: on a screen that is open, in list, show and export; and it can be taken away.
. "${0%/*}/lib.sh"

start_relay
send /hooks --body one >/dev/null
send /hooks --body two >/dev/null
start_screen
shows 'default#2'

exits 0 "$hookline" mark default#1 --note 'refunded twice'
contains "$work/err.err" '^1 marked$'
shows '★'
keys 'k'
keys '<Enter>'
shows 'marked by' 'refunded twice'
keys 'q'

keys 'jm'
marked() { [ "$(list_json | grep -c '"marked":true')" = "$1" ]; }
within 5 marked 2
keys 'Mnot ours<Enter>'
noted() { list_json | grep -q '"note":"not ours"'; }
within 5 noted
keys 'm'
within 5 marked 1

exits 0 "$hookline" show default#1
contains "$work/out.out" 'marked    marked by .*: refunded twice'
exits 0 "$hookline" export
equals "exported" "$(grep -c '"note":"refunded twice"' "$work/out.out")" 1
exits 0 "$hookline" mark --remove default#1
within 5 marked 0
exits 1 "$hookline" mark default#99
contains err.err '^hookline mark: default#99: there is no such event$'
contains err.err '^0 marked$'
exits 1 "$hookline" mark default#99 nowhere#3 default#2 01a20139-6978-7166-b6d9-aee5a8afaf30
contains err.err 'mark: default#99: there is no such event$'
contains err.err 'mark: nowhere#3: there is no endpoint "nowhere"$'
contains err.err 'mark: 01a20139-6978-7166-b6d9-aee5a8afaf30: there is no such event$'
contains err.err '^1 marked$'
within 5 marked 1
exits 1 "$hookline" mark --remove default#2 default#99
contains err.err '^1 unmarked$'
within 5 marked 0
exits 2 "$hookline" mark
exits 0 "$hookline" mark default#1 --note x --remove
within 5 marked 0
keys '@'
shows 'hookline mark default#2'
keys '<Esc>'
keys 'q'
on_screen ends 0
