#include <openssl/crypto.h>
#include <string.h>

#include "common/signature/content.h"
#include "common/signature/encoding.h"
#include "common/signature/timestamp.h"

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

bool signature_owns_header(const struct keyring *keyring, struct span name) {
	for (size_t i = 0; i < keyring->scheme_count; i++) {
		const struct scheme *scheme = &keyring->schemes[i];
		bool stamped = scheme->recipe->timestamp.place == TIMESTAMP_HEADER;
		if (span_equal_nocase(name, span_text(scheme->header)) ||
			(stamped && span_equal_nocase(name, span_text(scheme->timestamp))) ||
			(scheme->id_header && span_equal_nocase(name, span_text(scheme->id_header)))) {
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

/* The value of the signature's header: "t=...,v1=...", "sha256=...", "v1,..." */
static void write_value(
	const struct scheme *scheme, struct span timestamp, struct span mac, struct buffer *value) {
	const struct recipe *recipe = scheme->recipe;
	if (recipe->timestamp.place == TIMESTAMP_SIGNATURE) {
		buffer_printf(value, "%s%c", scheme->timestamp, recipe->pair);
		buffer_append_span(value, timestamp);
		buffer_append_byte(value, recipe->list);
	}
	if (recipe->pair) {
		buffer_printf(value, "%s%c", scheme->field, recipe->pair);
	}
	buffer_append_text(value, scheme->prefix);
	encoding_append(value, recipe->kind == RECIPE_BASIC ? ENCODING_BASE64 : scheme->encoding, mac);
}

static bool sign_content(struct signing *signing, const struct scheme *scheme,
	const struct key *key, struct span timestamp, struct span id, struct buffer *value) {
	struct content content;
	char reason[VERDICT_REASON_LEN];
	if (!content_collect(
			signing->keyring, scheme, signing->message, timestamp, id, &content, reason)) {
		return error_set(signing->err, ERROR_USAGE, "%s", reason);
	}
	unsigned char mac[EVP_MAX_MD_SIZE];
	size_t len = content_mac(&content, key->mac, mac);
	if (len == 0) {
		return error_set(signing->err, ERROR_IO, "OpenSSL could not make the MAC");
	}
	write_value(scheme, timestamp, (struct span){(const char *)mac, len}, value);
	OPENSSL_cleanse(mac, sizeof mac);
	return true;
}

static struct span choose_id(const struct signing *signing, const struct scheme *scheme) {
	struct span id = signing->options->id;
	if (id.len == 0) {
		id = message_header_value(signing->message, scheme->id_header);
	}
	return id.len > 0 ? id : signing->options->made_id;
}

static bool sign_scheme(struct signing *signing, size_t index) {
	const struct scheme *scheme = &signing->keyring->schemes[index];
	const struct recipe *recipe = scheme->recipe;
	const struct key *key = &signing->secret->keys[index];
	struct buffer value = {0}, moment = {0};
	struct span timestamp = signing->options->timestamp, id = {NULL, 0};
	if (timestamp.len == 0 && recipe->timestamp.place != TIMESTAMP_NONE) {
		timestamp_append(&moment, recipe->timestamp.unit, signing->options->now_ms);
		timestamp = buffer_span(&moment);
	}
	bool ok = true;
	if (scheme->id_header) {
		id = choose_id(signing, scheme);
		ok = id.len > 0
		         ? add_header(signing, scheme->id_header, id)
		         : error_set(signing->err, ERROR_USAGE, "%s signs an id, and the message has none",
					   signing->keyring->provider->name);
	}
	if (ok && recipe->timestamp.place == TIMESTAMP_HEADER) {
		ok = add_header(signing, scheme->timestamp, timestamp);
	}
	if (ok && recipe->kind == RECIPE_HMAC) {
		ok = sign_content(signing, scheme, key, timestamp, id, &value);
	} else if (ok) {
		write_value(scheme, timestamp, buffer_span(&key->text), &value);
	}
	ok = ok && add_header(signing, scheme->header, buffer_span(&value));
	if (value.data) {
		OPENSSL_cleanse(value.data, value.capacity);
	}
	buffer_clear(&value);
	buffer_clear(&moment);
	return ok;
}

/* Whether an earlier scheme writes the same header; the first of them is the provider's main one. */
static bool is_repeated(const struct signing *signing, size_t index) {
	for (size_t i = 0; i < index; i++) {
		if (signing->secret->keys[i].usable &&
			is_same(signing->keyring->schemes[i].header, signing->keyring->schemes[index].header)) {
			return true;
		}
	}
	return false;
}

static bool is_candidate(const struct signing *signing, size_t index) {
	return signing->secret->keys[index].usable && !is_repeated(signing, index);
}

static bool is_in_message(const struct signing *signing, size_t index) {
	const char *header = signing->keyring->schemes[index].header;
	return message_header(signing->message, header, 0) != NULL;
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
