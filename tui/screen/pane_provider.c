#include "tui/screen/pane_provider.h"

#include <string.h>

#include "common/needle.h"
#include "common/signature/provider.h"
#include "common/signature/recipe.h"
#include "common/signature/recipe_words.h"
#include "common/signature/signed_text.h"
#include "tui/screen/pane_parts.h"

static void add_title(
	struct document *document, const struct provider *provider, struct span name) {
	if (!provider) {
		pane_fact(document, "provider", name.len > 0 ? name : span_text("not recognised"),
			name.len > 0 ? STYLE_TEXT : STYLE_WARN);
		return;
	}
	pane_fact_name(document, "provider");
	document_add(document, span_text(provider->title), STYLE_TEXT);
	document_print(document, STYLE_FAINT, " (%s%s)", provider->name,
		provider->confirmed ? "" : ", its scheme is not confirmed");
	document_end_line(document, PANE_FACT_COLUMNS);
}

static void add_schemes(struct document *document, const struct provider *provider) {
	struct buffer words = {0};
	for (size_t i = 0; provider && i < provider->recipe_count; i++) {
		buffer_reset(&words);
		recipe_words_append(&words, &provider->recipes[i]);
		pane_fact(document, i == 0 ? "signs" : "or", buffer_span(&words), STYLE_TEXT);
	}
	buffer_clear(&words);
}

void pane_provider(struct document *document, struct span name) {
	const struct provider *provider = provider_builtin(name);
	add_title(document, provider, name);
	add_schemes(document, provider);
}

/* Of the signed text so much is shown. */
#define SIGNED_SHOWN 1024

void pane_signed_text(
	struct document *document, struct span name, struct span head, struct span body) {
	const struct provider *provider = provider_builtin(name);
	struct message message = {0};
	struct error err = {0};
	struct buffer text = {0};
	size_t total = 0, scheme = 0;
	if (provider && message_parse(&message, head, body, &err) &&
		signed_text_append(&text, provider, &message, SIGNED_SHOWN, &total, &scheme)) {
		pane_heading(document, "signed text, made of what was received");
		struct buffer words = {0};
		recipe_words_append_content(&words, &provider->recipes[scheme]);
		pane_fact(document, "rule", buffer_span(&words), STYLE_TEXT);
		buffer_clear(&words);
		document_add(document, buffer_span(&text), STYLE_TEXT);
		document_end_line(document, 0);
		if (total > text.len) {
			document_print(
				document, STYLE_FAINT, "... the first %zu of %zu bytes", text.len, total);
			document_end_line(document, 0);
		}
	}
	buffer_clear(&text);
	message_clear(&message);
}

/* The header a recipe names; a parameter's default where the endpoint may have another. */
static const char *header_of(const struct provider *provider, const char *name) {
	if (name && name[0] == '$') {
		const struct provider_parameter *parameter = provider->parameters;
		for (; parameter && parameter->name; parameter++) {
			if (strcmp(parameter->name, name + 1) == 0) {
				return parameter->fallback;
			}
		}
		return NULL;
	}
	return name;
}

static bool names_header(const struct provider *provider, const char *name, struct span header) {
	name = header_of(provider, name);
	return name && span_equal_nocase(span_text(name), header);
}

static bool recipe_has(
	const struct provider *provider, const struct recipe *recipe, struct span header) {
	const char *timestamp = recipe->timestamp.place == PLACE_HEADER ? recipe->timestamp.name : NULL;
	const char *carrier = recipe->place == PLACE_HEADER ? recipe->header : NULL;
	return names_header(provider, carrier, header) || names_header(provider, timestamp, header) ||
	       names_header(provider, recipe->id_header, header);
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

bool pane_provider_signs_with(struct span name, struct span header) {
	const struct provider *provider = provider_builtin(name);
	bool has = sounds_like_a_signature(header);
	for (size_t i = 0; provider && i < provider->recipe_count && !has; i++) {
		has = recipe_has(provider, &provider->recipes[i], header);
	}
	return has;
}
