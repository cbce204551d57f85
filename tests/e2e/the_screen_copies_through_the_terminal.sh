#!/bin/sh
# What is copied reaches the terminal in front of the person (OSC 52), up to the stated length: directly, through a tmux that takes it
# itself, and through one that only passes it on. What is longer is written to a file, and that is told.
. "${0%/*}/lib.sh"

command -v tmux >/dev/null || skip "tmux is not installed"
unset DISPLAY WAYLAND_DISPLAY TMUX

LIMIT=74994
# A body of so many bytes whose base64 is known.
body() {
	"$python" -c 'import sys; sys.stdout.write("".join(chr(97 + i % 26) for i in range(int(sys.argv[1]))))' "$1"
}
start_relay
body 300 >"$work/short"
body $LIMIT >"$work/longest"
body $((LIMIT + 1)) >"$work/too-long"
for name in short longest too-long; do
	send /hooks --body-file "$work/$name" >/dev/null
done

# The texts that the outer terminal was told to put on its clipboard, one a line, in base64.
clipboard() {
	on_screen save "$work/raw.out"
	"$python" - "$work/raw.out" <<'PY'
import re
import sys
for text in re.findall(rb"\x1b\]52;c?;([A-Za-z0-9+/=]*)(?:\x07|\x1b\\)", open(sys.argv[1], "rb").read()):
    print(text.decode())
PY
}
has_got() {
	clipboard | grep -qx "$(base64 -w 0 "$work/$1")"
}
# copy N NAME: the body of the Nth event
copy() {
	keys ":go default#$1<Enter>"
	shows "▸.*default#$1 "
	keys 'yb'
}
leave() {
	keys 'Q'
	on_screen ends 0
}

# directly
start_screen
shows 'default#3 '
copy 1
shows 'copied, 300 bytes'
within 20 has_got short
copy 2
shows "copied, $LIMIT bytes"
within 20 has_got longest
copy 3
shows "$((LIMIT + 1)) bytes, and a terminal copies $LIMIT at most"
has_got too-long && fail "more than the terminal takes was sent to it"
equals "texts sent to the terminal" "$(clipboard | wc -l)" 2
find "$work" -name copied -exec cmp {} "$work/too-long" \; | grep . && fail "the file is not what was copied"
[ -n "$(find "$work" -name copied)" ] || fail "there is no file with what was copied"
leave

# in_tmux NAME SETTING...: the same screen in a tmux of its own
in_tmux() {
	printf '%s\n' 'set -g status off' 'set -s escape-time 0' "$@" >"$work/tmux.conf"
	SCREEN_RUNS=1 start_screen tmux -S "$work/tmux.sock" -f "$work/tmux.conf" new-session "$hookline"
	shows 'default#3 '
	children="$children $(tmux -S "$work/tmux.sock" display-message -p '#{pid}')"
}

# a tmux that passes on what is wrapped for the terminal around it, and touches no clipboard
in_tmux 'set -s set-clipboard off' 'set -g allow-passthrough on'
copy 1
shows 'copied, 300 bytes'
within 20 has_got short
copy 2
shows "copied, $LIMIT bytes"
within 20 has_got longest
copy 3
shows 'a terminal copies'
has_got too-long && fail "more than the terminal takes was sent through tmux"
leave

# one that takes it itself and tells the terminal, and passes nothing on
in_tmux 'set -s set-clipboard on' 'set -g allow-passthrough off'
copy 1
shows 'copied, 300 bytes'
within 20 has_got short
leave

# one that does neither: nothing reaches the terminal, and nothing of it is seen
in_tmux 'set -s set-clipboard off' 'set -g allow-passthrough off'
copy 1
shows 'copied, 300 bytes'
hides '52;c' 'tmux;'
has_got short && fail "it went past a tmux that lets nothing through"
leave
