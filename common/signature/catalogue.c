#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/alloc.h"
#include "common/json_find.h"
#include "common/json_lexer.h"
#include "common/signature/encoding.h"
#include "common/signature/lookup.h"
#include "common/signature/provider_read.h"
#include "common/text.h"

#define AMBIGUOUS_NAMES 4
#define CANDIDATES_MAX 16

/*
 * Nearly all providers are ruled out by one look each: at the place of their first header in a table of 256, where each header
 * of the message has put its mark.
 */
#define CLUES 256

struct catalogue {
	const struct provider **providers; /* by name */
	unsigned char *clues;              /* of each: the place of its first header */
	size_t count;
	struct arena arena; /* a user's own */
};

/* The same for names that differ only in the case of their letters. */
static unsigned char clue_of(struct span name) {
	uint32_t hash = 2166136261u;
	for (size_t i = 0; i < name.len; i++) {
		hash = (hash ^ ((unsigned char)name.data[i] | 0x20)) * 16777619u;
	}
	return (unsigned char)(hash >> 24);
}

static void set_provider(struct catalogue *catalogue, size_t at, const struct provider *provider) {
	const char *const *names = provider->recognise_headers;
	catalogue->providers[at] = provider;
	catalogue->clues[at] = names && *names ? clue_of(span_text(*names)) : 0;
}

const struct provider *provider_builtin(struct span name) {
	for (size_t i = 0; i < providers_builtin_count; i++) {
		if (span_is(name, providers_builtin[i]->name)) {
			return providers_builtin[i];
		}
	}
	return NULL;
}

struct catalogue *catalogue_new(void) {
	struct catalogue *catalogue = alloc_zero(1, sizeof *catalogue);
	catalogue->count = providers_builtin_count;
	catalogue->providers = alloc_zero(catalogue->count, sizeof *catalogue->providers);
	catalogue->clues = alloc_zero(catalogue->count, 1);
	for (size_t i = 0; i < catalogue->count; i++) {
		set_provider(catalogue, i, providers_builtin[i]);
	}
	return catalogue;
}

void catalogue_free(struct catalogue *catalogue) {
	if (!catalogue) {
		return;
	}
	free(catalogue->providers);
	free(catalogue->clues);
	arena_clear(&catalogue->arena);
	free(catalogue);
}

/* Where `name` stands, or where it belongs. */
static size_t place_of(const struct catalogue *catalogue, const char *name, bool *there) {
	size_t low = 0, high = catalogue->count;
	*there = false;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = strcmp(catalogue->providers[middle]->name, name);
		if (order == 0) {
			*there = true;
			return middle;
		}
		*(order < 0 ? &low : &high) = order < 0 ? middle + 1 : middle;
	}
	return low;
}

static void put(struct catalogue *catalogue, const struct provider *provider) {
	bool there;
	size_t at = place_of(catalogue, provider->name, &there);
	if (!there) {
		catalogue->providers = alloc_resize(
			catalogue->providers, (catalogue->count + 1) * sizeof *catalogue->providers);
		memmove(catalogue->providers + at + 1, catalogue->providers + at,
			(catalogue->count - at) * sizeof *catalogue->providers);
		catalogue->clues = alloc_resize(catalogue->clues, catalogue->count + 1);
		memmove(catalogue->clues + at + 1, catalogue->clues + at, catalogue->count - at);
		catalogue->count++;
	}
	set_provider(catalogue, at, provider);
}

bool catalogue_load(struct catalogue *catalogue, const char *file, struct error *err) {
	struct yaml_document *document = yaml_load(file, err);
	if (!document) {
		return false;
	}
	const struct provider *provider = provider_read(&catalogue->arena, document, err);
	if (provider) {
		put(catalogue, provider);
	}
	yaml_close(document);
	return provider != NULL;
}

static bool no_such(const struct catalogue *catalogue, const char *name, struct error *err) {
	const char **names = alloc_zero(catalogue->count, sizeof *names);
	for (size_t i = 0; i < catalogue->count; i++) {
		names[i] = catalogue->providers[i]->name;
	}
	const char *nearest = text_nearest(name, names, catalogue->count);
	free(names);
	if (nearest) {
		return error_set(
			err, ERROR_USAGE, "unknown provider \"%s\", did you mean \"%s\"?", name, nearest);
	}
	return error_set(err, ERROR_USAGE,
		"unknown provider \"%s\" (hookline provider list shows those there are)", name);
}

const struct provider *catalogue_find(
	const struct catalogue *catalogue, const char *name, struct error *err) {
	bool there;
	size_t at = place_of(catalogue, name, &there);
	if (!there) {
		no_such(catalogue, name, err);
		return NULL;
	}
	return catalogue->providers[at];
}

size_t catalogue_count(const struct catalogue *catalogue) {
	return catalogue->count;
}

const struct provider *catalogue_at(const struct catalogue *catalogue, size_t index) {
	return catalogue->providers[index];
}

static bool has_headers(const struct provider *provider, const struct message *message) {
	const char *const *name = provider->recognise_headers;
	while (name && *name && message_header(message, *name, 0)) {
		name++;
	}
	return name && !*name;
}

/* "launch.*" fits "launch.failed". */
static bool fits(struct span type, const char *pattern) {
	size_t len = strlen(pattern);
	if (len > 0 && pattern[len - 1] == '*') {
		return span_starts_with(type, (struct span){pattern, len - 1});
	}
	return span_is(type, pattern);
}

static bool has_type(const struct provider *provider, const struct message *message) {
	struct buffer type = {0}, id = {0};
	provider_describe(provider, message, &type, &id);
	bool found = false;
	const char *const *pattern = provider->recognise_types;
	for (; pattern && *pattern && !found; pattern++) {
		found = type.len > 0 && fits(buffer_span(&type), *pattern);
	}
	buffer_clear(&type);
	buffer_clear(&id);
	return found;
}

/* Those whose headers are there; of named ones and generic ones only the named ones. */
static size_t candidates(const struct catalogue *catalogue, const struct message *message,
	const struct provider *found[CANDIDATES_MAX]) {
	bool marked[CLUES] = {false};
	size_t count = 0;
	for (size_t i = 0; i < message->header_count; i++) {
		marked[clue_of(message->headers[i].name)] = true;
	}
	for (int generic = 0; generic < 2 && count == 0; generic++) {
		for (size_t i = 0; i < catalogue->count && count < CANDIDATES_MAX; i++) {
			const struct provider *provider = catalogue->providers[i];
			if (marked[catalogue->clues[i]] && provider->generic == (generic == 1) &&
				has_headers(provider, message)) {
				found[count++] = provider;
			}
		}
	}
	return count;
}

/* The only one whose types have the event's, or NULL. */
static const struct provider *settle_by_type(
	const struct provider *const *found, size_t count, const struct message *message) {
	const struct provider *settled = NULL;
	for (size_t i = 0; i < count; i++) {
		if (has_type(found[i], message)) {
			if (settled) {
				return NULL;
			}
			settled = found[i];
		}
	}
	return settled;
}

static size_t header_count(const struct provider *provider) {
	size_t count = 0;
	while (provider->recognise_headers[count]) {
		count++;
	}
	return count;
}

/* The only one that asks for the most headers, or NULL. */
static const struct provider *settle_by_headers(const struct provider *const *found, size_t count) {
	const struct provider *settled = NULL;
	size_t most = 0;
	for (size_t i = 0; i < count; i++) {
		size_t own = header_count(found[i]);
		settled = own > most ? found[i] : own == most ? NULL : settled;
		most = own > most ? own : most;
	}
	return settled;
}

const struct provider *catalogue_recognise(
	const struct catalogue *catalogue, const struct message *message, struct buffer *ambiguous) {
	const struct provider *found[CANDIDATES_MAX], *settled;
	size_t count = candidates(catalogue, message, found);
	if (count <= 1) {
		return count == 1 ? found[0] : NULL;
	}
	settled = settle_by_type(found, count, message);
	settled = settled ? settled : settle_by_headers(found, count);
	for (size_t i = 0; !settled && ambiguous && i < count && i < AMBIGUOUS_NAMES; i++) {
		buffer_printf(ambiguous, "%s%s", i > 0 ? ", " : "", found[i]->name);
	}
	return settled;
}

/* A longer token is not decoded to be described. */
#define DESCRIBED_TOKEN_MAX ((size_t)1024 * 1024)

static void describe_value(struct span value, struct buffer *out) {
	if (value.len == 0 || value.len > (size_t)6 * PROVIDER_FIELD_LEN) {
		return;
	}
	if (value.data[0] == '"') {
		json_unescape(out, value);
	} else if (!strchr("{[n", value.data[0])) {
		buffer_append_span(out, value);
	}
}

/* The first of the paths that leads to a text or a number. */
static void describe_json(const char *paths, struct span body, struct buffer *out) {
	struct span rest = span_text(paths);
	while (rest.len > 0 && out->len == 0) {
		char path[PROVIDER_PATH_LEN + 1];
		struct span one = span_cut(&rest, '|');
		snprintf(path, sizeof path, "%.*s", (int)one.len, one.data);
		describe_value(json_find(body, path), out);
	}
}

/* The claims are looked at before anything is verified: as a description, like any other. */
static void describe_token(const char *paths, struct span token, struct buffer *out) {
	struct buffer claims = {0};
	span_cut(&token, '.');
	if (token.len <= DESCRIBED_TOKEN_MAX &&
		encoding_decode(&claims, ENCODING_BASE64URL, span_cut(&token, '.'))) {
		describe_json(paths, buffer_span(&claims), out);
	}
	buffer_clear(&claims);
}

static void describe_field(
	const struct provider_field *field, const struct message *message, struct buffer *out) {
	buffer_reset(out);
	if (field->place == FIELD_JSON) {
		describe_json(field->path, message->body, out);
	} else if (field->place == FIELD_TOKEN) {
		describe_token(field->path, message->body, out);
	} else if (field->place != FIELD_NONE) {
		enum place place = field->place == FIELD_HEADER ? PLACE_HEADER
		                   : field->place == FIELD_FORM ? PLACE_FORM
		                                                : PLACE_MULTIPART_JSON;
		struct buffer made = {0};
		buffer_append_span(out, lookup_value(message, place, field->path, &made));
		buffer_clear(&made);
	}
	if (out->len > PROVIDER_FIELD_LEN) {
		buffer_reset(out);
	}
}

void provider_describe(const struct provider *provider, const struct message *message,
	struct buffer *type, struct buffer *id) {
	describe_field(&provider->type, message, type);
	describe_field(&provider->id, message, id);
}
