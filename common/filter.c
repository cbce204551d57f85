#include <stdlib.h>
#include <string.h>

#include "common/business_key.h"
#include "common/filter_parts.h"
#include "common/json_lexer.h"

/* In this order: all of several is the least of them, any of them the greatest. */
enum truth { NO, OPEN, YES };

/* What a filter is asked about. */
struct question {
	const struct filter *filter;
	const struct event *event;
	bool group;     /* only what a store groups by is known */
	bool mark;      /* only whether it is marked is */
	bool has_bytes; /* head and body are */
	struct span head, body;
};

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
	enum filter_key key, const struct filter_value *value, const struct question *question) {
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

static bool facts_match(const struct filter_term *term, const struct question *question) {
	for (size_t i = 0; i < term->count; i++) {
		if (fact_matches(term->key, &term->values[i], question)) {
			return true;
		}
	}
	return false;
}

/* --- head and body --- */

static bool any_text_fits(const struct filter_term *term, struct span text) {
	for (size_t i = 0; i < term->count; i++) {
		if (text_fits(&term->values[i], text)) {
			return true;
		}
	}
	return term->count == 0;
}

static bool header_matches(const struct filter_term *term, struct span head) {
	span_cut(&head, '\n'); /* the request line */
	while (head.len > 0) {
		struct span line = span_cut(&head, '\n');
		line.len -= line.len > 0 && line.data[line.len - 1] == '\r';
		struct span name = span_cut(&line, ':');
		if (glob_matches(term->name, name) && any_text_fits(term, span_trim(line))) {
			return name.len > 0;
		}
	}
	return false;
}

static bool json_matches(const struct filter_term *term, struct span body) {
	struct span value = json_find(body, term->path);
	struct buffer text = {0};
	bool is_string = value.len > 0 && value.data[0] == '"';
	bool is_whole = value.len > 0 && value.data[0] != '{' && value.data[0] != '[';
	if (!value.data || term->count == 0) {
		return value.data != NULL;
	}
	if (is_string) {
		json_unescape(&text, value);
	}
	bool matches = is_whole && any_text_fits(term, is_string ? buffer_span(&text) : value);
	buffer_clear(&text);
	return matches;
}

static bool text_matches(const struct filter_term *term, struct span head, struct span body) {
	size_t at;
	return needle_find(term->values[0].needle, head, &at) ||
	       needle_find(term->values[0].needle, body, &at);
}

static bool body_matches(const struct filter_term *term, struct span body) {
	size_t at;
	for (size_t i = 0; i < term->count; i++) {
		const struct filter_value *value = &term->values[i];
		if (value->regex ? regex_matches(value->regex, body)
						 : needle_find(value->needle, body, &at)) {
			return true;
		}
	}
	return false;
}

static bool bytes_match(const struct filter_term *term, const struct question *question) {
	switch (term->key) {
	case FILTER_HEADER:
		return header_matches(term, question->head);
	case FILTER_JSON:
		return json_matches(term, question->body);
	case FILTER_BODY:
		return body_matches(term, question->body);
	default:
		return text_matches(term, question->head, question->body);
	}
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

static bool is_of_bytes(const struct filter_term *term) {
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

static enum truth ask_term(const struct filter_term *term, const struct question *question) {
	bool of_bytes = is_of_bytes(term), of_keys = term->key == FILTER_BUSINESS;
	bool has_keys = question->event->keys.data || question->has_bytes;
	if ((of_bytes && !question->has_bytes) || (of_keys && !has_keys) ||
		(question->group && !is_of_group(term)) || (question->mark && !is_of_mark(term))) {
		return OPEN;
	}
	bool matches = of_bytes  ? bytes_match(term, question)
	               : of_keys ? keys_match(term, question->event->keys)
	                         : facts_match(term, question);
	return matches != term->negated ? YES : NO;
}

/* As deep as parentheses were. */
static enum truth ask(const struct filter_node *node, const struct question *question) {
	if (node->kind == FILTER_TERM) {
		return ask_term(&node->term, question);
	}
	enum truth decided = node->kind == FILTER_ALL ? NO : YES;
	enum truth so_far = node->kind == FILTER_ALL ? YES : NO;
	for (const struct filter_node *child = node->first; child && so_far != decided;
		 child = child->next) {
		enum truth truth = ask(child, question);
		bool counts = node->kind == FILTER_ALL ? truth < so_far : truth > so_far;
		so_far = counts ? truth : so_far;
	}
	return so_far;
}

bool filter_matches_event(const struct filter *filter, const struct event *event) {
	const struct question question = {.filter = filter, .event = event};
	return ask(filter->root, &question) != NO;
}

bool filter_may_match(const struct filter *filter, const struct event *group) {
	const struct question question = {.filter = filter, .event = group, .group = true};
	return ask(filter->root, &question) != NO;
}

bool filter_wants_marked(const struct filter *filter) {
	static const struct event unmarked;
	const struct question question = {.filter = filter, .event = &unmarked, .mark = true};
	return ask(filter->root, &question) == NO;
}

/* Whether what a store groups by may make it NO: one of all, or each of any. */
static bool narrows(const struct filter_node *node) {
	if (node->kind == FILTER_TERM) {
		return is_of_group(&node->term);
	}
	bool all = node->kind == FILTER_ALL;
	for (const struct filter_node *child = node->first; child; child = child->next) {
		if (narrows(child) == all) {
			return all;
		}
	}
	return !all;
}

bool filter_narrows(const struct filter *filter) {
	return narrows(filter->root);
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

bool filter_matches_bytes(
	const struct filter *filter, const struct event *event, struct span head, struct span body) {
	const struct question question = {
		.filter = filter, .event = event, .has_bytes = true, .head = head, .body = body};
	return ask(filter->root, &question) == YES;
}
