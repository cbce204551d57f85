#!/bin/sh
# An app with a self-signed certificate is reached with that certificate, or any, but not without being told.
. "${0%/*}/lib.sh"

openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=localhost \
	-addext subjectAltName=DNS:localhost -keyout tls.key -out tls.pem 2>/dev/null
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=localhost \
	-addext subjectAltName=DNS:localhost -keyout other.key -out other.pem 2>/dev/null

start_relay
start_app --certificate "$work/tls.pem" --key "$work/tls.key"
url=https://localhost:$APP_PORT

start_hookline --route "=> $url"
send /1 >/dev/null
within 10 grep -q 'TLS with .* failed.*trust its own with ca=FILE' "$work/listen.err"
stop "$LISTEN_PID"

start_hookline --route "=> $url ca=$work/other.pem"
send /2 >/dev/null
within 10 sh -c '[ "$(grep -c "TLS with .* failed" "$0")" = 2 ]' "$work/listen.err"
stop "$LISTEN_PID"
equals "requests at the app" "$(app_count)" 0

start_hookline --route "=> $url ca=$work/tls.pem host=kept"
send /3 >/dev/null
app_receives 1
contains "$APP_DIR/000001.req" "^Host: ${INGEST#http://}"
stop "$LISTEN_PID"

# named in a file, it stands beside it
mkdir -p "$XDG_CONFIG_HOME/hookline"
cp tls.pem "$XDG_CONFIG_HOME/hookline/app.pem"
printf 'forward: {routes: [{to: "%s", ca: app.pem}]}' "$url" >"$XDG_CONFIG_HOME/hookline/hookline.yaml"
start_hookline
send /4 >/dev/null
app_receives 2
stop "$LISTEN_PID"

start_hookline --forward "$url" --insecure
send /5 >/dev/null
app_receives 3

# plain HTTP, here that of the admin port, is not called by what OpenSSL makes of it alone
exits 6 "$hookline" replay default#1 --to "https://127.0.0.1:${ADMIN##*:}"
contains out.out 'wrong version number \(nothing there seems to speak TLS: is http:// meant\?\)'
