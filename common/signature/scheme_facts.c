#include "common/signature/scheme_facts.h"

#include <cjson/cJSON.h>
#include <string.h>

#include "common/json.h"
#include "common/signature/keyring.h"
#include "common/signature/recipe_words.h"
#include "common/signature/signed_text.h"

/* A line is ended by a newline, so none may stand in it. */
static void end_line(struct buffer *lines, size_t from) {
	for (size_t i = from; i < lines->len; i++) {
		lines->data[i] = lines->data[i] == '\n' ? ' ' : lines->data[i];
	}
	buffer_append_byte(lines, '\n');
}

static struct span take_line(struct span *lines) {
	return span_cut(lines, '\n');
}

bool scheme_facts_has_header(const struct scheme_facts *facts, struct span name) {
	struct span rest = buffer_span(&facts->headers);
	while (rest.len > 0) {
		if (span_equal_nocase(take_line(&rest), name)) {
			return true;
		}
	}
	return false;
}

/* A name that stands for a parameter nobody gave is none. */
static void add_header(struct scheme_facts *facts, const char *name) {
	if (name && name[0] && name[0] != '$' && !scheme_facts_has_header(facts, span_text(name))) {
		size_t from = facts->headers.len;
		buffer_append_text(&facts->headers, name);
		end_line(&facts->headers, from);
	}
}

/* With the parameters of the endpoint in their places. */
static struct recipe filled(const struct recipe *recipe, const struct keyring *keyring) {
	struct recipe with = *recipe;
	if (keyring) {
		with.header = keyring_text(keyring, recipe->header);
		with.hash = keyring_text(keyring, recipe->hash);
		with.encoding = keyring_text(keyring, recipe->encoding);
		with.timestamp.name = keyring_text(keyring, recipe->timestamp.name);
		with.id_header = keyring_text(keyring, recipe->id_header);
	}
	return with;
}

static void add_scheme(
	struct scheme_facts *facts, const struct recipe *recipe, const struct keyring *keyring) {
	struct recipe with = filled(recipe, keyring);
	size_t from = facts->schemes.len;
	recipe_words_append(&facts->schemes, &with);
	end_line(&facts->schemes, from);
	add_header(facts, with.place == PLACE_HEADER ? with.header : NULL);
	add_header(facts, with.timestamp.place == PLACE_HEADER ? with.timestamp.name : NULL);
	add_header(facts, with.id_place == PLACE_HEADER ? with.id_header : NULL);
}

static void add_text(struct scheme_facts *facts, struct keyring *keyring,
	const struct provider *provider, const struct message *message) {
	size_t total, scheme;
	if (signed_text_append(&facts->text, keyring, message, SCHEME_FACTS_TEXT, &total, &scheme)) {
		facts->text_len = (int64_t)total;
		recipe_words_append_content(&facts->rule, &provider->recipes[scheme]);
	}
}

void scheme_facts_fill(struct scheme_facts *facts, const struct provider *provider,
	const struct parameter *parameters, size_t parameter_count, const struct message *message) {
	struct error unfit = {0};
	struct keyring *keyring = keyring_new(provider, parameters, parameter_count, &unfit);
	buffer_append_text(&facts->provider, provider->name);
	buffer_append_text(&facts->title, provider->title);
	facts->confirmed = provider->confirmed;
	recipe_version(provider, facts->version);
	for (size_t i = 0; i < provider->recipe_count; i++) {
		add_scheme(facts, &provider->recipes[i], keyring);
	}
	if (keyring && message) {
		add_text(facts, keyring, provider, message);
	}
	keyring_free(keyring);
}

void scheme_facts_clear(struct scheme_facts *facts) {
	buffer_clear(&facts->provider);
	buffer_clear(&facts->title);
	buffer_clear(&facts->schemes);
	buffer_clear(&facts->headers);
	buffer_clear(&facts->rule);
	buffer_clear(&facts->text);
	*facts = (struct scheme_facts){0};
}

void scheme_facts_copy(struct scheme_facts *to, const struct scheme_facts *from) {
	*to = (struct scheme_facts){.confirmed = from->confirmed, .text_len = from->text_len};
	memcpy(to->version, from->version, sizeof to->version);
	buffer_append_span(&to->provider, buffer_span(&from->provider));
	buffer_append_span(&to->title, buffer_span(&from->title));
	buffer_append_span(&to->schemes, buffer_span(&from->schemes));
	buffer_append_span(&to->headers, buffer_span(&from->headers));
	buffer_append_span(&to->rule, buffer_span(&from->rule));
	buffer_append_span(&to->text, buffer_span(&from->text));
}

/* --- JSON --- */

static void append_lines(struct buffer *out, const char *name, const struct buffer *lines) {
	struct span rest = buffer_span(lines);
	json_member_name(out, name);
	buffer_append_byte(out, '[');
	for (const char *comma = ""; rest.len > 0; comma = ",") {
		buffer_append_text(out, comma);
		json_append_text(out, take_line(&rest));
	}
	buffer_append_byte(out, ']');
}

void scheme_facts_append_json(struct buffer *out, const struct scheme_facts *facts) {
	buffer_append_byte(out, '{');
	json_member_text(out, "provider", buffer_span(&facts->provider));
	json_member_text(out, "title", buffer_span(&facts->title));
	json_member_bool(out, "confirmed", facts->confirmed);
	json_member_text(out, "version", span_text(facts->version));
	append_lines(out, "schemes", &facts->schemes);
	append_lines(out, "headers", &facts->headers);
	json_member_text_opt(out, "rule", buffer_span(&facts->rule));
	if (facts->rule.len > 0) {
		json_member_bytes(out, "text", buffer_span(&facts->text));
		json_member_int(out, "text_len", facts->text_len);
	}
	buffer_append_byte(out, '}');
}

static bool read_lines(
	struct buffer *lines, const struct cJSON *object, const char *name, struct error *err) {
	const struct cJSON *list = cJSON_GetObjectItemCaseSensitive(object, name), *item;
	if (!cJSON_IsArray(list)) {
		return error_set(err, ERROR_USAGE, "expected a list at .%s", name);
	}
	cJSON_ArrayForEach(item, list) {
		size_t from = lines->len;
		if (!cJSON_IsString(item)) {
			return error_set(err, ERROR_USAGE, "expected texts at .%s", name);
		}
		buffer_append_text(lines, item->valuestring);
		end_line(lines, from);
	}
	return true;
}

static bool read_text(struct scheme_facts *facts, const struct cJSON *object, struct error *err) {
	struct span rule = {0}, text;
	if (!json_get_text_opt(object, "rule", &rule, err) || rule.len == 0) {
		return err->code == ERROR_NONE;
	}
	buffer_append_span(&facts->rule, rule);
	return json_get_text(object, "text", &text, err) &&
	       json_get_int(object, "text_len", &facts->text_len, err) &&
	       (json_bytes_from_text(&facts->text, text) ||
			   error_set(err, ERROR_USAGE, "expected bytes at .text"));
}

bool scheme_facts_from_json(
	struct scheme_facts *facts, const struct cJSON *object, struct error *err) {
	struct span provider, title, version;
	if (!cJSON_IsObject(object)) {
		return error_set(err, ERROR_USAGE, "expected an object at .scheme");
	}
	if (!json_get_text(object, "provider", &provider, err) ||
		!json_get_text(object, "title", &title, err) ||
		!json_get_text(object, "version", &version, err) ||
		!json_get_bool_opt(object, "confirmed", &facts->confirmed, err)) {
		return false;
	}
	buffer_append_span(&facts->provider, provider);
	buffer_append_span(&facts->title, title);
	snprintf(facts->version, sizeof facts->version, "%.*s", (int)version.len, version.data);
	return read_lines(&facts->schemes, object, "schemes", err) &&
	       read_lines(&facts->headers, object, "headers", err) && read_text(facts, object, err);
}
