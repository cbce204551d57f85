#include "tui/screen/verdict_style.h"

/* Glyphs that Unicode gives one column everywhere: none of ambiguous width, none that becomes a picture. */
static const struct verdict_style styles[VERDICT_COUNT] = {
	[VERDICT_UNVERIFIED] = {"?", '?', STYLE_INFO, "no secret or provider to judge it with",
		"nothing is known to judge it with: no secret, or no provider"},
	[VERDICT_VALID] = {"\u2713", '+', STYLE_GOOD, "right signature over what was received",
		"the right signature over what was received"},
	[VERDICT_INVALID] = {"\u2717", 'x', STYLE_BAD, "no known secret makes this signature",
		"no known secret makes this signature over these bytes"},
	[VERDICT_EXPIRED] = {"\u25d4", 'o', STYLE_WARN, "right signature, outside of its time",
		"the right signature, but its timestamp lies outside of the tolerance"},
	[VERDICT_UNSIGNED] = {"\u2205", '0', STYLE_WARN, "no signature where one is expected",
		"no signature, where this provider sends one"},
	[VERDICT_PARTIAL] = {"\u25d2", '%', STYLE_WARN, "right, but covers only part of the body",
		"the right signature, but it does not cover the whole body"},
	[VERDICT_RESERIALISED] = {"\u21bb", '~', STYLE_WARN,
		"right only over JSON.stringify of the body",
		"the right signature over JSON.stringify of the body, not over the bytes received"},
};

const struct verdict_style *verdict_style(enum verdict verdict) {
	return &styles[verdict];
}

enum style verdict_style_of_status(int64_t status) {
	if (status == 0) {
		return STYLE_FAINT;
	}
	if (status >= 200 && status < 300) {
		return STYLE_GOOD;
	}
	return status >= 300 && status < 500 ? STYLE_WARN : STYLE_BAD;
}
