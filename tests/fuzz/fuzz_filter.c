/*
 * Any filter is parsed or refused with a sentence, what is parsed can be asked, and globs match what a plain table
 * says. The input is a filter, a NUL, and a text to ask it about.
 */
#include <string.h>

#include "common/filter.h"
#include "common/glob.h"
#include "tests/fuzz/fuzz.h"

#define PATTERN_MAX 60

/* Dynamic programming over both: slow and plain. */
static bool plainly_fits(struct span pattern, struct span text) {
	static bool fits[PATTERN_MAX + 1][PATTERN_MAX + 1];
	for (size_t i = 0; i <= pattern.len; i++) {
		for (size_t j = 0; j <= text.len; j++) {
			if (i == 0) {
				fits[i][j] = j == 0;
			} else if (pattern.data[i - 1] == '*') {
				fits[i][j] = fits[i - 1][j] || (j > 0 && fits[i][j - 1]);
			} else {
				fits[i][j] = j > 0 && fits[i - 1][j - 1] && pattern.data[i - 1] == text.data[j - 1];
			}
		}
	}
	return fits[pattern.len][text.len];
}

static void check_glob(struct span pattern, struct span text) {
	if (pattern.len > PATTERN_MAX || text.len > PATTERN_MAX) {
		return;
	}
	struct glob *glob = glob_new(pattern, false);
	HOLDS(glob_matches(glob, text) == plainly_fits(pattern, text));
	glob_free(glob);
}

/* The same, some bytes at a time. */
static bool is_found_in_steps(
	const struct filter *filter, const struct event *event, struct span bytes) {
	struct filter_scan *scan = filter_scan_new(filter, event, bytes, bytes);
	enum filter_scanned scanned;
	do {
		scanned = filter_scan_step(scan, 1 + bytes.len % 13);
	} while (scanned == FILTER_GO_ON);
	filter_scan_free(scan);
	return scanned == FILTER_MATCHES;
}

static void check_filter(struct span text, struct span bytes) {
	struct error err = {0};
	struct filter *filter = filter_parse(text, &err);
	if (!filter) {
		HOLDS(err.code == ERROR_USAGE && err.text[0] != '\0');
		return;
	}
	struct event event = {.endpoint = bytes, .method = bytes, .target = bytes, .type = bytes};
	filter_set_now(filter, INT64_MAX);
	bool by_facts = filter_matches_event(filter, &event);
	bool found = filter_matches_bytes(filter, &event, bytes, bytes);
	/* each knows no more than the next one, and what one of them excludes stays excluded */
	HOLDS(by_facts || !found);
	HOLDS(is_found_in_steps(filter, &event, bytes) == found);
	HOLDS(filter_needs_bytes(filter) || found == by_facts);
	HOLDS(filter_may_match(filter, &event) || !by_facts);
	HOLDS(filter_narrows(filter) || filter_may_match(filter, &event));
	filter_free(filter);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len) {
	struct span bytes = {(const char *)data, len};
	struct span text = span_cut(&bytes, '\0');
	check_filter(text, bytes);
	check_glob(text, bytes);
	return 0;
}
