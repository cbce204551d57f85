#include "tui/screen/filter_known.h"

#include <stdio.h>
#include <string.h>

#include "common/business_key.h"

/* Stands in a filter as it is. */
static bool is_plain(struct span text) {
	for (size_t i = 0; i < text.len; i++) {
		if (text.data[i] <= ' ' || text.data[i] > '~' || strchr("\",()*\\", text.data[i])) {
			return false;
		}
	}
	return text.len > 0 && text.len <= FILTER_KNOWN_LEN;
}

static void take(struct filter_known *known, enum filter_known_kind kind, struct span text) {
	char(*values)[FILTER_KNOWN_LEN + 1] = known->of[kind].values;
	size_t *count = &known->of[kind].count, at = 0;
	if (!is_plain(text)) {
		return;
	}
	while (at < *count && !span_is(text, values[at])) {
		at++;
	}
	*count += at == *count && at < FILTER_KNOWN_MAX;
	at -= at == FILTER_KNOWN_MAX;
	memmove(values + 1, values, at * sizeof *values);
	memcpy(values[0], text.data, text.len);
	values[0][text.len] = '\0';
}

static void take_keys(struct filter_known *known, struct span keys) {
	struct span name, value;
	char text[FILTER_KNOWN_LEN + 1];
	while (business_keys_next(&keys, &name, &value)) {
		snprintf(text, sizeof text, "%s%.*s:", business_key_known(name) ? "" : "key.",
			(int)name.len, name.data);
		take(known, KNOWN_KEY, span_text(text));
	}
}

void filter_known_take(struct filter_known *known, const struct event *event) {
	take(known, KNOWN_ENDPOINT, event->endpoint);
	take(known, KNOWN_PROVIDER, event->provider);
	take(known, KNOWN_TYPE, event->type);
	take_keys(known, event->keys);
}
