#include <openssl/crypto.h>
#include <stdio.h>
#include <string.h>

#include "common/json_lexer.h"
#include "common/signature/content.h"
#include "common/signature/encoding.h"
#include "common/signature/key_steps.h"
#include "common/signature/lookup.h"
#include "common/signature/public_judge.h"
#include "common/signature/signature_header.h"
#include "common/signature/timestamp.h"
#include "common/signature/when.h"

/* What one call signs with. */
struct signing {
	struct keyring *keyring;
	const struct message *message;
	const struct sign_options *options;
	const struct secret *secret;
	struct buffer *out;
	struct error *err;
};

static bool is_same(const char *a, const char *b) {
	return a && b && span_equal_nocase(span_text(a), span_text(b));
}

/* "X-Signature-12" of a scheme whose headers are numbered. */
static bool is_numbered(const struct scheme *scheme, struct span name) {
	struct span base = span_text(scheme->header);
	return scheme->recipe->numbered > 0 && name.len > base.len && name.len <= base.len + 3 &&
	       span_equal_nocase((struct span){name.data, base.len}, base);
}

bool signature_owns_header(const struct keyring *keyring, struct span name) {
	for (size_t i = 0; i < keyring->scheme_count; i++) {
		const struct scheme *scheme = &keyring->schemes[i];
		const struct recipe *recipe = scheme->recipe;
		if ((recipe->place == PLACE_HEADER && span_equal_nocase(name, span_text(scheme->header))) ||
			(recipe->timestamp.place == PLACE_HEADER &&
				span_equal_nocase(name, span_text(scheme->timestamp))) ||
			(recipe->id_place == PLACE_HEADER &&
				span_equal_nocase(name, span_text(scheme->id_header))) ||
			is_numbered(scheme, name)) {
			return true;
		}
	}
	return false;
}

static const struct secret *choose_secret(const struct keyring *keyring, const char *label) {
	for (size_t i = 0; i < keyring->secret_count; i++) {
		if (!label || strcmp(keyring->secrets[i].label, label) == 0) {
			return &keyring->secrets[i];
		}
	}
	return NULL;
}

/* A line end in a value would be another header. */
static bool add_header(struct signing *signing, const char *name, struct span value) {
	for (size_t i = 0; i < value.len; i++) {
		unsigned char byte = (unsigned char)value.data[i];
		if ((byte < 0x20 && byte != '\t') || byte == 0x7f) {
			return error_set(signing->err, ERROR_USAGE,
				"the value for %s holds a control character, which a header cannot carry", name);
		}
	}
	buffer_printf(signing->out, "%s: ", name);
	buffer_append_span(signing->out, value);
	buffer_append_text(signing->out, "\r\n");
	return true;
}

static void write_separator(const struct recipe *recipe, struct buffer *out) {
	buffer_append_byte(out, recipe->list);
	buffer_append_text(out, recipe->list_blank ? " " : "");
}

/* "name=value," where a list has keys. */
static void write_pair(
	const struct recipe *recipe, const char *key, struct span value, struct buffer *out) {
	buffer_printf(out, "%s%c", key, recipe->pair);
	buffer_append_span(out, value);
	write_separator(recipe, out);
}

static void write_mac(const struct scheme *scheme, struct span mac, struct buffer *value) {
	buffer_append_text(value, scheme->prefix);
	encoding_append(
		value, scheme->recipe->kind == RECIPE_BASIC ? ENCODING_BASE64 : scheme->encoding, mac);
}

/* The value that carries the signature: "t=...,v1=...", "sha256=...", "v1,..." */
static void write_value(const struct scheme *scheme, const struct term_source *source,
	struct span mac, struct buffer *value) {
	const struct recipe *recipe = scheme->recipe;
	if (recipe->first) {
		buffer_append_span(value, source->timestamp);
		write_separator(recipe, value);
	} else if (recipe->timestamp.place == PLACE_SIGNATURE) {
		write_pair(recipe, scheme->timestamp, source->timestamp, value);
	}
	if (recipe->id_place == PLACE_SIGNATURE && !recipe->first) {
		write_pair(recipe, scheme->id_header, source->id, value);
	}
	if (recipe->pair) {
		buffer_printf(value, "%s%c", scheme->field, recipe->pair);
	}
	write_mac(scheme, mac, value);
}

/* Whether other fields beside the signature are signed, too. */
static bool signs_fields(const struct recipe *recipe) {
	for (size_t i = 0; i < recipe->term_count; i++) {
		if (recipe->terms[i].kind == TERM_SIGNATURE) {
			return true;
		}
	}
	return false;
}

/* The value as it came with timestamp and signature replaced: its other fields are signed and stay in their places. */
static void rewrite_value(const struct scheme *scheme, const struct term_source *source,
	struct span mac, struct buffer *value) {
	const struct recipe *recipe = scheme->recipe;
	struct span rest = source->carrier;
	while (rest.len > 0) {
		struct span entry = span_cut(&rest, recipe->list), old = entry;
		struct span blanks = {entry.data, (size_t)(span_trim(entry).data - entry.data)};
		struct span key = span_trim(span_cut(&old, recipe->pair));
		buffer_append_span(value, blanks);
		if (recipe->timestamp.place == PLACE_SIGNATURE && span_is(key, scheme->timestamp)) {
			buffer_printf(value, "%s%c", scheme->timestamp, recipe->pair);
			buffer_append_span(value, source->timestamp);
		} else if (span_is(key, scheme->field)) {
			buffer_printf(value, "%s%c", scheme->field, recipe->pair);
			write_mac(scheme, mac, value);
		} else {
			buffer_append_span(value, span_after(entry, blanks.len));
		}
		if (rest.len > 0) {
			buffer_append_byte(value, recipe->list);
		}
	}
}

static bool sign_content(struct signing *signing, const struct scheme *scheme,
	const struct key *key, const struct term_source *source, struct buffer *value) {
	struct content content;
	char reason[VERDICT_REASON_LEN];
	struct recipe_content template = content_of(scheme->recipe, 0);
	if (!content_collect(source, &template, &content, reason)) {
		return error_set(signing->err, ERROR_USAGE, "%s", reason);
	}
	unsigned char mac[EVP_MAX_MD_SIZE];
	size_t len = content_mac(signing->keyring, scheme, &content, key, mac);
	if (len == 0) {
		return error_set(signing->err, ERROR_IO, "OpenSSL could not make the MAC");
	}
	struct span made = {(const char *)mac, len};
	if (signs_fields(scheme->recipe)) {
		rewrite_value(scheme, source, made, value);
	} else {
		write_value(scheme, source, made, value);
	}
	OPENSSL_cleanse(mac, sizeof mac);
	return true;
}

static bool choose_id(
	const struct signing *signing, const struct scheme *scheme, struct term_source *source) {
	if (!scheme->id_header) {
		return true;
	}
	source->id = signing->options->id;
	if (source->id.len == 0) {
		source->id = scheme->recipe->id_place == PLACE_HEADER
		                 ? message_header_value(signing->message, scheme->id_header)
		                 : signature_header_field(scheme, source->carrier, scheme->id_header);
	}
	source->id = source->id.len > 0 ? source->id : signing->options->made_id;
	return source->id.len > 0 ||
	       error_set(signing->err, ERROR_USAGE, "%s signs an id, and the message has none",
			   signing->keyring->provider->name);
}

/* A header the scheme needs: the message's own, else the value that is known. */
static bool add_need(struct signing *signing, const struct recipe_need *need) {
	const char *name = keyring_text(signing->keyring, need->header);
	const char *value = keyring_text(signing->keyring, need->equals);
	if (message_header(signing->message, name, 0)) {
		return true;
	}
	return value && *value ? add_header(signing, name, span_text(value))
	                       : error_set(signing->err, ERROR_USAGE,
								 "%s sends %s beside the signature, and the message has none",
								 signing->keyring->provider->title, name);
}

/* What stands in headers of its own beside the signature. */
static bool add_companions(
	struct signing *signing, const struct scheme *scheme, const struct term_source *source) {
	const struct recipe *recipe = scheme->recipe;
	if (recipe->id_place == PLACE_HEADER && !add_header(signing, scheme->id_header, source->id)) {
		return false;
	}
	if (recipe->timestamp.place == PLACE_HEADER &&
		!add_header(signing, scheme->timestamp, source->timestamp)) {
		return false;
	}
	for (size_t i = 0; i < recipe->need_count; i++) {
		if (!add_need(signing, &recipe->needs[i])) {
			return false;
		}
	}
	return true;
}

/* "X-Signature-" of numbered headers is the first of them. */
static bool add_signature(
	struct signing *signing, const struct scheme *scheme, const struct buffer *value) {
	char name[256];
	snprintf(name, sizeof name, scheme->recipe->numbered > 0 ? "%s1" : "%s", scheme->header);
	return add_header(signing, name, buffer_span(value));
}

static void choose_timestamp(struct signing *signing, const struct scheme *scheme,
	struct term_source *source, struct buffer *moment) {
	const struct recipe_timestamp *timestamp = &scheme->recipe->timestamp;
	source->timestamp = signing->options->timestamp;
	if (timestamp->place == PLACE_JSON) {
		source->timestamp = lookup_value(signing->message, PLACE_JSON, scheme->timestamp, moment);
	} else if (source->timestamp.len == 0 && timestamp->place != PLACE_NONE) {
		timestamp_append(moment, timestamp->unit, signing->options->now_ms);
		source->timestamp = buffer_span(moment);
	}
}

/* A token made with a shared secret; the other kinds with keys are made with the provider's private one. */
static bool sign_token(
	struct signing *signing, size_t index, const struct key *key, struct buffer *value) {
	const struct scheme *scheme = &signing->keyring->schemes[index];
	struct public_case of = {signing->keyring, index, signing->message, signing->options->now_ms};
	struct span prefix = span_text(scheme->prefix);
	struct span old = message_header_value(signing->message, scheme->header);
	if (scheme->recipe->kind == RECIPE_HTTP_SIGNATURE) {
		return error_set(signing->err, ERROR_USAGE,
			"%s: HTTP message signatures are judged here, but not made anew",
			signing->keyring->provider->title);
	}
	if (scheme->recipe->kind != RECIPE_JWT) {
		return error_set(signing->err, ERROR_USAGE,
			"%s signs with a private key of its own: a request of it cannot be signed anew",
			signing->keyring->provider->title);
	}
	buffer_append_span(value, prefix);
	old = span_starts_with(old, prefix) ? span_after(old, prefix.len) : (struct span){NULL, 0};
	return jwt_sign(&of, old, signing->options, key, value, signing->err);
}

static bool sign_header(struct signing *signing, size_t index, const struct key *key) {
	const struct scheme *scheme = &signing->keyring->schemes[index];
	struct buffer value = {0}, moment = {0};
	struct term_source source = {.keyring = signing->keyring,
		.scheme = scheme,
		.message = signing->message,
		.carrier = message_header_value(signing->message, scheme->header)};
	choose_timestamp(signing, scheme, &source, &moment);
	bool ok = choose_id(signing, scheme, &source) && add_companions(signing, scheme, &source);
	if (ok && scheme->recipe->publics) {
		ok = sign_token(signing, index, key, &value);
	} else if (ok && recipe_makes_mac(scheme->recipe)) {
		ok = sign_content(signing, scheme, key, &source, &value);
	} else if (ok) {
		write_value(scheme, &source, buffer_span(&key->text), &value);
	}
	ok = ok && add_signature(signing, scheme, &value);
	key_steps_wipe(&value);
	buffer_clear(&moment);
	return ok;
}

/* A signature in the body or the target is left as it is, which is fine where it is right. */
static bool check_signed(struct signing *signing, const struct scheme *scheme) {
	struct judgement judgement =
		signature_verify(signing->keyring, signing->message, signing->options->now_ms);
	bool right = judgement.verdict == VERDICT_VALID || judgement.verdict == VERDICT_PARTIAL ||
	             judgement.verdict == VERDICT_EXPIRED;
	return right || error_set(signing->err, ERROR_USAGE,
						"%s carries its signature in the %s (%s), where signing does not write",
						signing->keyring->provider->title, recipe_places[scheme->recipe->place],
						scheme->header);
}

/* The key to sign a scheme with: that of the chosen secret, or of the one the scheme is for. */
static const struct key *key_for(const struct signing *signing, size_t index) {
	const char *own = signing->keyring->schemes[index].recipe->secret;
	const struct secret *secret = own ? choose_secret(signing->keyring, own) : signing->secret;
	return secret && secret->keys[index].usable ? &secret->keys[index] : NULL;
}

static bool sign_scheme(struct signing *signing, size_t index) {
	const struct scheme *scheme = &signing->keyring->schemes[index];
	return scheme->recipe->place == PLACE_HEADER
	           ? sign_header(signing, index, key_for(signing, index))
	           : check_signed(signing, scheme);
}

static bool is_possible(const struct signing *signing, size_t index) {
	return key_for(signing, index) && when_asks(signing->keyring, &signing->keyring->schemes[index],
										  signing->message) == WHEN_APPLIES;
}

/* Whether an earlier scheme writes the same header; the first of them is the provider's main one. */
static bool is_repeated(const struct signing *signing, size_t index) {
	for (size_t i = 0; i < index; i++) {
		if (is_possible(signing, i) &&
			is_same(signing->keyring->schemes[i].header, signing->keyring->schemes[index].header)) {
			return true;
		}
	}
	return false;
}

static bool is_candidate(const struct signing *signing, size_t index) {
	return is_possible(signing, index) && !is_repeated(signing, index);
}

static bool is_in_message(const struct signing *signing, size_t index) {
	const struct scheme *scheme = &signing->keyring->schemes[index];
	struct buffer *made = &signing->keyring->carrier;
	char name[256];
	buffer_reset(made);
	snprintf(name, sizeof name, scheme->recipe->numbered > 0 ? "%s1" : "%s", scheme->header);
	return scheme->recipe->every
	           ? json_find(signing->message->body, scheme->recipe->every).data != NULL
	           : lookup_value(signing->message, scheme->recipe->place, name, made).data != NULL;
}

/* Signs with the schemes the message carries; returns how many, or -1. */
static int sign_present(struct signing *signing, bool legacy) {
	int count = 0;
	for (size_t i = 0; i < signing->keyring->scheme_count; i++) {
		bool old = signing->keyring->schemes[i].recipe->legacy;
		if (old == legacy && is_candidate(signing, i) &&
			(is_in_message(signing, i) || (old && signing->options->legacy))) {
			if (!sign_scheme(signing, i)) {
				return -1;
			}
			count++;
		}
	}
	return count;
}

/* Signs with the provider's main scheme, the first the secret is meant for. */
static bool sign_main(struct signing *signing) {
	for (size_t i = 0; i < signing->keyring->scheme_count; i++) {
		if (is_candidate(signing, i) && !signing->keyring->schemes[i].recipe->legacy) {
			return sign_scheme(signing, i);
		}
	}
	return error_set(signing->err, ERROR_USAGE, "the secret %s cannot sign as %s does",
		signing->secret->label, signing->keyring->provider->name);
}

bool signature_sign(struct keyring *keyring, const struct message *message,
	const struct sign_options *options, struct buffer *header_lines, struct error *err) {
	struct signing signing = {
		keyring, message, options, choose_secret(keyring, options->label), header_lines, err};
	if (!signing.secret && keyring_finds_keys(keyring)) {
		return error_set(err, ERROR_USAGE,
			"%s signs with a private key of its own: a request of it cannot be signed anew",
			keyring->provider->title);
	}
	if (!signing.secret) {
		return options->label
		           ? error_set(err, ERROR_USAGE, "there is no secret \"%s\"", options->label)
		           : error_set(err, ERROR_USAGE, "no secret for %s is known to sign with",
						 keyring->provider->title);
	}
	size_t before = header_lines->len;
	int signed_now = sign_present(&signing, false);
	bool ok = signed_now > 0 || (signed_now == 0 && sign_main(&signing));
	ok = ok && sign_present(&signing, true) >= 0;
	if (!ok) {
		header_lines->len = before;
	}
	return ok;
}

void signature_append_id(struct buffer *out, const unsigned char random[SIGNATURE_ID_RANDOM]) {
	buffer_append_text(out, "msg_");
	encoding_append(out, ENCODING_HEX, (struct span){(const char *)random, SIGNATURE_ID_RANDOM});
}
