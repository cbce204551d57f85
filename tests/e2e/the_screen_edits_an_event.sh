#!/bin/sh
# On the screen e opens the event in the person's editor, with the terminal, and sends what it left; S sends a sample to the relay.
. "${0%/*}/lib.sh"

secret=$(secret_file live whsec_live_1)
start_relay
exits 0 "$hookline" endpoint add shop --provider stripe --secret-file live="$secret"
send /e/shop/hooks --sign stripe:whsec_live_1 --body '{"id":"evt_1","type":"order.paid","amount":1999}' >/dev/null
start_app --stripe whsec_live_1 --tolerance 300

# An editor for a terminal: tells that it has one, for which time, and waits for Enter.
cat >"$work/editor" <<'SH'
#!/bin/sh
echo >>"$RUNS"
stty -a | grep -q ' icanon' && echo "the editor has the terminal, $(wc -l <"$RUNS")"
read -r line
case $line in
wrong) sed -i '2i X-Broken' "$1" ;;
mend) sed -i -e 's/^X-Broken.*/X-Mended: 1/' -e 's/1999/0/' "$1" ;;
esac
SH
chmod +x "$work/editor"
RUNS="$work/runs" EDITOR="$work/editor" VISUAL='' start_screen
shows 'order.paid'
keys 'e'
shows 'edit, then send to'
keys "$APP_URL<Enter>"
shows 'the editor has the terminal, 1'
keys 'wrong<Enter>'
shows 'line 2: ' 'Enter: edit again'
keys '<Enter>'
shows 'the editor has the terminal, 2'
keys 'mend<Enter>'
shows 'shop#2 edited, from shop#1: 200 in'
shows 'order.paid edited'
app_receives 1
contains "$APP_DIR/000001.req" '^X-Mended: 1'
equals "parent" "$(field shop#2 parent_ref)" 'shop#1'
equals "amount" "$("$hookline" show shop#1 --body)" '{"id":"evt_1","type":"order.paid","amount":1999}'

# what is not changed is not sent
keys 'e'
shows 'the editor has the terminal, 3'
keys 'nothing<Enter>'
shows 'nothing was changed, so nothing is sent'
app_receives 1

# a sample from the menu goes to the relay, signed with its secret
keys 'S'
shows 'Send a sample webhook of' 'adyen'
keys 'G'
shows 'zoom'
keys '<Esc>'
keys ':send stripe invoice.paid<Enter>'
shows 'stripe invoice.paid sent to the endpoint shop: 200'
shows 'invoice.paid'
equals "verdict" "$(list_json --limit 1 type:invoice.paid | sed 's/.*"verdict":"\([a-z]*\)".*/\1/')" valid
keys '@'
shows 'hookline send stripe invoice.paid' 'hookline edit shop#1 --to'
keys '<Esc>'

# or to the app, as an event the relay keeps with what the app answered
keys ":send stripe charge.refunded to $APP_URL<Enter>"
shows 'shop#[0-9]* sent: 200 in'
app_receives 2
contains "$APP_DIR/000002.req" '"type":"charge.refunded"'
contains "$APP_DIR/000002.req" '^[Ss]tripe-[Ss]ignature: t='
keys 'S'
shows 'to the relay'
keys 'a'
shows 'to the app '
keys '<Esc>'
keys '@'
shows "hookline send stripe charge.refunded --to "
keys '<Esc>'
keys 'q'
on_screen ends 0
on_screen restored
equals "files left behind" "$(find "$XDG_RUNTIME_DIR" -maxdepth 1 -name 'hookline-edit-*' | wc -l)" 0
