/* The answer to a handshake, and why there is none. */
#include <openssl/crypto.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "common/glob.h"
#include "common/json.h"
#include "common/signature/encoding.h"
#include "common/signature/handshake_value.h"
#include "common/signature/keyring.h"

#define URL_MAX 2048  /* of one to be opened */
#define TOO_MUCH 400  /* what cannot be sent back safely */
#define NOT_READY 403 /* the endpoint lacks what the answer is made of; 503 would say: not stored */

/* What one call makes: passed down, so that nothing is kept between calls. */
struct making {
	const struct provider *provider;
	const struct handshake *handshake;
	struct keyring *keyring;
	const struct message *message;
	const struct judgement *judgement;
	struct handshake_answer *answer;
	char mac[2 * EVP_MAX_MD_SIZE + 1];
};

void handshake_answer_clear(struct handshake_answer *answer) {
	buffer_clear(&answer->headers);
	buffer_clear(&answer->shown);
	buffer_clear(&answer->body);
	*answer = (struct handshake_answer){0};
}

static void say(struct making *making, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* "slack url_verification ..." */
static void say(struct making *making, const char *format, ...) {
	char *words = making->answer->words;
	int len = snprintf(
		words, HANDSHAKE_WORDS_LEN, "%s %s ", making->provider->name, making->handshake->name);
	size_t used = len < HANDSHAKE_WORDS_LEN ? (size_t)len : HANDSHAKE_WORDS_LEN - 1;
	va_list args;
	va_start(args, format);
	vsnprintf(words + used, HANDSHAKE_WORDS_LEN - used, format, args);
	va_end(args);
}

static bool refuse(struct making *making, int status, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

static bool refuse(struct making *making, int status, const char *format, ...) {
	char why[HANDSHAKE_WORDS_LEN];
	va_list args;
	va_start(args, format);
	vsnprintf(why, sizeof why, format, args);
	va_end(args);
	say(making, "refused: %s", why);
	struct handshake_answer *answer = making->answer;
	answer->status = status;
	answer->type = NULL;
	buffer_reset(&answer->headers);
	buffer_reset(&answer->shown);
	buffer_reset(&answer->body);
	return false;
}

/* The first byte that may not be sent back, or -1. Text a browser shows as text may hold what HTML would read. */
static int unsafe_byte(struct span value, bool as_text) {
	for (size_t i = 0; i < value.len; i++) {
		unsigned char byte = (unsigned char)value.data[i];
		if (byte < 0x20 || byte > 0x7e || (!as_text && strchr("<>&\"'\\", byte))) {
			return byte;
		}
	}
	return -1;
}

static const char *name_of_place(enum handshake_place place) {
	static const char *const names[] = {
		"", "the header", "the query's", "the JSON member", "the form's", "the parameter", ""};
	return names[place];
}

/* A value of the request, if it can be sent back. */
static bool append_foreign(
	struct making *making, const struct handshake_part *part, bool as_text, struct buffer *out) {
	size_t before = out->len;
	const char *place = name_of_place(part->place);
	if (!handshake_value(part->place, part->text, making->message, out) || out->len == before) {
		return refuse(making, TOO_MUCH, "%s %s is missing", place, part->text);
	}
	struct span value = {out->data + before, out->len - before};
	if (value.len > HANDSHAKE_ECHO_MAX) {
		return refuse(making, TOO_MUCH, "%s %s is longer than %d bytes", place, part->text,
			HANDSHAKE_ECHO_MAX);
	}
	int byte = unsafe_byte(value, as_text);
	return byte < 0 ||
	       refuse(making, TOO_MUCH, "%s %s holds the byte 0x%02x, which is not sent back", place,
			   part->text, (unsigned)byte);
}

static const char *parameter_of(const struct making *making, const char *name) {
	const char *value = making->keyring ? keyring_parameter(making->keyring, name) : NULL;
	return value ? value : "";
}

static bool append_parameter(struct making *making, const char *name, struct buffer *out) {
	const char *value = parameter_of(making, name);
	if (!*value) {
		return refuse(making, NOT_READY, "it needs the parameter %s: endpoint set --param %s=...",
			name, name);
	}
	if (unsafe_byte(span_text(value), true) >= 0) {
		return refuse(making, NOT_READY, "the parameter %s is not plain ASCII", name);
	}
	buffer_append_text(out, value);
	return true;
}

static bool append_part(
	struct making *making, const struct handshake_part *part, bool as_text, struct buffer *out) {
	switch (part->place) {
	case VALUE_LITERAL:
		buffer_append_text(out, part->text);
		return true;
	case VALUE_MAC:
		buffer_append_text(out, making->mac);
		return true;
	case VALUE_PARAM:
		return append_parameter(making, part->text, out);
	case VALUE_HEADER:
	case VALUE_QUERY:
	case VALUE_JSON:
	case VALUE_FORM:
		break;
	}
	return append_foreign(making, part, as_text, out);
}

static bool append_text(
	struct making *making, const struct handshake_text *text, bool as_text, struct buffer *out) {
	for (size_t i = 0; i < text->count; i++) {
		if (!append_part(making, &text->parts[i], as_text, out)) {
			return false;
		}
	}
	return true;
}

/* The key of the secret that matched, else the first one that can make such a MAC. */
static const struct hmac *find_mac(const struct making *making) {
	const struct keyring *keyring = making->keyring;
	const struct hmac *first = NULL;
	for (size_t i = 0; keyring && i < keyring->secret_count; i++) {
		const struct secret *secret = &keyring->secrets[i];
		for (size_t k = 0; k < keyring->scheme_count; k++) {
			const struct hmac *mac = secret->keys[k].mac;
			if (!mac || keyring->schemes[k].hash != making->handshake->mac_hash) {
				continue;
			}
			if (strcmp(secret->label, making->judgement->secret) == 0) {
				return mac;
			}
			first = first ? first : mac;
		}
	}
	return first;
}

static size_t keyed_digest(
	const struct hmac *mac, struct span bytes, unsigned char digest[EVP_MAX_MD_SIZE]) {
	struct hmac_state state;
	hmac_begin(mac, &state);
	hmac_add(mac, &state, bytes);
	return hmac_end(mac, &state, digest);
}

static bool put_mac(struct making *making, struct span bytes) {
	const struct handshake *handshake = making->handshake;
	unsigned char digest[EVP_MAX_MD_SIZE];
	size_t len = 0;
	const struct hmac *mac = handshake->mac_keyed ? find_mac(making) : NULL;
	if (handshake->mac_keyed && !mac) {
		return refuse(making, NOT_READY, "it needs the secret: endpoint set --secret-file FILE");
	}
	if (mac) {
		len = keyed_digest(mac, bytes, digest);
	} else if (making->keyring) {
		len = keyring_digest(making->keyring, handshake->mac_hash, bytes, digest);
	}
	struct buffer encoded = {.data = making->mac, .capacity = sizeof making->mac};
	encoding_append(&encoded, handshake->mac_encoding, (struct span){(const char *)digest, len});
	making->mac[encoded.len] = '\0';
	OPENSSL_cleanse(digest, sizeof digest);
	return len > 0 || refuse(making, NOT_READY, "its digest cannot be made");
}

static bool make_mac(struct making *making) {
	struct buffer bytes = {0};
	bool ok = making->handshake->mac_of.count == 0 ||
	          (append_text(making, &making->handshake->mac_of, true, &bytes) &&
				  put_mac(making, buffer_span(&bytes)));
	buffer_clear(&bytes);
	return ok;
}

static bool check_signature(struct making *making) {
	enum verdict verdict = making->judgement->verdict;
	bool right =
		verdict == VERDICT_VALID || verdict == VERDICT_PARTIAL || verdict == VERDICT_RESERIALISED;
	switch (making->handshake->is_signed) {
	case SIGNED_NEVER:
		return true;
	case SIGNED_KNOWN:
		right |= verdict == VERDICT_UNVERIFIED;
		break;
	case SIGNED_ALWAYS:
		break;
	}
	if (right) {
		return true;
	}
	return refuse(making, 401, "%s",
		verdict == VERDICT_UNVERIFIED ? "it is answered only when signed right, and there is no key"
		: verdict == VERDICT_EXPIRED  ? "its signature is expired"
		: verdict == VERDICT_UNSIGNED ? "it is not signed"
									  : "its signature is wrong");
}

/* Digests are compared, so that neither bytes nor length show in the time it takes. */
static bool is_parameter(struct making *making, struct span given) {
	const char *wanted = parameter_of(making, making->handshake->compare_with);
	unsigned char a[EVP_MAX_MD_SIZE], b[EVP_MAX_MD_SIZE];
	if (!*wanted) {
		return false;
	}
	size_t len = keyring_digest(making->keyring, HASH_SHA256, given, a);
	keyring_digest(making->keyring, HASH_SHA256, span_text(wanted), b);
	return CRYPTO_memcmp(a, b, len) == 0;
}

static bool check_parameter(struct making *making) {
	const struct handshake *handshake = making->handshake;
	if (handshake->compare.count == 0) {
		return true;
	}
	const char *name = handshake->compare_with;
	struct buffer given = {0};
	bool ok = append_text(making, &handshake->compare, true, &given);
	if (ok && !*parameter_of(making, name)) {
		ok = refuse(making, handshake->wrong,
			"it needs the parameter %s: endpoint set --provider %s --param %s=...", name,
			making->provider->name, name);
	} else if (ok && !is_parameter(making, buffer_span(&given))) {
		ok = refuse(making, handshake->wrong, "it is not the %s of this endpoint", name);
	}
	buffer_clear(&given);
	return ok;
}

static void append_line(struct buffer *out, const char *name, struct span value) {
	buffer_append_text(out, name);
	buffer_append_text(out, ": ");
	buffer_append_span(out, value);
	buffer_append_text(out, "\r\n");
}

static bool is_foreign(const struct handshake_text *text) {
	for (size_t i = 0; i < text->count; i++) {
		if (text->parts[i].place != VALUE_LITERAL) {
			return true;
		}
	}
	return false;
}

static bool make_headers(struct making *making) {
	struct handshake_answer *answer = making->answer;
	const struct handshake *handshake = making->handshake;
	if (handshake->body != HANDSHAKE_EMPTY) {
		append_line(&answer->headers, "X-Content-Type-Options", span_text("nosniff"));
		append_line(&answer->shown, "X-Content-Type-Options", span_text("nosniff"));
	}
	for (size_t i = 0; i < handshake->header_count; i++) {
		const struct handshake_member *header = &handshake->headers[i];
		struct buffer value = {0};
		bool ok = append_text(making, &header->value, true, &value);
		bool secret = handshake->keep.count > 0 && is_foreign(&header->value);
		if (ok) {
			append_line(&answer->headers, header->name, buffer_span(&value));
			append_line(&answer->shown, header->name,
				secret ? span_text("(the secret it brought)") : buffer_span(&value));
		}
		buffer_clear(&value);
		if (!ok) {
			return false;
		}
	}
	return true;
}

static bool make_json(struct making *making) {
	struct buffer *body = &making->answer->body;
	buffer_append_byte(body, '{');
	for (size_t i = 0; i < making->handshake->json_count; i++) {
		const struct handshake_member *member = &making->handshake->json[i];
		struct buffer value = {0};
		bool ok = append_text(making, &member->value, false, &value);
		if (ok && member->bare) {
			json_member_name(body, member->name);
			buffer_append_span(body, buffer_span(&value));
		} else if (ok) {
			json_member_text(body, member->name, buffer_span(&value));
		}
		buffer_clear(&value);
		if (!ok) {
			return false;
		}
	}
	buffer_append_byte(body, '}');
	return true;
}

static bool make_body(struct making *making) {
	struct handshake_answer *answer = making->answer;
	switch (making->handshake->body) {
	case HANDSHAKE_TEXT:
		answer->type = "text/plain";
		return append_text(making, &making->handshake->text, true, &answer->body);
	case HANDSHAKE_JSON:
		answer->type = "application/json";
		return make_json(making);
	case HANDSHAKE_EMPTY:
		break;
	}
	return true;
}

/* Whether "sns.eu-west-1.amazonaws.com" fits "sns.*.amazonaws.com"; no dot stands for the '*'. */
static bool is_host(struct span host, const char *pattern) {
	struct glob *glob = glob_new(span_text(pattern), true);
	size_t dots = 0, wanted = 0;
	for (size_t i = 0; i < host.len; i++) {
		dots += host.data[i] == '.';
	}
	for (const char *at = pattern; *at; at++) {
		wanted += *at == '.';
	}
	bool fits = dots == wanted && glob_matches(glob, host);
	glob_free(glob);
	return fits;
}

/* The host of a plain https URL: no port, no user, nothing a reader could take for another host. */
static struct span host_of(struct span url) {
	struct span https = span_text("https://");
	if (!span_starts_with(url, https)) {
		return (struct span){0};
	}
	struct span host = span_after(url, https.len);
	host.len = span_find(host, '/');
	for (size_t i = 0; i < host.len; i++) {
		char byte = host.data[i];
		bool good = (byte >= 'a' && byte <= 'z') || (byte >= '0' && byte <= '9') || byte == '-' ||
		            byte == '.';
		if (!good) {
			return (struct span){0};
		}
	}
	return host;
}

bool handshake_url(
	const struct handshake *handshake, const struct message *message, struct buffer *url) {
	size_t before = url->len;
	if (handshake->open.count == 0) {
		return false;
	}
	const struct handshake_part *part = &handshake->open.parts[0];
	handshake_value(part->place, part->text, message, url);
	bool fits = url->len - before <= URL_MAX &&
	            is_host(host_of(span_after(buffer_span(url), before)), handshake->open_host);
	for (size_t i = before; i < url->len; i++) {
		fits = fits && url->data[i] > ' ' && url->data[i] < 0x7f;
	}
	url->len = fits ? url->len : before;
	return fits;
}

/* What is left to its owner: opening a URL, keeping a secret. */
static void say_answered(struct making *making) {
	const struct handshake *handshake = making->handshake;
	struct buffer url = {0};
	if (handshake->open.count > 0) {
		const struct handshake_part *part = &handshake->open.parts[0];
		if (handshake_url(handshake, making->message, &url)) {
			say(making, "answered; open its %s to confirm", part->text);
		} else {
			say(making, "answered; do not open its %s: it is not at %s", part->text,
				handshake->open_host);
		}
	} else if (handshake->keep.count > 0) {
		making->answer->brought_secret = true;
		say(making, "answered; it brought a secret: endpoint set --secret-from keeps it");
	} else {
		say(making, "answered");
	}
	buffer_clear(&url);
}

void handshake_make(const struct provider *provider, const struct handshake *handshake,
	struct keyring *keyring, const struct message *message, const struct judgement *judgement,
	struct handshake_answer *answer) {
	struct making making = {.provider = provider,
		.handshake = handshake,
		.keyring = keyring,
		.message = message,
		.judgement = judgement,
		.answer = answer};
	buffer_reset(&answer->headers);
	buffer_reset(&answer->shown);
	buffer_reset(&answer->body);
	answer->type = NULL;
	answer->status = handshake->status;
	answer->brought_secret = false;
	answer->answered = check_signature(&making) && check_parameter(&making) && make_mac(&making) &&
	                   make_headers(&making) && make_body(&making);
	if (answer->answered) {
		say_answered(&making);
	}
}

bool handshake_secret(const struct handshake *handshake, const struct message *message,
	struct buffer *secret, struct error *err) {
	size_t before = secret->len;
	for (size_t i = 0; i < handshake->keep.count; i++) {
		const struct handshake_part *part = &handshake->keep.parts[i];
		handshake_value(part->place, part->text, message, secret);
	}
	struct span value = {secret->data ? secret->data + before : "", secret->len - before};
	if (value.len == 0) {
		return error_set(err, ERROR_NO, "this handshake brought no secret");
	}
	return (value.len <= HANDSHAKE_ECHO_MAX && unsafe_byte(value, true) < 0) ||
	       error_set(err, ERROR_NO, "what the handshake brought cannot be a secret");
}
