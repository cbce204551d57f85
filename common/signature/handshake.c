#include "common/signature/handshake.h"

#include <string.h>

#include "common/signature/handshake_value.h"

#define AMBIGUOUS_NAMES 4
/* A value that must be that one tells more than one that must only be there. */
#define SCORE_VALUE 3
#define SCORE_NAME 2

static bool has_method(const struct handshake *handshake, struct span method) {
	const char *const *name = handshake->methods;
	while (name && *name && !span_is(method, *name)) {
		name++;
	}
	return !name || *name;
}

static bool holds(
	const struct handshake_condition *condition, const struct message *message, int *score) {
	struct buffer value = {0};
	bool there = handshake_value(condition->place, condition->name, message, &value);
	bool fits = there &&
	            (condition->value ? span_is(buffer_span(&value), condition->value) : value.len > 0);
	buffer_clear(&value);
	if (condition->absent) {
		*score += 1;
		return !there;
	}
	*score += condition->value ? SCORE_VALUE : SCORE_NAME;
	return fits;
}

bool handshake_fits(const struct handshake *handshake, const struct message *message, int *score) {
	int sum = 0;
	bool fits = has_method(handshake, message->method);
	for (size_t i = 0; fits && i < handshake->condition_count; i++) {
		fits = holds(&handshake->conditions[i], message, &sum);
	}
	if (score) {
		*score = sum;
	}
	return fits;
}

const struct handshake *handshake_find(
	const struct provider *provider, const struct message *message) {
	for (size_t i = 0; i < provider->handshake_count; i++) {
		if (handshake_fits(&provider->handshakes[i], message, NULL)) {
			return &provider->handshakes[i];
		}
	}
	return NULL;
}

static bool contains(struct span text, const char *part) {
	size_t len = strlen(part);
	while (text.len >= len) {
		const char *at = memchr(text.data, part[0], text.len - len + 1);
		if (!at || memcmp(at, part, len) == 0) {
			return at != NULL;
		}
		text = span_after(text, (size_t)(at - text.data) + 1);
	}
	return false;
}

/* A body is not read as JSON for every provider there is: what a member asks for has to stand in it, as it is. */
static bool may_fit(const struct handshake *handshake, const struct message *message) {
	bool may = true;
	for (size_t i = 0; may && i < handshake->condition_count; i++) {
		const struct handshake_condition *condition = &handshake->conditions[i];
		const char *dot = strrchr(condition->name, '.');
		const char *part = condition->value ? condition->value : dot ? dot + 1 : condition->name;
		may = condition->place != VALUE_JSON || !part[0] || contains(message->body, part);
	}
	return may;
}

/* How much the best of the provider's handshakes asks for; 0: there is none that tells. */
static int best_score(const struct provider *provider, const struct message *message) {
	int best = 0;
	for (size_t i = 0; i < provider->handshake_count; i++) {
		const struct handshake *handshake = &provider->handshakes[i];
		int score;
		if (handshake->tells && may_fit(handshake, message) &&
			handshake_fits(handshake, message, &score) && score > best) {
			best = score;
		}
	}
	return best;
}

const struct provider *handshake_recognise(
	const struct catalogue *catalogue, const struct message *message, struct buffer *ambiguous) {
	const struct provider *found[AMBIGUOUS_NAMES] = {0};
	size_t count = 0;
	int best = 0;
	if (message->body.len > HANDSHAKE_BODY_MAX) {
		return NULL;
	}
	for (size_t i = 0; i < catalogue_count(catalogue); i++) {
		const struct provider *provider = catalogue_at(catalogue, i);
		int score = best_score(provider, message);
		if (score > best) {
			best = score;
			count = 0;
		}
		if (score > 0 && score == best && count < AMBIGUOUS_NAMES) {
			found[count++] = provider;
		}
	}
	for (size_t i = 0; ambiguous && count > 1 && i < count; i++) {
		buffer_append_text(ambiguous, i > 0 ? ", " : "");
		buffer_append_text(ambiguous, found[i]->name);
	}
	return count == 1 ? found[0] : NULL;
}
