#include "common/sample.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/json_lexer.h"
#include "common/moment.h"
#include "common/signature/sign_anew.h"
#include "common/text.h"

/* Most texts of one sample that have a name, and the longest text and name. */
#define NAMED_MAX 16
#define TEXT_LEN 64
#define NAME_LEN 32

/* Most samples that are looked at for a nearest name. */
#define NAMES_MAX 256

const struct sample *sample_first(const char *provider, size_t *count) {
	const struct sample *first = NULL;
	*count = 0;
	for (size_t i = 0; i < samples_builtin_count; i++) {
		if (strcmp(samples_builtin[i].provider, provider) == 0) {
			first = first ? first : &samples_builtin[i];
			++*count;
		}
	}
	return first;
}

static const struct sample *no_type(
	const struct sample *first, size_t count, const char *type, struct error *err) {
	const char *names[NAMES_MAX];
	for (size_t i = 0; i < count && i < NAMES_MAX; i++) {
		names[i] = first[i].type;
	}
	const char *nearest = text_nearest(type, names, count < NAMES_MAX ? count : NAMES_MAX);
	error_set(err, ERROR_NO, "there is no sample \"%s\" of %s%s%s%s", type, first->provider,
		nearest ? ", did you mean \"" : "", nearest ? nearest : "", nearest ? "\"?" : "");
	return NULL;
}

const struct sample *sample_find(const char *provider, const char *type, struct error *err) {
	size_t count;
	const struct sample *first = sample_first(provider, &count);
	if (!first) {
		error_set(err, ERROR_NO, "there is no sample of %s; hookline send --list tells of whom",
			provider);
		return NULL;
	}
	for (size_t i = 0; i < count; i++) {
		if (!type || strcmp(first[i].type, type) == 0) {
			return &first[i];
		}
	}
	return no_type(first, count, type, err);
}

/* --- filling in --- */

struct named {
	char name[NAME_LEN], text[TEXT_LEN];
};

struct filling {
	const struct sample *sample;
	int64_t now_ms;
	uint64_t state; /* of splitmix64 */
	struct named named[NAMED_MAX];
	size_t named_count;
};

static uint64_t next_random(struct filling *filling) {
	uint64_t z = filling->state += UINT64_C(0x9e3779b97f4a7c15);
	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return z ^ (z >> 31);
}

static const char digits[] = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

/* `base` of those digits; a number does not begin with zero. */
static void make_digits(struct filling *filling, char *out, size_t len, size_t base) {
	for (size_t i = 0; i < len; i++) {
		size_t least = i == 0 && base == 10 ? 1 : 0;
		out[i] = digits[least + next_random(filling) % (base - least)];
	}
	out[len] = '\0';
}

static void make_uuid(struct filling *filling, char out[TEXT_LEN]) {
	char hex[33];
	make_digits(filling, hex, 32, 16);
	hex[12] = '4';
	hex[16] = "89ab"[next_random(filling) % 4];
	snprintf(
		out, TEXT_LEN, "%.8s-%.4s-%.4s-%.4s-%.12s", hex, hex + 8, hex + 12, hex + 16, hex + 20);
}

static bool make_moment(
	const struct filling *filling, const char *kind, const char *offset, char out[TEXT_LEN]) {
	int64_t ms = filling->now_ms + strtoll(offset, NULL, 10) * 1000;
	struct buffer text = {0};
	moment_append(&text, ms * MOMENT_NS_PER_MS);
	bool known = true;
	if (strcmp(kind, "unix") == 0) {
		snprintf(out, TEXT_LEN, "%" PRId64, ms / 1000);
	} else if (strcmp(kind, "unix_ms") == 0) {
		snprintf(out, TEXT_LEN, "%" PRId64, ms);
	} else if (strcmp(kind, "iso") == 0) {
		snprintf(out, TEXT_LEN, "%.19sZ", buffer_text(&text));
	} else if (strcmp(kind, "iso_ms") == 0) {
		snprintf(out, TEXT_LEN, "%.23sZ", buffer_text(&text));
	} else if (strcmp(kind, "date") == 0) {
		snprintf(out, TEXT_LEN, "%.10s", buffer_text(&text));
	} else {
		known = false;
	}
	buffer_clear(&text);
	return known;
}

/* What `kind` with its argument stands for. */
static void make_text(
	struct filling *filling, const char *kind, const char *argument, char out[TEXT_LEN]) {
	size_t len = strtoul(argument, NULL, 10);
	len = len < TEXT_LEN ? len : TEXT_LEN - 1;
	if (strcmp(kind, "uuid") == 0) {
		make_uuid(filling, out);
	} else if (!make_moment(filling, kind, argument, out)) {
		size_t base = strcmp(kind, "hex") == 0 ? 16 : strcmp(kind, "digits") == 0 ? 10 : 62;
		make_digits(filling, out, len, base);
	}
}

static struct named *find_named(struct filling *filling, const char *name) {
	for (size_t i = 0; i < filling->named_count; i++) {
		if (strcmp(filling->named[i].name, name) == 0) {
			return &filling->named[i];
		}
	}
	return NULL;
}

/* The words of a place: what, how long, and its name; a name may stand alone with a kind that has no length. */
static void fill_place(struct filling *filling, struct buffer *out, struct span place) {
	char kind[NAME_LEN], argument[NAME_LEN], name[NAME_LEN], text[TEXT_LEN];
	struct span word = span_cut(&place, ' '), second = span_cut(&place, ' ');
	bool is_number = second.len > 0 && strchr("+-0123456789", second.data[0]);
	struct span third = is_number ? place : second;
	snprintf(kind, sizeof kind, "%.*s", (int)word.len, word.data);
	snprintf(argument, sizeof argument, "%.*s", is_number ? (int)second.len : 0,
		second.data ? second.data : "");
	snprintf(name, sizeof name, "%.*s", (int)third.len, third.data ? third.data : "");
	if (strcmp(kind, "type") == 0) {
		buffer_append_text(out, filling->sample->type);
		return;
	}
	struct named *known = *name ? find_named(filling, name) : NULL;
	if (known) {
		buffer_append_text(out, known->text);
		return;
	}
	make_text(filling, kind, argument, text);
	buffer_append_text(out, text);
	if (*name && filling->named_count < NAMED_MAX) {
		struct named *named = &filling->named[filling->named_count++];
		memcpy(named->name, name, sizeof name);
		memcpy(named->text, text, sizeof text);
	}
}

static void fill_in(struct filling *filling, struct buffer *out, const char *text) {
	const char *begin, *end;
	while ((begin = strstr(text, "{{")) && (end = strstr(begin, "}}"))) {
		buffer_append(out, text, (size_t)(begin - text));
		fill_place(filling, out, (struct span){begin + 2, (size_t)(end - begin) - 2});
		text = end + 2;
	}
	buffer_append_text(out, text);
}

static void append_headers(struct buffer *out, struct span lines) {
	while (lines.len > 0) {
		struct span line = span_cut(&lines, '\n');
		if (line.len > 0) {
			buffer_append_span(out, line);
			buffer_append_text(out, "\r\n");
		}
	}
}

void sample_make(const struct sample *sample, const struct sample_fill *fill,
	struct buffer *headers, struct buffer *body) {
	struct filling filling = {.sample = sample, .now_ms = fill->now_ms, .state = fill->seed};
	struct buffer text = {0};
	fill_in(&filling, &text, sample->headers);
	append_headers(headers, buffer_span(&text));
	buffer_reset(&text);
	fill_in(&filling, &text, sample->body);
	if (!sample->json || !json_stringify(body, buffer_span(&text))) {
		struct span rest = buffer_span(&text);
		buffer_append_span(body, span_cut(&rest, '\n'));
	}
	buffer_clear(&text);
}

void sample_request_clear(struct sample_request *request) {
	buffer_clear(&request->head);
	buffer_clear(&request->body);
}

void sample_request_set(struct sample_request *request, const char *target, const char *host,
	struct span headers, struct span body) {
	buffer_reset(&request->head);
	buffer_printf(&request->head, "POST %s HTTP/1.1\r\nHost: %s\r\n", target, host);
	buffer_append_span(&request->head, headers);
	buffer_printf(&request->head, "Content-Length: %zu\r\n\r\n", body.len);
	buffer_reset(&request->body);
	buffer_append_span(&request->body, body);
}

/* The head with new header lines in it, and with the length of another body. */
static void take(
	struct sample_request *request, const struct message *message, struct buffer *lines) {
	struct buffer head = {0};
	sign_anew_head(&head, message, buffer_span(lines));
	buffer_clear(&request->head);
	request->head = head;
}

bool sample_request_sign(struct sample_request *request, struct keyring *keyring,
	const struct sign_options *options, struct error *err) {
	struct message message = {0};
	struct buffer lines = {0}, body = {0};
	struct sign_options own = *options;
	own.body = &body;
	bool ok =
		message_parse(&message, buffer_span(&request->head), buffer_span(&request->body), err) &&
		signature_sign(keyring, &message, &own, &lines, err);
	if (ok && body.len > 0) {
		buffer_printf(&lines, "Content-Length: %zu\r\n", body.len);
	}
	if (ok) {
		take(request, &message, &lines);
	}
	if (ok && body.len > 0) {
		buffer_clear(&request->body);
		request->body = body;
		body = (struct buffer){0};
	}
	message_clear(&message);
	buffer_clear(&lines);
	buffer_clear(&body);
	return ok;
}
