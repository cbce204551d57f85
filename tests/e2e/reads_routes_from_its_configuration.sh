#!/bin/sh
# Routes stand in hookline.yaml, and what is wrong with it is said with file, line and column.
. "${0%/*}/lib.sh"

start_relay
start_app
file=$XDG_CONFIG_HOME/hookline/hookline.yaml
mkdir -p "${file%/*}"

cat >"$file" <<YAML
forward:
  match: first
  routes:
    - name: hooks
      filter: path:/hooks*
      to: $APP_URL
      headers: {X-Env: dev}
    - to: $APP_URL/never
      disabled: true
YAML
start_hookline
send /hooks/1 >/dev/null
send /other >/dev/null
app_receives 1
contains "$APP_DIR/000001.req" '^POST /hooks/1 '
contains "$APP_DIR/000001.req" '^X-Env: dev'
stop "$LISTEN_PID"

# the command line stands in its place
start_hookline --forward "$APP_URL/all"
send /other >/dev/null
app_receives 2
contains "$APP_DIR/000002.req" '^POST /all/other '
stop "$LISTEN_PID"

start_hookline --no-forward --json
send /hooks/2 >/dev/null
within 10 grep -q hooks/2 "$work/listen.out"
equals "requests at the app" "$(app_count)" 2

# refused CONTENT MESSAGE
refused() {
	printf '%s' "$1" >"$file"
	exits 5 "$hookline" listen
	contains "$work/err.err" "$2"
}
refused 'forward: {match: frist}' 'hookline.yaml:1:18: unknown value "frist", did you mean "first"'
refused 'foward: {}' 'hookline.yaml:1:1: unknown key "foward", did you mean "forward"'
refused 'forward: {routes: [{to: 3000, filter: "verdct:valid"}]}' \
	'hookline.yaml:1:39: filter column 1: unknown key "verdct", did you mean "verdict"'
refused 'forward: {routes: [{to: http://example.com}]}' 'hookline.yaml:1:25: .*not this machine'
refused 'forward: {routes: [{to: 3000, ca: no.pem}]}' "hookline.yaml:1:35: ca: the certificates in ${file%/*}/no.pem"
refused 'forward: [' 'hookline.yaml:2:1: '
exits 5 "$hookline" listen --config "$work/none.yaml"
contains "$work/err.err" 'none.yaml'
rm "$file"
exits 2 "$hookline" listen --route 'type:x => 3000 tiemout=5s'
contains "$work/err.err" 'column 16: unknown option "tiemout", did you mean "timeout"'
exits 2 "$hookline" listen --forward 3000 --no-forward
