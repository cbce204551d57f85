/* hookline sign: signs a raw request in a file as its provider would. */
#include <openssl/rand.h>

#include "tui/commands/commands.h"
#include "tui/commands/signing.h"
#include "tui/commands/test_key.h"

/* What came of signing. */
struct signed_request {
	struct buffer lines; /* of the head */
	struct buffer body;  /* the new one, where the signature stands in it; else empty */
};

/* Whether a line of the head stays: not those that carry a signature, and a length only where it is still right. */
static bool is_kept(
	const struct signing_input *input, struct span name, const struct signed_request *made) {
	return !signature_owns_header(input->keyring, name) &&
	       (made->body.len == 0 || !span_equal_nocase(name, span_text("Content-Length")));
}

/* The request as it was but for what carries a signature; new header lines stand at the end of the head. */
static void print_request(const struct signing_input *input, const struct signed_request *made) {
	const struct message *message = &input->message;
	struct span request_line = {message->head.data, span_find(message->head, '\n') + 1};
	struct span body = made->body.len > 0 ? buffer_span(&made->body) : message->body;
	struct buffer out = {0};
	buffer_append_span(&out, request_line);
	for (size_t i = 0; i < message->header_count; i++) {
		if (is_kept(input, message->headers[i].name, made)) {
			buffer_append_span(&out, message->headers[i].line);
			buffer_append_text(&out, "\r\n");
		}
	}
	if (made->body.len > 0) {
		buffer_printf(&out, "Content-Length: %zu\r\n", body.len);
	}
	buffer_append_span(&out, buffer_span(&made->lines));
	buffer_append_text(&out, "\r\n");
	fwrite(out.data, 1, out.len, stdout);
	fwrite(body.data, 1, body.len, stdout);
	buffer_clear(&out);
}

static bool make_id(struct buffer *id, struct error *err) {
	unsigned char random[SIGNATURE_ID_RANDOM];
	if (RAND_bytes(random, sizeof random) != 1) {
		return error_set(err, ERROR_IO, "the system gives no random bytes");
	}
	signature_append_id(id, random);
	return true;
}

/* Where the receiver's half is, said where it does not mix with what is printed. */
static bool tell_public(
	const struct keyring *keyring, const struct private_key *key, struct error *err) {
	struct buffer path = {0}, line = {0};
	bool ok = test_key_write_public(keyring, key, &path, err);
	if (ok) {
		buffer_printf(&line, "signed with a test key; give the receiver %s", buffer_text(&path));
		fprintf(stderr, "hookline: %s\n", buffer_text(&line));
	}
	buffer_clear(&path);
	buffer_clear(&line);
	return ok;
}

/* `*key` stays NULL where the secrets sign. */
static bool open_key(const struct keyring *keyring, const struct arguments *arguments,
	struct private_key **key, struct error *err) {
	const char *file = arguments_text(arguments, "test-key-file", NULL);
	if (!file && !arguments_has(arguments, "test-key")) {
		return true;
	}
	*key = test_key_open(keyring, file, err);
	return *key && tell_public(keyring, *key, err);
}

static bool sign(const struct signing_input *input, const struct arguments *arguments,
	struct signed_request *out, struct error *err) {
	struct buffer made = {0};
	struct private_key *key = NULL;
	struct sign_options options = {.now_ms = input->now_ms,
		.label = arguments_text(arguments, "label", NULL),
		.id = span_text(arguments_text(arguments, "id", NULL)),
		.legacy = arguments_has(arguments, "legacy"),
		.body = &out->body};
	bool ok = make_id(&made, err) && open_key(input->keyring, arguments, &key, err);
	options.made_id = buffer_span(&made);
	options.private_key = key;
	ok = ok && signature_sign(input->keyring, &input->message, &options, &out->lines, err);
	private_key_free(key);
	buffer_clear(&made);
	return ok;
}

/* The public half alone, for who sets the receiver up; no request is read. */
static bool print_public(
	struct signing_input *input, const struct arguments *arguments, struct error *err) {
	struct buffer text = {0};
	if (arguments->word_count > 0) {
		return error_set(err, ERROR_USAGE, "--public-key reads no request");
	}
	const char *file = arguments_text(arguments, "test-key-file", NULL);
	struct private_key *key = signing_read_provider(input, arguments, err)
	                              ? test_key_open(input->keyring, file, err)
	                              : NULL;
	bool ok = key && signature_append_public(input->keyring, key, &text, err);
	if (ok) {
		fwrite(text.data, 1, text.len, stdout);
		fputs(text.data[text.len - 1] == '\n' ? "" : "\n", stdout);
	}
	private_key_free(key);
	buffer_clear(&text);
	return ok;
}

static bool run_sign(
	struct signing_input *input, const struct arguments *arguments, struct error *err) {
	struct signed_request made = {0};
	bool ok = signing_read(input, arguments, err) && sign(input, arguments, &made, err);
	if (ok && arguments_has(arguments, "headers")) {
		fwrite(made.lines.data, 1, made.lines.len, stdout);
	} else if (ok) {
		print_request(input, &made);
	}
	buffer_clear(&made.lines);
	buffer_clear(&made.body);
	return ok;
}

static int run(const struct arguments *arguments, struct error *err) {
	struct signing_input input = {0};
	bool ok = arguments_has(arguments, "public-key") ? print_public(&input, arguments, err)
	                                                 : run_sign(&input, arguments, err);
	signing_clear(&input);
	return ok ? 0 : 1;
}

static const struct option_row options[] = {
	SIGNING_OPTIONS,
	{"label", 0, "LABEL", "the secret to sign with, when several are given (the first)"},
	{"id", 0, "ID", "the message id, for schemes that sign one (the request's, else a new one)"},
	{"legacy", 0, NULL, "also the older signature the provider sends beside the main one"},
	{"headers", 0, NULL, "print only the header lines, not the request"},
	{"test-key", 0, NULL, "sign with a private key of your own, made on first use"},
	{"test-key-file", 0, "FILE", "the same with the private key in that PEM file"},
	{"public-key", 0, NULL, "print the test key's public half as the receiver takes it, and end"},
	{NULL},
};

static const char *const examples[] = {
	"hookline sign request.http --provider github --secret-file secret.txt > signed.http",
	"hookline sign request.http --provider stripe --secret-file s.txt --at 1767225590 --headers",
	"hookline sign request.http --provider discord --test-key",
	NULL,
};

const struct command command_sign = {
	.name = "sign",
	.summary = "sign a raw request in a file as its provider would",
	.usage = "[FILE] --secret-file [LABEL=]FILE | --test-key [--provider NAME] [--at TIME]",
	.examples = examples,
	.options = options,
	.run = run,
};
