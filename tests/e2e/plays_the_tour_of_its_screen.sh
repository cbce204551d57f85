#!/bin/sh
# The story that docs/tour.md tells and the pictures show can be played with the real programs, key by key.
. "${0%/*}/lib.sh"

unset NO_COLOR HOOKLINE_XTERM
HOOKLINE_BUILD=$build "$here/../../screenshots/scenes.sh" "$work/pictures" >"$work/scenes.out" 2>"$work/scenes.err" ||
	fail "the story does not play: $(cat "$work/scenes.err")"
for picture in $(sed -n 's|.*](../screenshots/\(.*\)\.png)|\1|p' "$here/../../docs/tour.md"); do
	[ -s "$work/pictures/$picture.svg" ] || fail "docs/tour.md shows $picture, which the story does not"
done
