/*
 * What a filter asks of head and body, answered some bytes at a time: one term after the other, of those whose answer still matters, and
 * of a term one value after the other.
 */
#include <stdint.h>
#include <stdlib.h>

#include "common/alloc.h"
#include "common/filter_parts.h"
#include "common/json_find.h"

/* What looking at a header line or a value costs beside its bytes, in bytes. */
#define VALUE_COST 16

enum stage { STAGE_FIND, STAGE_UNESCAPE, STAGE_VALUES };

struct filter_scan {
	const struct filter *filter;
	const struct event *event;
	struct span head, body;
	enum filter_truth *truths;
	const struct filter_term *term; /* that is looked at; NULL: none is */
	enum stage stage;
	size_t value;           /* of its values */
	struct span rest, text; /* header lines that are left; what the values are compared with */
	struct json_finding finding;
	struct buffer unescaped;
	/* the value under way */
	bool in_body; /* FILTER_TEXT: the head is through */
	struct needle_run needle;
	struct glob_run glob;
	struct regex_run regex;
};

struct filter_scan *filter_scan_new(
	const struct filter *filter, const struct event *event, struct span head, struct span body) {
	struct filter_scan *scan = alloc_zero(1, sizeof *scan);
	*scan = (struct filter_scan){.filter = filter, .event = event, .head = head, .body = body};
	scan->truths = alloc_zero(filter->byte_terms, sizeof *scan->truths);
	for (size_t i = 0; i < filter->byte_terms; i++) {
		scan->truths[i] = FILTER_OPEN;
	}
	return scan;
}

void filter_scan_free(struct filter_scan *scan) {
	if (scan) {
		buffer_clear(&scan->unescaped);
		free(scan->truths);
		free(scan);
	}
}

/* --- one value --- */

static void begin_value(struct filter_scan *scan) {
	scan->in_body = false;
	scan->needle = (struct needle_run){0};
	scan->glob = (struct glob_run){0};
	scan->regex = (struct regex_run){0};
}

static enum filter_truth truth_of(bool matches) {
	return matches ? FILTER_YES : FILTER_NO;
}

static enum filter_truth find_needle(
	struct filter_scan *scan, const struct needle *needle, struct span hay, size_t *budget) {
	bool through = needle_run(needle, &scan->needle, hay, budget);
	return through ? truth_of(scan->needle.found) : FILTER_OPEN;
}

/* Whether a value fits a text, or stands in it. */
static enum filter_truth compare(
	struct filter_scan *scan, const struct filter_value *value, struct span text, size_t *budget) {
	bool matches;
	if (value->regex) {
		enum regex_found found = regex_run(value->regex, &scan->regex, text, budget);
		return found == REGEX_GO_ON ? FILTER_OPEN : truth_of(found == REGEX_FOUND_IT);
	}
	if (value->needle) {
		return find_needle(scan, value->needle, text, budget);
	}
	return glob_run(value->glob, &scan->glob, text, budget, &matches) ? truth_of(matches)
	                                                                  : FILTER_OPEN;
}

static void take_off(size_t *budget, size_t cost) {
	*budget -= *budget < cost ? *budget : cost;
}

/* Whether any value of the term fits the text at hand. */
static enum filter_truth compare_all(struct filter_scan *scan, size_t *budget) {
	const struct filter_term *term = scan->term;
	while (scan->value<term->count && * budget> 0) {
		enum filter_truth truth = compare(scan, &term->values[scan->value], scan->text, budget);
		if (truth != FILTER_NO) {
			return truth;
		}
		take_off(budget, VALUE_COST);
		begin_value(scan);
		scan->value++;
	}
	return scan->value == term->count ? FILTER_NO : FILTER_OPEN;
}

/* --- one term --- */

/* The next line whose name fits; false: there is none. */
static bool next_header(struct filter_scan *scan, size_t *budget) {
	while (scan->rest.len > 0) {
		struct span line = span_cut(&scan->rest, '\n');
		take_off(budget, line.len + VALUE_COST);
		line.len -= line.len > 0 && line.data[line.len - 1] == '\r';
		struct span name = span_cut(&line, ':');
		if (name.len > 0 && glob_matches(scan->term->name, name)) {
			scan->text = span_trim(line);
			return true;
		}
	}
	return false;
}

static enum filter_truth look_at_headers(struct filter_scan *scan, size_t *budget) {
	enum filter_truth truth = FILTER_NO;
	while (truth == FILTER_NO) {
		if (scan->stage == STAGE_FIND && !next_header(scan, budget)) {
			return FILTER_NO;
		}
		scan->stage = STAGE_VALUES;
		truth = scan->term->count == 0 ? FILTER_YES : compare_all(scan, budget);
		if (truth == FILTER_NO) {
			scan->stage = STAGE_FIND;
			scan->value = 0;
		}
	}
	return truth;
}

/* What is found is compared as the text it means. */
static enum filter_truth take_json(struct filter_scan *scan, struct span value) {
	if (!value.data || scan->term->count == 0) {
		return truth_of(value.data != NULL);
	}
	if (value.data[0] == '{' || value.data[0] == '[') {
		return FILTER_NO;
	}
	bool is_string = value.data[0] == '"';
	scan->text = scan->rest = value;
	scan->stage = is_string ? STAGE_UNESCAPE : STAGE_VALUES;
	if (is_string) {
		scan->rest = (struct span){value.data + 1, value.len - 2};
	}
	return FILTER_OPEN;
}

static enum filter_truth look_at_json(struct filter_scan *scan, size_t *budget) {
	struct span value;
	if (scan->stage == STAGE_FIND) {
		if (!json_finding_step(&scan->finding, budget, &value)) {
			return FILTER_OPEN;
		}
		enum filter_truth truth = take_json(scan, value);
		if (truth != FILTER_OPEN) {
			return truth;
		}
	}
	if (scan->stage == STAGE_UNESCAPE) {
		size_t before = scan->rest.len;
		bool all = json_unescape_some(&scan->unescaped, &scan->rest, *budget);
		take_off(budget, before - scan->rest.len);
		if (!all) {
			return FILTER_OPEN;
		}
		scan->text = buffer_span(&scan->unescaped);
		scan->stage = STAGE_VALUES;
	}
	return compare_all(scan, budget);
}

static enum filter_truth look_at_text(struct filter_scan *scan, size_t *budget) {
	const struct needle *needle = scan->term->values[0].needle;
	if (!scan->in_body) {
		enum filter_truth truth = find_needle(scan, needle, scan->head, budget);
		if (truth != FILTER_NO) {
			return truth;
		}
		begin_value(scan);
		scan->in_body = true;
	}
	return find_needle(scan, needle, scan->body, budget);
}

static void begin_term(struct filter_scan *scan, const struct filter_term *term) {
	scan->term = term;
	scan->stage = STAGE_FIND;
	scan->value = 0;
	scan->text = scan->body;
	buffer_reset(&scan->unescaped);
	begin_value(scan);
	if (term->key == FILTER_HEADER) {
		scan->rest = scan->head;
		span_cut(&scan->rest, '\n'); /* the request line */
	} else if (term->key == FILTER_JSON) {
		json_finding_begin(&scan->finding, scan->body, term->path);
	}
}

static enum filter_truth look_at_term(struct filter_scan *scan, size_t *budget) {
	switch (scan->term->key) {
	case FILTER_HEADER:
		return look_at_headers(scan, budget);
	case FILTER_JSON:
		return look_at_json(scan, budget);
	case FILTER_BODY:
		return compare_all(scan, budget);
	default:
		return look_at_text(scan, budget);
	}
}

/* --- the whole --- */

/* The first term whose answer still matters; there has to be one. */
static const struct filter_term *open_term(
	const struct filter_node *node, const struct filter_question *question) {
	if (node->kind == FILTER_TERM) {
		return &node->term;
	}
	const struct filter_node *child = node->first;
	while (filter_ask(child, question) != FILTER_OPEN) {
		child = child->next;
	}
	return open_term(child, question);
}

enum filter_scanned filter_scan_step(struct filter_scan *scan, size_t budget) {
	const struct filter_question question = {
		.filter = scan->filter, .event = scan->event, .has_keys = true, .truths = scan->truths};
	const struct filter_node *root = scan->filter->root;
	while (budget > 0) {
		if (!scan->term) {
			enum filter_truth truth = filter_ask(root, &question);
			if (truth != FILTER_OPEN) {
				return truth == FILTER_YES ? FILTER_MATCHES : FILTER_DIFFERS;
			}
			begin_term(scan, open_term(root, &question));
		}
		enum filter_truth truth = look_at_term(scan, &budget);
		if (truth != FILTER_OPEN) {
			scan->truths[scan->term->nth] = truth;
			scan->term = NULL;
		}
	}
	return FILTER_GO_ON;
}

bool filter_matches_bytes(
	const struct filter *filter, const struct event *event, struct span head, struct span body) {
	struct filter_scan *scan = filter_scan_new(filter, event, head, body);
	enum filter_scanned scanned;
	do {
		scanned = filter_scan_step(scan, SIZE_MAX);
	} while (scanned == FILTER_GO_ON);
	filter_scan_free(scan);
	return scanned == FILTER_MATCHES;
}
