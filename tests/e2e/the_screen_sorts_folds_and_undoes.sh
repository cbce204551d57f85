#!/bin/sh
# The list is sorted by a column, repeated deliveries are folded and unfolded, the event stands beside or below the list or alone, and
# what was marked, selected or filtered is taken back.
. "${0%/*}/lib.sh"

start_relay
exits 0 "$hookline" endpoint add pay --provider stripe --secret-file "$(secret_file live whsec_1)" --label live
order() {
	send /e/pay/hooks --sign stripe:whsec_1 --body "{\"id\":\"$1\",\"object\":\"event\",\"type\":\"$2\",\"pad\":\"$3\"}" >/dev/null
}
order evt_1 order.small x
order evt_2 order.large "$(printf '%0900d' 0)"
order evt_3 order.again xx
order evt_3 order.again xx
order evt_3 order.again xx
order evt_4 order.middle "$(printf '%0400d' 0)"
SIZE=140x40 start_screen
shows 'order.again 2 folded ×3' 'pay#6 '

# is_above A B: the row of A stands above that of B.
is_above() {
	on_screen dump >"$work/dump.out"
	above=$(grep -n "$1" "$work/dump.out" | head -n 1 | cut -d: -f1)
	below=$(grep -n "$2" "$work/dump.out" | head -n 1 | cut -d: -f1)
	[ -n "$above" ] && [ -n "$below" ] && [ "$above" -lt "$below" ]
}

# three deliveries are one row, and three rows again
hides 'pay#3 ' 'pay#4 '
keys 'k'
keys 'z'
shows 'pay#3 ' 'pay#4 ' 'pay#5 '
keys 'z'
hides 'pay#3 ' 'pay#4 '
keys 'Z'
shows 'pay#3 ' 'every delivery is a row of its own'
keys 'Z'
hides 'pay#3 '

# by size from the menu, turned round, by name, and by time again
keys 'Os'
shows 'SIZE▾'
within 10 is_above 'order.large' 'order.middle'
within 10 is_above 'order.middle' 'order.small'
keys 'Os'
shows 'SIZE▴'
within 10 is_above 'order.small' 'order.large'
keys ':sort type<Enter>'
shows 'TYPE▾' 'by type'
within 10 is_above 'order.again' 'order.large'
keys 'On'
hides 'by type'
within 10 is_above 'order.middle' 'order.small'
keys 'Oo'
within 10 is_above 'order.small' 'order.middle'

# beside, below, alone
keys '<Enter>'
shows '│ .*\[2 payload\]'
keys '\'
keys '\'
shows 'stands below the list' '^ 1 list \[2 payload\]'
hides '│'
keys '+'
hides 'PROVIDER'
shows '^ 1 list \[2 payload\]'
keys '+'
shows 'PROVIDER'
keys ':split beside<Enter>'
shows '│ .*\[2 payload\]'
keys 'q'

# what was done last is taken back first
keys 'gm'
shows '★'
keys 'j<Space>'
shows '1 selected'
keys '/type:order.large<Enter>'
shows 'filter type:order.large'
hides 'order.small'
keys 'U'
shows 'order.small'
hides 'filter type'
keys 'U'
hides '1 selected'
shows '★'
keys 'U'
hides '★'
keys 'U'
shows 'nothing to take back'
keys 'q'
on_screen ends 0
on_screen restored
