#!/bin/sh
# Recorded events become a test that runs without a relay; the exit status and JUnit XML say what came of it.
. "${0%/*}/lib.sh"

start_relay
start_app --stripe whsec_app --tolerance 300
"$hookline" endpoint add shop --provider stripe --secret-file "$(secret_file live whsec_live)" >/dev/null
send '/e/shop/hooks?x=1' --sign stripe:whsec_live:604800 --body '{"id":"evt_1","type":"charge.succeeded","n":1.0}' >/dev/null
send /e/shop/hooks --sign stripe:whsec_live:604800 --body '{"id":"evt_2","type":"charge.failed"}' >/dev/null
"$hookline" export endpoint:shop --test-dir "$work/tests" 2>"$work/err.err"
contains err.err '2 events in'
"$hookline" show shop#1 --raw >"$work/raw"
cmp -s "$work/raw" "$work/tests/shop-1.http" || fail "the exported request is another"
exits 2 "$hookline" export endpoint:shop --test-dir "$work/tests"
contains err.err 'is there already'
"$hookline" export -o "$work/tests/all.jsonl"
"$hookline" export --format http -o "$work/raws" 2>/dev/null
cmp -s "$work/raw" "$work/raws/shop-1.http" || fail "the exported request is another"
stop_relay
unset HOOKLINE_RELAY

# as received, the app refuses them: they are a week old, and of another secret
exits 1 "$hookline" test "$work/tests" --to "$APP_URL"
contains out.out 'FAIL  shop#1 charge.succeeded  400'
contains out.out 'events.yaml:9:22: the status is 400, not 2xx'
contains out.out '^0 passed, 2 failed'

# signed anew they are accepted
secret_file app whsec_app >/dev/null
rm "$work/tests/events.yaml"
cat >"$work/tests/shop.yaml" <<'EOF'
name: the shop takes charges
sign: {provider: stripe, secret_file: ../app}
steps:
  - event: shop-1.http
    name: a charge is taken, also twice
    repeat: 2
    expect: {status: [200, 202], headers: {Content-Type: text/*}, body: request, within: 20s}
  - event: all.jsonl
    name: all of them
  - event: all.jsonl
    ref: shop#2
    path: /other/path
    sign: as-received
    expect: {status: 400}
EOF
exits 0 "$hookline" test "$work/tests" --to "$APP_URL/base" --junit "$work/report.xml"
contains out.out '^5 passed, 0 failed'
contains out.out 'all of them \[shop#2\]'
grep -h -a '^POST' "$APP_DIR"/00000[3-7].req | tr -d '\r' >"$work/lines"
equals "where they went" "$(tr '\n' '|' <"$work/lines")" \
	'POST /base/hooks?x=1 HTTP/1.1|POST /base/hooks?x=1 HTTP/1.1|POST /base/hooks?x=1 HTTP/1.1|POST /base/hooks HTTP/1.1|POST /base/other/path HTTP/1.1|'
"$python" - "$work/report.xml" <<'PY'
import sys, xml.etree.ElementTree as tree
root = tree.parse(sys.argv[1]).getroot()
suite, = root
assert (root.get("tests"), root.get("failures"), suite.get("name")) == ("5", "0", "the shop takes charges"), root.attrib
assert [case.get("name") for case in suite][0] == "a charge is taken, also twice (1 of 2)"
PY

# what is wrong is told before anything is sent
before=$(app_count)
printf 'steps:\n  - event: shop-1.http\n  - event: shop-1.http\n    expect: {statsu: 200}\n' >"$work/tests/wrong.yaml"
exits 5 "$hookline" test "$work/tests" --to "$APP_URL"
contains err.err 'tests/wrong.yaml:4:14: unknown key "statsu", did you mean "status"'
printf 'sign: {provider: strip, secret_file: ../app}\nsteps:\n  - event: shop-1.http\n' >"$work/tests/wrong.yaml"
exits 5 "$hookline" test "$work/tests" --to "$APP_URL"
contains err.err 'tests/wrong.yaml:1:7: .*did you mean "stripe"'
rm "$work/tests/wrong.yaml"
equals "requests at the app" "$(app_count)" "$before"
exits 2 "$hookline" test "$work/tests"
contains err.err 'where to'
exits 2 "$hookline" test "$work/raws" --to "$APP_URL"
exits 2 "$hookline" test "$work/tests" --to http://203.0.113.7/

stop "$APP_PID"
exits 6 "$hookline" test "$work/tests" --to "$APP_URL" --junit "$work/report.xml"
contains report.xml 'errors="5"'
