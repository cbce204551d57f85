#!/bin/sh
# Whoever has a mouse needs no key: rows, tabs, titles, menus, dialogs, the keys in the last line, and the divider.
. "${0%/*}/lib.sh"

start_relay
exits 0 "$hookline" endpoint add code --provider github --secret-file live="$(secret_file live It-is-a-secret)"
start_app
send /hooks --count 12 >/dev/null
SIZE=140x40 start_screen --forward "127.0.0.1:$APP_PORT"
shows 'default#12 ' 'came while nothing forwarded'

# a question, by its key in the box; then a row, and what a second click on it opens
on_screen click 'n not now'
hides 'came while nothing forwarded'
on_screen click 'default#9 '
on_screen click 'default#9 '
shows '\[2 payload\]' 'default#9 .*from'
on_screen click ' 3 headers'
shows '\[3 headers\]' 'POST /hooks HTTP/1.1'

# the divider, and a title
on_screen drag '│' 12,0
on_screen click 'q close'
hides '3 headers'
on_screen click 'SIZE'
shows 'SIZE▾'
on_screen click 'SIZE'
shows 'SIZE▴'
on_screen click 'AGE'
hides 'SIZE▴'

# a menu: beside it nothing is chosen, in it the row
on_screen click 'y copy'
shows 'its UUID'
on_screen click 'default#1 '
hides 'its UUID'
on_screen click 'y copy'
on_screen click 'its UUID'
shows 'copied, 36 bytes'

# what sends is chosen first, and done by a second click
keys 'S'
on_screen click '^ github'
shows 'Send a sample of github'
on_screen click '^ push'
shows '^ push'
equals 'events before the second click' "$(list_json --limit 0 | wc -l)" 12
on_screen click '^ push'
hides 'Send a sample of github'
shows 'github .*push .*code#1'

# a dialog over all of the screen
keys 'E'
on_screen click 'Esc close'
hides 'Endpoints  '
keys 'E'
on_screen click '^ default '
shows 'filter endpoint:default'
on_screen click '\? help'
shows 'Keys in the list'
on_screen click 'Esc close'
on_screen click 'r replay'
app_receives 2
keys 'Q'
on_screen click 'y quit'
on_screen ends 0
on_screen restored
