#include "common/signature/template.h"

#include <string.h>

#include "common/buffer.h"
#include "common/span.h"
#include "common/text.h"

struct template {
	struct arena *arena;
	struct span rest;
	struct buffer literal;
	struct term *terms;
	size_t count;
	int groups; /* begun so far */
	int group;  /* the open one, 0: none */
	struct error *err;
};

static struct term *add_term(struct template *template, enum term_kind kind) {
	if (template->count == RECIPE_TERMS_MAX) {
		error_set(template->err, ERROR_CONFIG, "more than %d terms", RECIPE_TERMS_MAX);
		return NULL;
	}
	struct term *term = &template->terms[template->count++];
	*term = (struct term){.kind = kind, .group = template->group};
	return term;
}

static bool end_literal(struct template *template) {
	if (template->literal.len == 0) {
		return true;
	}
	struct term *term = add_term(template, TERM_LITERAL);
	if (!term) {
		return false;
	}
	term->text = arena_text(template->arena, buffer_text(&template->literal));
	buffer_reset(&template->literal);
	return true;
}

static bool unknown(
	struct template *template, const char *what, struct span name, const char *const *names) {
	const char *text = arena_text_of(template->arena, name.data, name.len);
	const char *nearest = text_nearest(text, names, recipe_name_count(names));
	if (nearest) {
		return error_set(template->err, ERROR_CONFIG, "unknown %s \"%s\", did you mean \"%s\"?",
			what, text, nearest);
	}
	return error_set(template->err, ERROR_CONFIG, "unknown %s \"%s\"", what, text);
}

static bool add_steps(struct template *template, struct term *term, struct span steps) {
	while (steps.len > 0) {
		struct span name = span_cut(&steps, '|');
		int step = recipe_name_index(recipe_steps, name.data, name.len);
		if (step < 0) {
			return unknown(template, "step", name, recipe_steps);
		}
		if (term->step_count == TERM_STEPS_MAX) {
			return error_set(
				template->err, ERROR_CONFIG, "more than %d steps on one term", TERM_STEPS_MAX);
		}
		term->steps[term->step_count++] = (enum term_step)step;
	}
	return true;
}

/* What stands between the braces: "header:X-Request-Id|lower". */
static bool read_term(struct template *template, struct span inside) {
	struct span argument = span_cut(&inside, '|');
	struct span name = span_cut(&argument, ':');
	int kind = name.len > 0 ? recipe_name_index(recipe_terms, name.data, name.len) : -1;
	if (kind < 0) {
		return unknown(template, "term", name, recipe_terms + 1);
	}
	bool takes_name = recipe_term_takes_name((enum term_kind)kind);
	if (takes_name != (argument.len > 0)) {
		return error_set(template->err, ERROR_CONFIG,
			takes_name ? "{%s} needs a name: {%s:NAME}" : "{%s} takes no name", recipe_terms[kind],
			recipe_terms[kind]);
	}
	struct term *term = add_term(template, (enum term_kind)kind);
	if (!term) {
		return false;
	}
	term->text = takes_name ? arena_text_of(template->arena, argument.data, argument.len) : NULL;
	return add_steps(template, term, inside);
}

static bool read_braces(struct template *template) {
	size_t end = span_find(template->rest, '}');
	if (end == template->rest.len) {
		return error_set(template->err, ERROR_CONFIG, "a '{' without its '}'");
	}
	struct span inside = {template->rest.data + 1, end - 1};
	template->rest = span_after(template->rest, end + 1);
	return end_literal(template) && read_term(template, inside);
}

static bool read_brackets(struct template *template, bool open) {
	if (open == (template->group > 0)) {
		return error_set(template->err, ERROR_CONFIG,
			open ? "[[ inside [[ ]] is not supported" : "a ]] without its [[");
	}
	if (!end_literal(template)) {
		return false;
	}
	template->group = open ? ++template->groups : 0;
	template->rest = span_after(template->rest, 2);
	return true;
}

static bool read_piece(struct template *template) {
	struct span *rest = &template->rest;
	if (span_starts_with(*rest, span_text("[[")) || span_starts_with(*rest, span_text("]]"))) {
		return read_brackets(template, rest->data[0] == '[');
	}
	if (rest->data[0] == '{') {
		return read_braces(template);
	}
	if (rest->data[0] == '}') {
		return error_set(template->err, ERROR_CONFIG, "a '}' without its '{'");
	}
	bool line_feed = span_starts_with(*rest, span_text("\\n"));
	buffer_append_byte(&template->literal, line_feed ? '\n' : rest->data[0]);
	*rest = span_after(*rest, line_feed ? 2 : 1);
	return true;
}

bool template_parse(
	struct arena *arena, const char *text, struct term *terms, size_t *count, struct error *err) {
	struct template template = {
		.arena = arena, .rest = span_text(text), .terms = terms, .err = err};
	bool ok = true;
	while (ok && template.rest.len > 0) {
		ok = read_piece(&template);
	}
	ok = ok && end_literal(&template);
	if (ok && template.group > 0) {
		ok = error_set(err, ERROR_CONFIG, "a [[ without its ]]");
	}
	if (ok && template.count == 0) {
		ok = error_set(err, ERROR_CONFIG, "nothing is signed");
	}
	*count = template.count;
	buffer_clear(&template.literal);
	return ok;
}
