#!/bin/sh
# The whole story that docs/tour.md tells is played key by key in a tmux, too: what stands between screen and terminal changes nothing.
. "${0%/*}/lib.sh"

command -v tmux >/dev/null || skip "tmux is not installed"
unset NO_COLOR HOOKLINE_XTERM TMUX
printf '%s\n' 'set -g status off' 'set -s escape-time 0' 'set -g destroy-unattached on' 'set -g default-terminal tmux-256color' \
	>"$work/tmux.conf"
# a tmux of its own for each picture, which ends with its terminal
cat >"$work/in-tmux" <<SH
#!/bin/sh
echo "\$\$" >>"$work/tmux.runs"
exec tmux -S "$work/tmux.\$\$" -f "$work/tmux.conf" new-session "\$@"
SH
chmod +x "$work/in-tmux"

status=0
HOOKLINE_AROUND=$work/in-tmux HOOKLINE_BUILD=$build "$here/../../screenshots/scenes.sh" "$work/pictures" \
	>"$work/scenes.out" 2>"$work/scenes.err" || status=$?
for socket in "$work"/tmux.[0-9]*; do
	tmux -S "$socket" kill-server 2>/dev/null || true
done
[ $status -eq 0 ] || fail "the story does not play in tmux: $(cat "$work/scenes.err")"
[ "$(wc -l <"$work/tmux.runs")" -ge 6 ] || fail "it was not played in tmux"
for picture in $(sed -n 's|.*](../screenshots/\(.*\)\.png)|\1|p' "$here/../../docs/tour.md"); do
	[ -s "$work/pictures/$picture.svg" ] || fail "docs/tour.md shows $picture, which the story does not"
done
