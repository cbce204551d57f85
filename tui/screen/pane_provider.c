#include "tui/screen/pane_provider.h"

#include <inttypes.h>

#include "common/needle.h"
#include "tui/screen/pane_parts.h"

void pane_provider_facts(
	struct scheme_facts *facts, struct span name, struct span head, struct span body) {
	const struct provider *provider = provider_builtin(name);
	struct message message = {0};
	struct error err = {0};
	if (provider) {
		bool whole = message_parse(&message, head, body, &err);
		scheme_facts_fill(facts, provider, NULL, 0, whole ? &message : NULL);
		message_clear(&message);
	}
}

static void add_title(
	struct document *document, const struct scheme_facts *facts, struct span name) {
	if (!facts) {
		pane_fact(document, "provider", name.len > 0 ? name : span_text("not recognised"),
			name.len > 0 ? STYLE_TEXT : STYLE_WARN);
		return;
	}
	pane_fact_name(document, "provider");
	document_add(document, buffer_span(&facts->title), STYLE_TEXT);
	document_add(document, span_text(" ("), STYLE_FAINT);
	document_add(document, buffer_span(&facts->provider), STYLE_FAINT);
	document_add(document, span_text(facts->confirmed ? ")" : ", its scheme is not confirmed)"),
		STYLE_FAINT);
	document_end_line(document, PANE_FACT_COLUMNS);
}

void pane_provider(struct document *document, const struct scheme_facts *facts, struct span name) {
	struct span rest = facts ? buffer_span(&facts->schemes) : (struct span){0}, line;
	const char *word = "signs";
	add_title(document, facts, name);
	while (pane_take_line(&rest, &line)) {
		pane_fact(document, word, line, STYLE_TEXT);
		word = "or";
	}
}

void pane_signed_text(
	struct document *document, struct span rule, const struct scheme_facts *facts) {
	if (rule.len == 0) {
		return;
	}
	pane_heading(document, "signed text, made of what was received");
	pane_fact(document, "rule", rule, STYLE_TEXT);
	if (!facts) {
		document_add(
			document, span_text("not shown: values of the request are masked"), STYLE_FAINT);
		document_end_line(document, 0);
		return;
	}
	document_add(document, buffer_span(&facts->text), STYLE_TEXT);
	document_end_line(document, 0);
	if (facts->text_len > (int64_t)facts->text.len) {
		document_print(document, STYLE_FAINT, "... the first %zu of %" PRId64 " bytes",
			facts->text.len, facts->text_len);
		document_end_line(document, 0);
	}
}

/* Without a provider: what is called so. */
static bool sounds_like_a_signature(struct span header) {
	static const char *const words[] = {"signature", "hmac", "digest"};
	bool found = false;
	for (size_t i = 0; i < sizeof words / sizeof *words && !found; i++) {
		struct needle *needle = needle_new(span_text(words[i]), true);
		size_t at;
		found = needle_find(needle, header, &at);
		needle_free(needle);
	}
	return found;
}

bool pane_provider_signs_with(const struct scheme_facts *facts, struct span header) {
	return sounds_like_a_signature(header) || (facts && scheme_facts_has_header(facts, header));
}
