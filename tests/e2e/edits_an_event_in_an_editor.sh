#!/bin/sh
# Without changes on the command line the event opens in $EDITOR as raw HTTP: a wrong edit tells its line and opens again with the text
# kept, what nobody touched stays as it was, and no file is left behind.
. "${0%/*}/lib.sh"

secret=$(secret_file live whsec_live_1)
start_relay
exits 0 "$hookline" endpoint add shop --provider stripe --secret-file live="$secret"
send /e/shop/hooks --sign stripe:whsec_live_1 --body '{"id":"evt_1","amount":1999}' >/dev/null
printf '\037\213\000\001\n\r\377' >"$work/binary"
send /e/shop/hooks --sign stripe:whsec_live_1 --body-file "$work/binary" >/dev/null
"$hookline" show shop#1 --raw >"$work/before"
start_app --stripe whsec_live_1 --tolerance 300

# What the editor does is in a script; each run is noted.
cat >"$work/editor" <<'SH'
#!/bin/sh
echo "$1 $2" >>"$WORK/runs"
stat -c %a "$2" >>"$WORK/runs"
cp "$2" "$WORK/seen"
. "$WORK/does"
SH
chmod +x "$work/editor"
export WORK="$work" EDITOR="$work/editor --wait" VISUAL=
does() {
	printf '%s\n' "$1" >"$work/does"
	: >"$work/runs"
}

# a terminal: the first edit is wrong, the second right
does 'if grep -q X-Broken "$2"; then sed -i "s/^X-Broken.*/X-Mended: 1/" "$2"; else sed -i -e "2i X-Broken" -e "s/1999/0/" "$2"; fi'
SCREEN_RUNS=1 start_screen "$hookline" edit shop#1 --to "$APP_URL"
shows 'line 2: ' 'Enter: edit again'
cmp "$work/seen" "$work/before" || fail "the editor did not see the raw request"
keys '<Enter>'
shows 'shop#3 .*-> 200'
on_screen ends 0
contains "$work/seen" '^X-Broken'
contains "$work/seen" '"amount":0'
equals "runs" "$(grep -c -e --wait "$work/runs")" 2
contains "$work/runs" '^600$'
app_receives 1
contains "$APP_DIR/000001.req" '^X-Mended: 1'
"$hookline" show shop#3 --body >"$work/body"
printf '%s' '{"id":"evt_1","amount":0}' >"$work/wanted"
cmp "$work/body" "$work/wanted" || fail "the body is not what was written"
"$hookline" show shop#1 --raw | cmp - "$work/before" || fail "the original was changed"

# Ctrl-D gives a wrong edit up
does 'sed -i 2d "$2"; sed -i "2i X-Broken" "$2"'
SCREEN_RUNS=1 start_screen "$hookline" edit shop#1 --to "$APP_URL"
shows 'line 2: ' 'Ctrl-D: give it up'
keys '<Ctrl-d>'
shows 'the edit was given up'
on_screen ends 1

# nobody is there to press Enter: it ends, too
exits 1 "$hookline" edit shop#1 --to "$APP_URL"
contains err.err 'line 2: '
contains err.err 'the edit was given up'

# nothing changed, nothing sent; an editor that fails sends nothing
does true
exits 1 "$hookline" edit shop#1 --to "$APP_URL"
contains err.err 'nothing was changed, so nothing is sent'
does 'sed -i s/1999/1/ "$2"; exit 3'
exits 1 "$hookline" edit shop#1 --to "$APP_URL"
contains err.err 'ended with exit code 3: nothing is sent'
app_receives 1

# a body that is no text is not touched, and the file says where it is
does 'sed -i "2i X-Added: 1" "$2"; cp "${2%.http}.body" "$WORK/apart"'
exits 0 "$hookline" edit shop#2 --no-send --json
contains "$work/seen" '^< \./shop-2\.body$'
cmp "$work/apart" "$work/binary" || fail "the body apart is another"
copy=$(json out.out "doc['ref']")
"$hookline" show "$copy" --body | cmp - "$work/binary" || fail "the binary body did not survive"
"$hookline" show "$copy" --head --force >"$work/head"
contains "$work/head" '^X-Added: 1'
equals "verdict" "$(field "$copy" verdict)" valid

equals "files left behind" "$(find "$XDG_RUNTIME_DIR" "${TMPDIR:-/tmp}" -maxdepth 1 -name 'hookline-edit-*' 2>/dev/null | wc -l)" 0
