#include <stdlib.h>
#include <string.h>

#include "common/business_key.h"
#include "common/filter_parts.h"

void filter_node_free(struct filter_node *node) {
	while (node) {
		struct filter_node *next = node->next;
		filter_node_free(node->first);
		for (size_t i = 0; i < node->term.count; i++) {
			glob_free(node->term.values[i].glob);
			needle_free(node->term.values[i].needle);
			regex_free(node->term.values[i].regex);
			free(node->term.values[i].exact);
		}
		glob_free(node->term.name);
		free(node->term.path);
		free(node->term.values);
		free(node);
		node = next;
	}
}

void filter_free(struct filter *filter) {
	if (filter) {
		filter_node_free(filter->root);
		free(filter);
	}
}

void filter_set_now(struct filter *filter, int64_t now_ns) {
	filter->now_ns = now_ns;
}

/* --- facts --- */

/* The path handed on, without its query. */
static struct span path_of(const struct event *event) {
	struct span path = span_after(event->target, (size_t)event->path_offset);
	return (struct span){path.data, span_find(path, '?')};
}

static bool is_what(const struct event *event, enum filter_is is) {
	switch (is) {
	case FILTER_IS_UNDELIVERED:
		return event->last_status < 200 || event->last_status > 299;
	case FILTER_IS_REPEAT:
	case FILTER_IS_DUPLICATE:
		return event->repeat > 1;
	case FILTER_IS_MARKED:
		return event->annotation.marked;
	case FILTER_IS_RECEIVED:
		return event->origin == ORIGIN_RECEIVED;
	case FILTER_IS_EDITED:
		return event->origin == ORIGIN_EDITED;
	case FILTER_IS_SENT:
		return event->origin == ORIGIN_SENT;
	}
	return false;
}

/* What a relay says of the moment is foreign: it may be any number. */
static int64_t age_of(const struct event *event, int64_t now_ns) {
	return (int64_t)((uint64_t)now_ns - (uint64_t)event->received_at_ns);
}

static bool is_between(const struct filter_value *value, int64_t number) {
	return number >= value->least && number <= value->most;
}

static bool text_fits(const struct filter_value *value, struct span text) {
	return value->regex ? regex_matches(value->regex, text) : glob_matches(value->glob, text);
}

static bool fact_matches(
	enum filter_key key, const struct filter_value *value, const struct filter_question *question) {
	const struct event *event = question->event;
	switch (key) {
	case FILTER_ENDPOINT:
		return text_fits(value, event->endpoint);
	case FILTER_PROVIDER:
		return text_fits(value, event->provider);
	case FILTER_METHOD:
		return text_fits(value, event->method);
	case FILTER_TYPE:
		return text_fits(value, event->type);
	case FILTER_PATH:
		return text_fits(value, path_of(event));
	case FILTER_VERDICT:
		return is_between(value, (int64_t)event->verdict);
	case FILTER_STATUS:
		return is_between(value, event->last_status);
	case FILTER_IS:
		return is_what(event, (enum filter_is)value->least);
	case FILTER_AGE:
		return is_between(value, age_of(event, question->filter->now_ns));
	case FILTER_SIZE:
		return is_between(value, event->body_len);
	case FILTER_SINCE:
	case FILTER_UNTIL:
		return is_between(value, event->received_at_ns);
	default:
		return false;
	}
}

static bool facts_match(const struct filter_term *term, const struct filter_question *question) {
	for (size_t i = 0; i < term->count; i++) {
		if (fact_matches(term->key, &term->values[i], question)) {
			return true;
		}
	}
	return false;
}

/* --- business keys --- */

static bool any_value_fits(const struct filter_term *term, struct span text) {
	for (size_t i = 0; i < term->count; i++) {
		if (text_fits(&term->values[i], text)) {
			return true;
		}
	}
	return false;
}

static bool keys_match(const struct filter_term *term, struct span keys) {
	struct span name, value;
	while (business_keys_next(&keys, &name, &value)) {
		if ((!term->path[0] || span_is(name, term->path)) && any_value_fits(term, value)) {
			return true;
		}
	}
	return false;
}

/* The first term about keys without which nothing matches. */
static const struct filter_term *needed_keys(const struct filter_node *node) {
	if (node->kind == FILTER_TERM) {
		const struct filter_term *term = &node->term;
		bool exact = term->key == FILTER_BUSINESS && !term->negated;
		for (size_t i = 0; exact && i < term->count; i++) {
			exact = term->values[i].exact != NULL;
		}
		return exact && term->count <= FILTER_KEYS_MAX ? term : NULL;
	}
	const struct filter_term *found = NULL;
	bool alone = node->first && !node->first->next;
	for (const struct filter_node *child = node->first; child && !found; child = child->next) {
		found = node->kind == FILTER_ALL || alone ? needed_keys(child) : NULL;
	}
	return found;
}

bool filter_wants_keys(const struct filter *filter, struct filter_keys *keys) {
	const struct filter_term *term = needed_keys(filter->root);
	*keys = (struct filter_keys){0};
	if (!term) {
		return false;
	}
	keys->name = span_text(term->path);
	for (size_t i = 0; i < term->count; i++) {
		keys->values[keys->count++] = span_text(term->values[i].exact);
	}
	return true;
}

/* --- the whole --- */

bool filter_is_of_bytes(const struct filter_term *term) {
	return term->key == FILTER_TEXT || term->key == FILTER_HEADER || term->key == FILTER_JSON ||
	       term->key == FILTER_BODY;
}

static bool is_of_group(const struct filter_term *term) {
	switch (term->key) {
	case FILTER_ENDPOINT:
	case FILTER_PROVIDER:
	case FILTER_VERDICT:
	case FILTER_STATUS:
		return true;
	case FILTER_IS:
		return term->count == 1 && term->values[0].least == FILTER_IS_UNDELIVERED;
	default:
		return false;
	}
}

static bool is_of_mark(const struct filter_term *term) {
	return term->key == FILTER_IS && term->count == 1 && term->values[0].least == FILTER_IS_MARKED;
}

static enum filter_truth negate(enum filter_truth truth) {
	return truth == FILTER_OPEN ? truth : truth == FILTER_YES ? FILTER_NO : FILTER_YES;
}

static bool is_of_type(const struct filter_term *term) {
	return term->key == FILTER_TYPE;
}

static enum filter_truth ask_term(
	const struct filter_term *term, const struct filter_question *question) {
	bool of_keys = term->key == FILTER_BUSINESS;
	if ((of_keys && !question->has_keys && !question->event->keys.data) ||
		(question->knows && !question->knows(term))) {
		return FILTER_OPEN;
	}
	if (filter_is_of_bytes(term)) {
		enum filter_truth truth = question->truths ? question->truths[term->nth] : FILTER_OPEN;
		return term->negated ? negate(truth) : truth;
	}
	bool matches = of_keys ? keys_match(term, question->event->keys) : facts_match(term, question);
	return matches != term->negated ? FILTER_YES : FILTER_NO;
}

/* As deep as parentheses were. */
enum filter_truth filter_ask(
	const struct filter_node *node, const struct filter_question *question) {
	if (node->kind == FILTER_TERM) {
		return ask_term(&node->term, question);
	}
	enum filter_truth decided = node->kind == FILTER_ALL ? FILTER_NO : FILTER_YES;
	enum filter_truth so_far = node->kind == FILTER_ALL ? FILTER_YES : FILTER_NO;
	for (const struct filter_node *child = node->first; child && so_far != decided;
		 child = child->next) {
		enum filter_truth truth = filter_ask(child, question);
		bool counts = node->kind == FILTER_ALL ? truth < so_far : truth > so_far;
		so_far = counts ? truth : so_far;
	}
	return so_far;
}

bool filter_matches_event(const struct filter *filter, const struct event *event) {
	const struct filter_question question = {.filter = filter, .event = event};
	return filter_ask(filter->root, &question) != FILTER_NO;
}

bool filter_may_match(const struct filter *filter, const struct event *group) {
	const struct filter_question question = {
		.filter = filter, .event = group, .knows = is_of_group};
	return filter_ask(filter->root, &question) != FILTER_NO;
}

bool filter_wants_marked(const struct filter *filter) {
	static const struct event unmarked;
	const struct filter_question question = {
		.filter = filter, .event = &unmarked, .knows = is_of_mark};
	return filter_ask(filter->root, &question) == FILTER_NO;
}

bool filter_may_match_type(const struct filter *filter, struct span type) {
	const struct event event = {.type = type};
	const struct filter_question question = {
		.filter = filter, .event = &event, .knows = is_of_type};
	return filter_ask(filter->root, &question) != FILTER_NO;
}

/* Whether what is known may make it FILTER_NO: one of all, or each of any. */
static bool narrows(const struct filter_node *node, bool (*knows)(const struct filter_term *term)) {
	if (node->kind == FILTER_TERM) {
		return knows(&node->term);
	}
	bool all = node->kind == FILTER_ALL;
	for (const struct filter_node *child = node->first; child; child = child->next) {
		if (narrows(child, knows) == all) {
			return all;
		}
	}
	return !all;
}

bool filter_narrows(const struct filter *filter) {
	return narrows(filter->root, is_of_group);
}

bool filter_narrows_type(const struct filter *filter) {
	return narrows(filter->root, is_of_type);
}

static struct span common_prefix(struct span a, struct span b) {
	size_t len = 0;
	while (len < a.len && len < b.len && a.data[len] == b.data[len]) {
		len++;
	}
	return (struct span){a.data, len};
}

static struct span prefix_of_term(const struct filter_term *term) {
	struct span prefix = {0};
	for (size_t i = 0; i < term->count; i++) {
		const struct filter_value *value = &term->values[i];
		struct span own = value->glob ? glob_prefix(value->glob) : (struct span){0};
		prefix = i == 0 ? own : common_prefix(prefix, own);
	}
	return prefix;
}

/* Of the first term about types without which nothing matches. */
static struct span type_prefix(const struct filter_node *node) {
	struct span prefix = {0};
	if (node->kind == FILTER_TERM) {
		bool needed = is_of_type(&node->term) && !node->term.negated;
		return needed ? prefix_of_term(&node->term) : prefix;
	}
	bool alone = node->first && !node->first->next;
	for (const struct filter_node *child = node->first; child && prefix.len == 0;
		 child = child->next) {
		prefix = node->kind == FILTER_ALL || alone ? type_prefix(child) : prefix;
	}
	return prefix;
}

struct span filter_type_prefix(const struct filter *filter) {
	return type_prefix(filter->root);
}

bool filter_needs_bytes(const struct filter *filter) {
	return filter->needs_bytes || filter->needs_keys;
}

bool filter_needs_keys(const struct filter *filter) {
	return filter->needs_keys;
}

bool filter_searches(const struct filter *filter) {
	return filter->needs_bytes;
}
