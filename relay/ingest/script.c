#include "relay/ingest/script.h"

#include <cjson/cJSON.h>
#include <string.h>

#include "common/duration.h"
#include "common/json.h"

/* The next word, or an empty span. */
static struct span take_word(struct span *rest) {
	*rest = span_trim(*rest);
	return span_cut(rest, ' ');
}

static bool read_number(struct span word, int64_t least, int64_t most, int64_t *number) {
	int64_t value = 0;
	for (size_t i = 0; i < word.len; i++) {
		if (word.data[i] < '0' || word.data[i] > '9' || value > most) {
			return false;
		}
		value = value * 10 + (word.data[i] - '0');
	}
	*number = value;
	return word.len > 0 && value >= least && value <= most;
}

static bool read_status(struct span word, int *status) {
	int64_t number;
	if (!read_number(word, 200, 599, &number)) {
		return false;
	}
	*status = (int)number;
	return true;
}

static bool read_which(struct script_rule *rule, struct span text) {
	struct span word = take_word(&text), value = take_word(&text);
	if (text.len > 0) {
		return false;
	}
	if (span_is(word, "for")) {
		rule->which = SCRIPT_FOR;
		return duration_parse(&rule->n, value) && rule->n > 0;
	}
	rule->which = span_is(word, "every") ? SCRIPT_EVERY : SCRIPT_NEXT;
	return (rule->which == SCRIPT_EVERY || span_is(word, "next")) &&
	       read_number(value, 1, SCRIPT_COUNT_MOST, &rule->n);
}

static bool read_drip(struct script_rule *rule, struct span text) {
	rule->what = SCRIPT_DRIP;
	if (!duration_parse(&rule->drip_ms, take_word(&text)) || rule->drip_ms == 0 ||
		rule->drip_ms > SCRIPT_DRIP_MOST_MS) {
		return false;
	}
	rule->status = 200;
	return text.len == 0 || (read_status(take_word(&text), &rule->status) && text.len == 0);
}

static bool read_what(struct script_rule *rule, struct span text) {
	struct span word = take_word(&text);
	rule->retry_after_ms = -1;
	if (span_is(word, "hang-up")) {
		rule->what = SCRIPT_HANG_UP;
		return text.len == 0;
	}
	if (span_is(word, "drip")) {
		return read_drip(rule, text);
	}
	rule->what = SCRIPT_STATUS;
	if (!read_status(word, &rule->status)) {
		return false;
	}
	return text.len == 0 ||
	       (span_is(take_word(&text), "retry-after") &&
			   duration_parse(&rule->retry_after_ms, take_word(&text)) && text.len == 0);
}

bool script_parse(struct script *script, struct span text, struct error *err) {
	struct span rest = span_trim(text);
	*script = (struct script){0};
	if (text.len > SCRIPT_TEXT_MOST) {
		return error_set(err, ERROR_USAGE, "a script has at most %d bytes", SCRIPT_TEXT_MOST);
	}
	while (rest.len > 0) {
		struct span whole = span_trim(span_cut(&rest, ',')), what = whole;
		struct span which = span_trim(span_cut(&what, ':'));
		struct script_rule rule = {0};
		if (script->count == SCRIPT_RULES) {
			return error_set(err, ERROR_USAGE, "a script has at most %d rules", SCRIPT_RULES);
		}
		if (!read_which(&rule, which) || !read_what(&rule, span_trim(what))) {
			return error_set(err, ERROR_USAGE,
				"\"%.*s\" is no rule of a script: write next 3: 500, every 3: 429 retry-after 5s, "
				"for 2m: hang-up, or next 1: drip 20s",
				(int)whole.len, whole.data);
		}
		script->rules[script->count++] = rule;
	}
	return true;
}

static void append_rule(struct buffer *out, const struct script_rule *rule, int64_t n) {
	static const char *const names[] = {"next ", "every ", "for "};
	buffer_append_text(out, names[rule->which]);
	if (rule->which == SCRIPT_FOR) {
		duration_append(out, n);
	} else {
		buffer_append_int(out, n);
	}
	buffer_append_text(out, ": ");
	if (rule->what == SCRIPT_HANG_UP) {
		buffer_append_text(out, "hang-up");
		return;
	}
	if (rule->what == SCRIPT_DRIP) {
		buffer_append_text(out, "drip ");
		duration_append(out, rule->drip_ms);
		if (rule->status != 200) {
			buffer_printf(out, " %d", rule->status);
		}
		return;
	}
	buffer_append_int(out, rule->status);
	if (rule->retry_after_ms >= 0) {
		buffer_append_text(out, " retry-after ");
		duration_append(out, rule->retry_after_ms);
	}
}

void script_append(struct buffer *out, const struct script *script) {
	for (size_t i = 0; i < script->count; i++) {
		buffer_append_text(out, i > 0 ? ", " : "");
		append_rule(out, &script->rules[i], script->rules[i].n);
	}
}

/* What is left of a rule: requests, milliseconds, or for `every` its N; 0: nothing. */
static int64_t left_of(const struct script_rule *rule, const struct script_state *state,
	size_t index, int64_t now_ms) {
	int64_t left = rule->n;
	if (rule->which == SCRIPT_NEXT) {
		left -= state->counts[index];
	} else if (rule->which == SCRIPT_FOR) {
		left -= now_ms - state->since_ms;
		left = left > rule->n ? rule->n : left; /* the clock was set back */
	}
	return left > 0 ? left : 0;
}

static bool takes(
	const struct script_rule *rule, struct script_state *state, size_t index, int64_t now_ms) {
	int64_t *count = &state->counts[index];
	if (left_of(rule, state, index, now_ms) == 0) {
		return false;
	}
	if (rule->which == SCRIPT_FOR) {
		return true;
	}
	(*count)++;
	if (rule->which == SCRIPT_EVERY && *count < rule->n) {
		return false;
	}
	*count = rule->which == SCRIPT_EVERY ? 0 : *count;
	return true;
}

const struct script_rule *script_take(
	const struct script *script, struct script_state *state, int64_t now_ms) {
	for (size_t i = 0; i < script->count; i++) {
		if (takes(&script->rules[i], state, i, now_ms)) {
			return &script->rules[i];
		}
	}
	return NULL;
}

bool script_is_spent(
	const struct script *script, const struct script_state *state, int64_t now_ms) {
	for (size_t i = 0; i < script->count; i++) {
		if (left_of(&script->rules[i], state, i, now_ms) > 0) {
			return false;
		}
	}
	return true;
}

void script_append_left(struct buffer *out, const struct script *script,
	const struct script_state *state, int64_t now_ms) {
	const char *between = "";
	for (size_t i = 0; i < script->count; i++) {
		const struct script_rule *rule = &script->rules[i];
		int64_t left = left_of(rule, state, i, now_ms);
		if (left == 0) {
			continue;
		}
		if (rule->which == SCRIPT_FOR && left > 1000) {
			left = (left + 999) / 1000 * 1000;
		}
		buffer_append_text(out, between);
		append_rule(out, rule, left);
		between = ", ";
	}
}

void script_state_append_json(struct buffer *out, const struct script_state *state) {
	buffer_append_byte(out, '{');
	json_member_int(out, "since_ms", state->since_ms);
	json_member_name(out, "counts");
	buffer_append_byte(out, '[');
	for (size_t i = 0; i < SCRIPT_RULES; i++) {
		buffer_append_text(out, i > 0 ? "," : "");
		buffer_append_int(out, state->counts[i]);
	}
	buffer_append_text(out, "]}");
}

struct script_state script_state_from_json(struct span json, int64_t since_ms) {
	struct script_state state = {.since_ms = since_ms};
	struct error unread = {0};
	int64_t of = -1;
	struct cJSON *object = json.len > 0 ? json_parse(json, &unread) : NULL;
	const struct cJSON *counts = cJSON_GetObjectItemCaseSensitive(object, "counts");
	if (object && json_get_int_opt(object, "since_ms", &of, &unread) && of == since_ms) {
		for (int i = 0; i < SCRIPT_RULES; i++) {
			const struct cJSON *count = cJSON_GetArrayItem(counts, i);
			double number = cJSON_IsNumber(count) ? count->valuedouble : 0;
			bool sane = number >= 0 && number <= SCRIPT_COUNT_MOST;
			state.counts[i] = sane ? (int64_t)number : 0;
		}
	}
	cJSON_Delete(object);
	return state;
}
