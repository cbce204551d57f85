#include "tui/screen/saved_filters.h"

#include <stdlib.h>
#include <string.h>

#include "common/alloc.h"

static bool is_of_name(char byte) {
	return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
	       (byte >= '0' && byte <= '9') || byte == '-' || byte == '_' || byte == '.';
}

bool saved_filter_name_is_valid(struct span name) {
	for (size_t i = 0; i < name.len; i++) {
		if (!is_of_name(name.data[i])) {
			return false;
		}
	}
	return name.len > 0 && name.len <= SAVED_FILTER_NAME_MAX;
}

static int compare(const char *name, struct span other) {
	size_t len = strlen(name), least = len < other.len ? len : other.len;
	int order = memcmp(name, other.data, least);
	return order != 0 ? order : (len > other.len) - (len < other.len);
}

/* Where it stands, or would stand. */
static size_t place_of(const struct saved_filters *filters, struct span name) {
	size_t at = 0;
	while (at < filters->count && compare(filters->list[at].name, name) < 0) {
		at++;
	}
	return at;
}

static bool is_at(const struct saved_filters *filters, size_t at, struct span name) {
	return at < filters->count && span_is(name, filters->list[at].name);
}

const struct saved_filter *saved_filters_find(
	const struct saved_filters *filters, struct span name) {
	size_t at = place_of(filters, name);
	return is_at(filters, at, name) ? &filters->list[at] : NULL;
}

bool saved_filters_put(struct saved_filters *filters, struct span name, struct span text) {
	size_t at = place_of(filters, name);
	char *copy = alloc_text(text.data, text.len);
	if (is_at(filters, at, name)) {
		free(filters->list[at].text);
		filters->list[at].text = copy;
		return true;
	}
	if (filters->count == SAVED_FILTERS_MAX) {
		free(copy);
		return false;
	}
	struct saved_filter *place = &filters->list[at];
	memmove(place + 1, place, (filters->count - at) * sizeof *place);
	*place = (struct saved_filter){alloc_text(name.data, name.len), copy};
	filters->count++;
	return true;
}

bool saved_filters_remove(struct saved_filters *filters, struct span name) {
	size_t at = place_of(filters, name);
	struct saved_filter *place = &filters->list[at];
	if (!is_at(filters, at, name)) {
		return false;
	}
	free(place->name);
	free(place->text);
	filters->count--;
	memmove(place, place + 1, (filters->count - at) * sizeof *place);
	return true;
}

void saved_filters_copy(struct saved_filters *to, const struct saved_filters *from) {
	saved_filters_clear(to);
	for (size_t i = 0; i < from->count; i++) {
		saved_filters_put(to, span_text(from->list[i].name), span_text(from->list[i].text));
	}
}

void saved_filters_clear(struct saved_filters *filters) {
	for (size_t i = 0; i < filters->count; i++) {
		free(filters->list[i].name);
		free(filters->list[i].text);
	}
	filters->count = 0;
}
