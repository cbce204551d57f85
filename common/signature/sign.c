#include <openssl/crypto.h>
#include <stdio.h>
#include <string.h>

#include "common/json_find.h"
#include "common/json_lexer.h"
#include "common/signature/content.h"
#include "common/signature/encoding.h"
#include "common/signature/key_steps.h"
#include "common/signature/lookup.h"
#include "common/signature/public_judge.h"
#include "common/signature/public_scheme.h"
#include "common/signature/sign_body.h"
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

/* What belongs to a signature of RFC 9421. */
static bool is_of_http(const struct recipe *recipe, struct span name) {
	return recipe->kind == RECIPE_HTTP_SIGNATURE &&
	       (span_equal_nocase(name, span_text("Signature-Input")) ||
			   span_equal_nocase(name, span_text("Content-Digest")));
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
			is_numbered(scheme, name) || is_of_http(recipe, name)) {
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

/* {"kid": ..., "signature": ...} in base64. */
static void write_envelope(
	const struct scheme *scheme, struct span signature, struct buffer *value) {
	struct buffer json = {0};
	buffer_append_text(&json, "{\"kid\":\"" PRIVATE_KEY_ID "\",\"signature\":\"");
	encoding_append(&json, scheme->encoding, signature);
	buffer_append_text(&json, "\"}");
	encoding_append(value, ENCODING_BASE64, buffer_span(&json));
	buffer_clear(&json);
}

static void write_mac(const struct scheme *scheme, struct span mac, struct buffer *value) {
	const struct recipe *recipe = scheme->recipe;
	buffer_append_text(value, scheme->prefix);
	if (recipe->publics && recipe->publics->envelope) {
		write_envelope(scheme, mac, value);
	} else {
		encoding_append(
			value, recipe->kind == RECIPE_BASIC ? ENCODING_BASE64 : scheme->encoding, mac);
	}
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

/* The bytes of the signature over the content: of the private key, or a MAC. */
static bool make_signature(struct signing *signing, const struct scheme *scheme,
	const struct key *key, const struct content *content, struct buffer *made) {
	bool ok = true;
	if (scheme->recipe->kind != RECIPE_SIGNATURE) {
		unsigned char *mac = (unsigned char *)buffer_reserve(made, EVP_MAX_MD_SIZE);
		made->len = content_mac(signing->keyring, scheme, content, key, mac);
		ok = made->len > 0;
	} else if (!signing->options->private_key) {
		return error_set(
			signing->err, ERROR_USAGE, SIGN_NEEDS_PAIR, signing->keyring->provider->title);
	} else {
		ok = private_key_sign(signing->options->private_key,
			(enum signature_algorithm)scheme->algorithm, keyring_hash(scheme->hash),
			content->pieces, content->count, made);
	}
	return ok || error_set(signing->err, ERROR_IO, "OpenSSL could not make the signature");
}

static bool sign_content(struct signing *signing, const struct scheme *scheme,
	const struct key *key, const struct term_source *source, struct buffer *value) {
	struct content content;
	char reason[VERDICT_REASON_LEN];
	struct buffer made = {0};
	struct recipe_content template = content_of(scheme->recipe, 0);
	if (!content_collect(source, &template, &content, reason)) {
		return error_set(signing->err, ERROR_USAGE, "%s", reason);
	}
	bool ok = make_signature(signing, scheme, key, &content, &made);
	if (ok && signs_fields(scheme->recipe)) {
		rewrite_value(scheme, source, buffer_span(&made), value);
	} else if (ok) {
		write_value(scheme, source, buffer_span(&made), value);
	}
	key_steps_wipe(&made);
	return ok;
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

static struct public_case case_of(const struct signing *signing, size_t index) {
	return (struct public_case){
		signing->keyring, index, signing->message, signing->options->now_ms};
}

static bool sign_token(struct signing *signing, size_t index, const struct key *key,
	struct span carrier, struct buffer *value) {
	struct public_case of = case_of(signing, index);
	struct span prefix = span_text(signing->keyring->schemes[index].prefix);
	while (carrier.len > 0 && carrier.data[carrier.len - 1] == '\n') {
		carrier.len--; /* of a body that is a token */
	}
	struct span old = span_starts_with(carrier, prefix) ? span_after(carrier, prefix.len)
	                                                    : (struct span){NULL, 0};
	buffer_append_span(value, prefix);
	return jwt_sign(&of, old, signing->options, key, value, signing->err);
}

/* All of what carries the signature. */
static bool make_value(struct signing *signing, size_t index, const struct key *key,
	const struct term_source *source, struct buffer *value) {
	const struct scheme *scheme = &signing->keyring->schemes[index];
	if (scheme->recipe->kind == RECIPE_JWT) {
		return sign_token(signing, index, key, source->carrier, value);
	}
	if (recipe_signs_content(scheme->recipe)) {
		return sign_content(signing, scheme, key, source, value);
	}
	write_value(scheme, source, buffer_span(&key->text), value);
	return true;
}

static bool sign_http(struct signing *signing, size_t index, const struct key *key) {
	struct public_case of = case_of(signing, index);
	if (!signing->options->private_key && key->publics.count > 0) {
		return error_set(
			signing->err, ERROR_USAGE, SIGN_NEEDS_PAIR, signing->keyring->provider->title);
	}
	return http_sign(&of, signing->options, key, signing->out, signing->err);
}

/* Signs where the signature stands: in a header of its own, or in the body. */
static bool sign_in_place(struct signing *signing, size_t index, const struct key *key) {
	const struct scheme *scheme = &signing->keyring->schemes[index];
	struct buffer value = {0}, moment = {0}, carrier = {0};
	struct term_source source = {
		.keyring = signing->keyring, .scheme = scheme, .message = signing->message};
	enum place place = scheme->recipe->place;
	source.carrier = lookup_value(signing->message, place, scheme->header, &carrier);
	choose_timestamp(signing, scheme, &source, &moment);
	bool ok = choose_id(signing, scheme, &source) && add_companions(signing, scheme, &source) &&
	          make_value(signing, index, key, &source, &value);
	if (ok && place == PLACE_HEADER) {
		ok = add_signature(signing, scheme, &value);
	} else if (ok) {
		buffer_reset(signing->options->body);
		ok = sign_body_append(signing->options->body, signing->message, place, scheme->header,
			buffer_span(&value), signing->err);
	}
	key_steps_wipe(&value);
	buffer_clear(&moment);
	buffer_clear(&carrier);
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
	const struct key *key = key_for(signing, index);
	if (scheme->recipe->kind == RECIPE_HTTP_SIGNATURE) {
		return sign_http(signing, index, key);
	}
	bool writes = scheme->recipe->place == PLACE_HEADER ||
	              (signing->options->body && sign_body_writes(scheme->recipe));
	return writes ? sign_in_place(signing, index, key) : check_signed(signing, scheme);
}

/* With a private key alone the schemes sign that take such a key, else those a secret is meant for. */
static bool is_possible(const struct signing *signing, size_t index) {
	const struct scheme *scheme = &signing->keyring->schemes[index];
	const struct private_key *private_key = signing->options->private_key;
	return (private_key ? public_scheme_takes(scheme, private_key)
						: key_for(signing, index) != NULL) &&
	       when_asks(signing->keyring, scheme, signing->message) == WHEN_APPLIES;
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
	const char *title = signing->keyring->provider->title;
	return signing->options->private_key
	           ? error_set(signing->err, ERROR_USAGE,
					 "the key cannot sign as %s does: it is of another kind, or the request is",
					 title)
	           : error_set(signing->err, ERROR_USAGE, "the secret %s cannot sign as %s does",
					 signing->secret->label, title);
}

bool signature_sign(struct keyring *keyring, const struct message *message,
	const struct sign_options *options, struct buffer *header_lines, struct error *err) {
	struct signing signing = {
		keyring, message, options, choose_secret(keyring, options->label), header_lines, err};
	if (!signing.secret && !options->private_key) {
		return keyring_finds_keys(keyring)
		           ? error_set(err, ERROR_USAGE, SIGN_NEEDS_PAIR, keyring->provider->title)
		       : options->label
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
