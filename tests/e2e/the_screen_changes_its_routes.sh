#!/bin/sh
# Routes are added, mended, switched and reordered on the screen while it forwards, and written to the file only when asked.
. "${0%/*}/lib.sh"

start_relay
start_app
ONE=$APP_URL one=$APP_DIR
start_app
TWO=$APP_URL two=$APP_DIR
file=$XDG_CONFIG_HOME/hookline/hookline.yaml

SIZE=120x30
start_screen --route "path:/one* => $ONE"
shows "${ONE#http://} nothing sent yet"
send /one/1 >/dev/null
within 10 app_has 1 "$one"
send /two/1 >/dev/null

keys 'T'
shows 'Where events go'
keys "apath:/two* => $TWO tiemout=1s<Enter>"
shows 'did you mean "timeout"'
keys '<Ctrl-w><Enter>'
shows 'nothing sent yet'
shows '2 targets'
send /two/2 >/dev/null
within 10 app_has 1 "$two"
equals "requests of before the route" "$(app_count "$two")" 1

# everything to the first app, now that its route stands in front of the other
keys "a=> $ONE<Enter>"
shows 'everything'
keys 'KK'
shows '1  on  everything'
send /two/3 >/dev/null
within 10 app_has 2 "$one"
keys ' '
shows '1  off everything'
send /two/4 >/dev/null
within 10 app_has 2 "$two"
equals "requests at the first app" "$(app_count "$one")" 2

test ! -e "$file" || fail "the routes were written without being asked for"
keys 'w'
shows 'the routes are kept in'
contains "$file" 'to: "http'
contains "$file" 'disabled: true'
keys 'qQy'
on_screen ends 0

# the next screen forwards by them
start_screen
shows '2 targets'
send /two/5 >/dev/null
within 10 app_has 3 "$two"
