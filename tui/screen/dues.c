#include "tui/screen/dues.h"

#include <stdlib.h>
#include <string.h>

#include "common/alloc.h"

static int compare(const struct retry *a, const struct uuid *event, struct span target) {
	int order = memcmp(a->event.bytes, event->bytes, sizeof event->bytes);
	size_t len = a->target.len < target.len ? a->target.len : target.len;
	if (order == 0 && len > 0) {
		order = memcmp(a->target.data, target.data, len);
	}
	return order != 0 ? order : (a->target.len > target.len) - (a->target.len < target.len);
}

/* Where it stands, or belongs. */
static size_t place_of(const struct dues *dues, const struct uuid *event, struct span target) {
	size_t low = 0, high = dues->count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (compare(dues->list[middle], event, target) < 0) {
			low = middle + 1;
		} else {
			high = middle;
		}
	}
	return low;
}

static bool is_at(const struct dues *dues, size_t at, const struct retry *retry) {
	return at < dues->count && retry_is_same(dues->list[at], retry);
}

void dues_put(struct dues *dues, const struct retry *retry) {
	size_t at = place_of(dues, &retry->event, retry->target);
	if (is_at(dues, at, retry)) {
		free(dues->list[at]);
		dues->list[at] = retry_copy(retry);
		return;
	}
	if (dues->count == dues->capacity) {
		dues->capacity = dues->capacity ? 2 * dues->capacity : 64;
		dues->list = alloc_resize(dues->list, dues->capacity * sizeof(struct retry *));
	}
	memmove(dues->list + at + 1, dues->list + at, (dues->count - at) * sizeof(struct retry *));
	dues->list[at] = retry_copy(retry);
	dues->count++;
}

bool dues_remove(struct dues *dues, const struct retry *retry) {
	size_t at = place_of(dues, &retry->event, retry->target);
	if (!is_at(dues, at, retry)) {
		return false;
	}
	free(dues->list[at]);
	dues->count--;
	memmove(dues->list + at, dues->list + at + 1, (dues->count - at) * sizeof(struct retry *));
	return true;
}

const struct retry *dues_at(const struct dues *dues, const struct retry *retry) {
	size_t at = place_of(dues, &retry->event, retry->target);
	return is_at(dues, at, retry) ? dues->list[at] : NULL;
}

void dues_clear(struct dues *dues) {
	while (dues->count > 0) {
		free(dues->list[--dues->count]);
	}
	free(dues->list);
	*dues = (struct dues){0};
}

size_t dues_find(const struct dues *dues, const struct uuid *event) {
	size_t at = place_of(dues, event, (struct span){0});
	return at < dues->count && uuid_equal(&dues->list[at]->event, event) ? at : dues->count;
}

const struct retry *dues_next(const struct dues *dues, const struct uuid *event) {
	const struct retry *next = NULL;
	for (size_t i = dues_find(dues, event);
		 i < dues->count && uuid_equal(&dues->list[i]->event, event); i++) {
		const struct retry *retry = dues->list[i];
		if (!next || (next->paused && !retry->paused) ||
			(next->paused == retry->paused && retry->due_ns < next->due_ns)) {
			next = retry;
		}
	}
	return next;
}
