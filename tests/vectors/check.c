/*
 * Judges and signs the requests of vector files and says where the engine disagrees.
 *   check [--all] [--known=LIST] FILE...
 * One line for each disagreement, a count at the end; exit 1 when there is any. Vectors of tier `core` are judged,
 * with --all those of tier `variation` too; those that expect `either` never. What LIST names between backquotes must
 * disagree (README.md tells why each does).
 */
#include <cjson/cJSON.h>
#include <errno.h>
#include <math.h>
#include <openssl/evp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/alloc.h"
#include "common/signature/encoding.h"
#include "common/signature/keyset.h"
#include "common/signature/signature.h"
#include "common/text.h"

#define FILE_MAX_BYTES ((size_t)64 * 1024 * 1024)
#define BODY_MAX_BYTES ((size_t)64 * 1024 * 1024)
#define PARAMETERS_MAX 32
#define SECRETS_MAX 32

struct run {
	struct catalogue *catalogue;
	bool all;
	struct buffer known; /* the text that names those that are to disagree */
	const char *file;
	const cJSON *document;
	const struct provider *provider;
	long passed, failed, differing;
};

/* One vector made ready. */
struct vector {
	const cJSON *json;
	const char *id, *title;
	struct buffer body;
	struct message message;
	struct keyring *keyring;
	struct keyset *keyset;
	int64_t now_ms;
};

static const cJSON *member(const cJSON *object, const char *name) {
	return cJSON_GetObjectItemCaseSensitive(object, name);
}

static const char *text_of(const cJSON *object, const char *name) {
	const cJSON *item = member(object, name);
	return cJSON_IsString(item) ? item->valuestring : NULL;
}

static struct span span_of(const cJSON *object, const char *name) {
	return span_text(text_of(object, name));
}

static void fail(struct run *run, const struct vector *vector, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* Whether README.md lists the vector as one that disagrees. */
static bool is_known(struct run *run, const struct vector *vector) {
	char quoted[128];
	snprintf(quoted, sizeof quoted, "`%s`", vector->id);
	return strstr(buffer_text(&run->known), quoted) != NULL;
}

/* What is printed comes from the file, so it is made harmless first. */
static void fail(struct run *run, const struct vector *vector, const char *format, ...) {
	char what[1024];
	va_list args;
	va_start(args, format);
	vsnprintf(what, sizeof what, format, args);
	va_end(args);
	struct buffer raw = {0}, line = {0};
	if (vector) {
		buffer_printf(&raw, "%s (%s): %s", vector->id, vector->title, what);
	} else {
		buffer_printf(&raw, "%s: %s", run->file, what);
	}
	text_escape(&line, buffer_span(&raw), TEXT_LINE);
	puts(buffer_text(&line));
	buffer_clear(&raw);
	buffer_clear(&line);
	run->failed++;
}

static bool append_part(struct buffer *body, const cJSON *part) {
	const cJSON *times = member(part, "times");
	double count = cJSON_IsNumber(times) ? times->valuedouble : 1;
	struct span text = span_of(part, "b64");
	struct buffer bytes = {0};
	bool ok = text.data && encoding_decode(&bytes, ENCODING_BASE64, text) && count >= 0 &&
	          count * (double)bytes.len <= (double)(BODY_MAX_BYTES - body->len);
	for (double i = 0; ok && bytes.len > 0 && i < count; i++) {
		buffer_append_span(body, buffer_span(&bytes));
	}
	buffer_clear(&bytes);
	return ok;
}

/* What the file tells of a body in parts must be what came out of it. */
static bool is_as_told(const cJSON *json, struct span body) {
	const cJSON *length = member(json, "length");
	if (cJSON_IsNumber(length) && length->valuedouble != (double)body.len) {
		return false;
	}
	const char *told = text_of(json, "sha256");
	unsigned char digest[EVP_MAX_MD_SIZE];
	unsigned len = 0;
	struct buffer hex = {0};
	bool ok = EVP_Digest(body.data, body.len, digest, &len, EVP_sha256(), NULL) == 1;
	encoding_append(&hex, ENCODING_HEX, (struct span){(const char *)digest, len});
	ok = ok && (!told || strcmp(buffer_text(&hex), told) == 0);
	buffer_clear(&hex);
	return ok;
}

static bool read_body(struct vector *vector, const cJSON *json) {
	const cJSON *parts = member(json, "parts"), *part;
	buffer_reserve(&vector->body, 1);
	if (!json || cJSON_IsNull(json)) {
		return true;
	}
	if (!parts) {
		return append_part(&vector->body, json);
	}
	cJSON_ArrayForEach(part, parts) {
		if (!append_part(&vector->body, part)) {
			return false;
		}
	}
	return is_as_told(json, buffer_span(&vector->body));
}

static void add_header(struct message *message, struct header header) {
	if (message->header_count == message->header_capacity) {
		message->header_capacity = message->header_capacity ? 2 * message->header_capacity : 16;
		message->headers =
			alloc_resize(message->headers, message->header_capacity * sizeof *message->headers);
	}
	message->headers[message->header_count++] = header;
}

/* The message is made of the values as the file has them: what a verifier is given after HTTP parsing. */
static bool read_request(struct vector *vector) {
	const cJSON *request = member(vector->json, "request"), *header;
	if (!cJSON_IsObject(request) || !read_body(vector, member(request, "body"))) {
		return false;
	}
	struct message *message = &vector->message;
	message->method = span_of(request, "method");
	message->target = span_of(request, "url");
	message->version = span_text("HTTP/1.1");
	message->body = buffer_span(&vector->body);
	cJSON_ArrayForEach(header, member(request, "headers")) {
		const cJSON *name = cJSON_GetArrayItem(header, 0), *value = cJSON_GetArrayItem(header, 1);
		if (!cJSON_IsString(name) || !cJSON_IsString(value)) {
			return false;
		}
		add_header(message, (struct header){.name = span_text(name->valuestring),
								.value = span_text(value->valuestring)});
	}
	return true;
}

/* A value of the vector's own params, else of the file's. */
static const cJSON *param(const struct run *run, const struct vector *vector, const char *name) {
	const cJSON *value = member(member(vector->json, "params"), name);
	return value ? value : member(member(run->document, "params"), name);
}

static void add_secret(struct vector *vector, const char *label, const cJSON *secret) {
	struct error ignored = {0}; /* a secret that is none leaves the request unverified */
	if (cJSON_IsString(secret)) {
		keyring_add(vector->keyring, label, span_text(secret->valuestring), &ignored);
	}
}

static void add_user_and_password(struct vector *vector, const cJSON *user, const cJSON *password) {
	struct error ignored = {0};
	struct buffer both = {0};
	buffer_printf(&both, "%s:%s", user->valuestring, password->valuestring);
	keyring_add(vector->keyring, "basic", buffer_span(&both), &ignored);
	buffer_clear(&both);
}

/* Public keys: as texts, as JSON that holds several, or as certificates by the address they are fetched from. */
static void add_publics(const struct run *run, struct vector *vector) {
	static const char *const json[] = {"jwks", "public_keys"};
	struct error ignored = {0};
	const cJSON *certificate;
	add_secret(vector, "public key", param(run, vector, "public_key"));
	add_secret(vector, "next", param(run, vector, "secret_next"));
	for (size_t i = 0; i < sizeof json / sizeof json[0]; i++) {
		const cJSON *value = param(run, vector, json[i]);
		char *text = cJSON_IsObject(value) ? cJSON_PrintUnformatted(value) : NULL;
		if (text) {
			keyring_add(vector->keyring, json[i], span_text(text), &ignored);
		}
		cJSON_free(text);
	}
	cJSON_ArrayForEach(certificate, param(run, vector, "certs")) {
		if (cJSON_IsString(certificate)) {
			keyset_put(vector->keyset, span_text(certificate->string),
				span_text(certificate->valuestring), FORM_X509, &ignored);
		}
	}
	keyring_use_keyset(vector->keyring, vector->keyset);
}

static void add_secrets(const struct run *run, struct vector *vector) {
	const cJSON *own = member(vector->json, "params"), *list = param(run, vector, "secrets"), *item;
	const cJSON *user = param(run, vector, "username"), *word = param(run, vector, "password");
	if (member(own, "secret") && !member(own, "secrets")) {
		list = NULL; /* one secret of its own takes the place of the file's list */
	}
	int number = 0;
	cJSON_ArrayForEach(item, list) {
		char label[16];
		snprintf(label, sizeof label, "%d", ++number);
		if (number <= SECRETS_MAX) {
			add_secret(vector, label, item);
		}
	}
	if (!list) {
		add_secret(vector, "secret", param(run, vector, "secret"));
	}
	add_secret(vector, "secondary", param(run, vector, "secondary"));
	if (cJSON_IsString(user) && cJSON_IsString(word)) {
		add_user_and_password(vector, user, word);
	}
}

static bool make_keyring(const struct run *run, struct vector *vector, struct error *err) {
	struct parameter given[PARAMETERS_MAX];
	size_t count = 0;
	const struct provider_parameter *known = run->provider->parameters;
	for (; known && known->name && count < PARAMETERS_MAX; known++) {
		const cJSON *value = param(run, vector, known->name);
		if (cJSON_IsString(value)) {
			given[count++] = (struct parameter){known->name, value->valuestring};
		}
	}
	vector->keyset = keyset_new();
	vector->keyring = keyring_new(run->provider, given, count, err);
	if (vector->keyring) {
		add_secrets(run, vector);
		add_publics(run, vector);
	}
	return vector->keyring != NULL;
}

/* Whether a verdict on an invalid request is of the class the vector names, if it names one. */
static bool is_of_class(enum verdict verdict, const char *reason) {
	bool stale = reason && strcmp(reason, "stale") == 0;
	bool missing = reason && strcmp(reason, "missing") == 0;
	if (!reason) {
		return true;
	}
	return stale     ? verdict == VERDICT_EXPIRED
	       : missing ? verdict == VERDICT_UNSIGNED || verdict == VERDICT_INVALID
	                 : verdict == VERDICT_INVALID;
}

static void check_verdict(struct run *run, struct vector *vector, const char *expected) {
	struct judgement got = signature_verify(vector->keyring, &vector->message, vector->now_ms);
	bool accepted = got.verdict == VERDICT_VALID || got.verdict == VERDICT_PARTIAL ||
	                got.verdict == VERDICT_RESERIALISED;
	bool valid = strcmp(expected, "valid") == 0;
	const char *reason = text_of(vector->json, "reason");
	bool agrees = accepted == valid && (valid || is_of_class(got.verdict, reason));
	if (is_known(run, vector) && agrees) {
		fail(run, vector, "is listed as one that disagrees, but agrees");
	} else if (is_known(run, vector)) {
		run->differing++;
	} else if (agrees) {
		run->passed++;
	} else if (accepted == valid) {
		fail(run, vector, "expected invalid (%s), got %s: %s", reason, verdict_name(got.verdict),
			got.reason);
	} else {
		fail(run, vector, "expected %s, got %s: %s", expected, verdict_name(got.verdict),
			got.reason);
	}
}

/* Takes "Name: value" from the front; false when nothing is left. */
static bool next_line(struct span *lines, struct header *header) {
	if (lines->len == 0) {
		return false;
	}
	struct span line = span_cut(lines, '\r');
	*lines = span_after(*lines, 1);
	header->name = span_cut(&line, ':');
	header->value = span_after(line, 1);
	return true;
}

static bool has_header(const struct message *message, const struct header *wanted) {
	for (size_t i = 0; i < message->header_count; i++) {
		if (span_equal_nocase(message->headers[i].name, wanted->name) &&
			span_equal(message->headers[i].value, wanted->value)) {
			return true;
		}
	}
	return false;
}

/* The name of a header that differs between what was signed and what the request carries; `data` NULL: none. */
static struct span difference(const struct vector *vector, struct span lines) {
	struct header header;
	struct message made = {0};
	struct span differs = {NULL, 0};
	while (next_line(&lines, &header)) {
		add_header(&made, header);
		if (!has_header(&vector->message, &header)) {
			differs = header.name;
		}
	}
	for (size_t i = 0; i < vector->message.header_count; i++) {
		const struct header *sent = &vector->message.headers[i];
		if (signature_owns_header(vector->keyring, sent->name) && !has_header(&made, sent)) {
			differs = sent->name;
		}
	}
	message_clear(&made);
	return differs;
}

static void check_signing(struct run *run, struct vector *vector, const cJSON *resign) {
	struct sign_options options = {.now_ms = vector->now_ms,
		.timestamp = span_of(resign, "timestamp"),
		.id = span_of(resign, "id")};
	struct buffer lines = {0};
	struct error err = {0};
	if (!signature_sign(vector->keyring, &vector->message, &options, &lines, &err)) {
		fail(run, vector, "cannot be signed: %s", err.text);
	} else {
		struct span name = difference(vector, buffer_span(&lines));
		if (name.data) {
			fail(run, vector, "signing does not make the same %.*s", (int)name.len, name.data);
		} else {
			run->passed++;
		}
	}
	buffer_clear(&lines);
}

static bool is_verdict(const char *text) {
	return strcmp(text, "valid") == 0 || strcmp(text, "invalid") == 0;
}

static void check_ready(struct run *run, struct vector *vector, const char *expected) {
	const cJSON *resign = member(vector->json, "resign");
	struct error err = {0};
	if (!read_request(vector)) {
		fail(run, vector, "the request cannot be read");
		return;
	}
	if (!make_keyring(run, vector, &err)) {
		fail(run, vector, "%s", err.text);
		return;
	}
	if (is_verdict(expected)) {
		check_verdict(run, vector, expected);
	}
	if (cJSON_IsObject(resign)) {
		check_signing(run, vector, resign);
	}
}

static void check_vector(struct run *run, const cJSON *json) {
	struct vector vector = {
		.json = json, .id = text_of(json, "id"), .title = text_of(json, "title")};
	const cJSON *now = member(json, "now_ms");
	const char *expected = text_of(json, "expect");
	vector.id = vector.id ? vector.id : "a vector without id";
	vector.title = vector.title ? vector.title : "no title";
	if (!expected || (!is_verdict(expected) && strcmp(expected, "either") != 0)) {
		fail(run, &vector, "\"expect\" is not valid, invalid or either");
	} else if (!cJSON_IsNumber(now) || !(fabs(now->valuedouble) < 9e15)) {
		fail(run, &vector, "\"now_ms\" is no moment");
	} else {
		vector.now_ms = (int64_t)now->valuedouble;
		check_ready(run, &vector, expected);
	}
	keyring_free(vector.keyring);
	keyset_free(vector.keyset);
	message_clear(&vector.message);
	buffer_clear(&vector.body);
}

static bool is_judged(const struct run *run, const cJSON *json) {
	const char *tier = text_of(json, "tier");
	return !tier || strcmp(tier, "core") == 0 || (run->all && strcmp(tier, "variation") == 0);
}

/* "hubspot-v3" is the vectors of one scheme of hubspot. */
static const struct provider *find_provider(
	const struct run *run, const char *name, struct error *err) {
	const struct provider *provider = catalogue_find(run->catalogue, name, err);
	const char *dash = strrchr(name, '-');
	if (!provider && dash) {
		char shorter[64];
		struct error ignored = {0};
		snprintf(shorter, sizeof shorter, "%.*s", (int)(dash - name), name);
		provider = catalogue_find(run->catalogue, shorter, &ignored);
	}
	return provider;
}

static void check_document(struct run *run) {
	const char *name = text_of(run->document, "provider");
	const cJSON *vectors = member(run->document, "vectors"), *json;
	struct error err = {0};
	if (!name || !cJSON_IsArray(vectors)) {
		fail(run, NULL, "is no vector file (it needs \"provider\" and \"vectors\")");
		return;
	}
	run->provider = find_provider(run, name, &err);
	if (!run->provider) {
		fail(run, NULL, "%s", err.text);
		return;
	}
	cJSON_ArrayForEach(json, vectors) {
		if (!cJSON_IsObject(json)) {
			fail(run, NULL, "a vector is no object");
		} else if (is_judged(run, json)) {
			check_vector(run, json);
		}
	}
}

/* NULL, or why the file cannot be read. */
static const char *read_whole(const char *path, struct buffer *text) {
	FILE *file = fopen(path, "rb");
	if (!file) {
		return strerror(errno);
	}
	size_t got = 0;
	do {
		got = fread(buffer_reserve(text, 65536), 1, 65536, file);
		text->len += got;
	} while (got > 0 && text->len <= FILE_MAX_BYTES);
	const char *why = ferror(file) ? strerror(errno) : NULL;
	fclose(file);
	return text->len > FILE_MAX_BYTES ? "too large" : why;
}

static void check_file(struct run *run, const char *file) {
	struct buffer text = {0};
	run->file = file;
	const char *why = read_whole(file, &text);
	if (why) {
		fail(run, NULL, "cannot be read: %s", why);
	} else {
		cJSON *document = cJSON_ParseWithLength(buffer_text(&text), text.len);
		run->document = document;
		if (cJSON_IsObject(document)) {
			check_document(run);
		} else {
			fail(run, NULL, "is no JSON object");
		}
		cJSON_Delete(document);
	}
	buffer_clear(&text);
}

/* --all, --known=LIST; false: a file. */
static bool take_option(struct run *run, const char *argument) {
	if (strcmp(argument, "--all") == 0) {
		run->all = true;
		return true;
	}
	if (strncmp(argument, "--known=", 8) == 0) {
		const char *why = read_whole(argument + 8, &run->known);
		if (why) {
			run->file = argument + 8;
			fail(run, NULL, "cannot be read: %s", why);
		}
		return true;
	}
	return false;
}

int main(int argc, char **argv) {
	struct run run = {.catalogue = catalogue_new()};
	int files = 0;
	for (int i = 1; i < argc; i++) {
		if (!take_option(&run, argv[i])) {
			check_file(&run, argv[i]);
			files++;
		}
	}
	catalogue_free(run.catalogue);
	buffer_clear(&run.known);
	if (files == 0) {
		fputs("usage: tests/vectors/run [--all] [--known=LIST] FILE...\n", stderr);
		return 2;
	}
	printf("%ld passed, %ld failed", run.passed, run.failed);
	if (run.differing > 0) {
		printf(", %ld differ as listed", run.differing);
	}
	putchar('\n');
	return run.failed > 0 ? 1 : 0;
}
