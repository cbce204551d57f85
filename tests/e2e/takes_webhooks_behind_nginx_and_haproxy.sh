#!/bin/sh
# Real proxies in front of the relay: everything they pass on arrives.
. "${0%/*}/lib.sh"

command -v nginx >/dev/null || skip "nginx is not installed"
command -v haproxy >/dev/null || skip "haproxy is not installed"
start_relay
port() {
	"$python" -c 'import socket; s = socket.create_server(("127.0.0.1", 0)); print(s.getsockname()[1])'
}
nginx_port=$(port) haproxy_port=$(port)
user=
[ "$(id -u)" != 0 ] || user="user root;"
cat >nginx.conf <<CONF
$user daemon off; master_process off; pid $work/nginx.pid; error_log $work/nginx.err; events {}
http { access_log off; client_max_body_size 20m; client_body_temp_path $work/b; proxy_temp_path $work/p;
fastcgi_temp_path $work/f; uwsgi_temp_path $work/u; scgi_temp_path $work/s; upstream r { server 127.0.0.1:$INGEST_PORT; keepalive 4; }
server { listen 127.0.0.1:$nginx_port; location / { proxy_pass http://r; proxy_http_version 1.1; proxy_set_header Connection ""; } } }
CONF
cat >haproxy.cfg <<CONF
defaults
  mode http
  timeout client 30s
  timeout server 30s
  timeout connect 5s
frontend f
  bind 127.0.0.1:$haproxy_port
  default_backend b
backend b
  server r 127.0.0.1:$INGEST_PORT
CONF
nginx -c "$work/nginx.conf" -p "$work" -e "$work/nginx.err" &
children="$children $!"
haproxy -q -db -f "$work/haproxy.cfg" 2>"$work/haproxy.err" &
children="$children $!"
head -c 3000000 /dev/urandom >body
for proxy in "$nginx_port" "$haproxy_port"; do
	INGEST=http://127.0.0.1:$proxy
	answers() {
		send /up 2>/dev/null | grep -q '^200'
	}
	within 10 answers
	send "/through/$proxy" --count 20 >"$work/answers.out"
	equals "answers of 200" "$(count_of 200 "$work/answers.out")" 20
	send "/large/$proxy" --body-file body --chunked >"$work/answers.out"
	ref=$(sed -n 's/^200 //p' "$work/answers.out")
	"$hookline" show "$ref" --body | cmp - body || fail "a large body changed on its way"
done
list_json --limit 0 >"$work/list.out"
equals "events" "$(json "$work/list.out" "sum('/through/' in e['target'] for e in docs)")" 40
