/* hookline sign: signs a raw request in a file as its provider would. */
#include <openssl/rand.h>

#include "common/signature/encoding.h"
#include "tui/commands/commands.h"
#include "tui/commands/signing.h"

/* The request as it was but for the headers that carry a signature; new ones stand at the end of the head. */
static void print_request(const struct signing_input *input, struct span lines) {
	const struct message *message = &input->message;
	struct span request_line = {message->head.data, span_find(message->head, '\n') + 1};
	struct buffer out = {0};
	buffer_append_span(&out, request_line);
	for (size_t i = 0; i < message->header_count; i++) {
		if (!signature_owns_header(input->keyring, message->headers[i].name)) {
			buffer_append_span(&out, message->headers[i].line);
			buffer_append_text(&out, "\r\n");
		}
	}
	buffer_append_span(&out, lines);
	buffer_append_text(&out, "\r\n");
	fwrite(out.data, 1, out.len, stdout);
	fwrite(message->body.data, 1, message->body.len, stdout);
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

static bool sign(const struct signing_input *input, const struct arguments *arguments,
	struct buffer *lines, struct error *err) {
	struct buffer made = {0};
	struct sign_options options = {.now_ms = input->now_ms,
		.label = arguments_text(arguments, "label", NULL),
		.id = span_text(arguments_text(arguments, "id", NULL)),
		.legacy = arguments_has(arguments, "legacy")};
	bool ok = make_id(&made, err);
	options.made_id = buffer_span(&made);
	ok = ok && signature_sign(input->keyring, &input->message, &options, lines, err);
	buffer_clear(&made);
	return ok;
}

static int run(const struct arguments *arguments, struct error *err) {
	struct signing_input input = {0};
	struct buffer lines = {0};
	bool ok = signing_read(&input, arguments, err) && sign(&input, arguments, &lines, err);
	if (ok && arguments_has(arguments, "headers")) {
		fwrite(lines.data, 1, lines.len, stdout);
	} else if (ok) {
		print_request(&input, buffer_span(&lines));
	}
	buffer_clear(&lines);
	signing_clear(&input);
	return ok ? 0 : 1;
}

static const struct option_row options[] = {
	SIGNING_OPTIONS,
	{"label", 0, "LABEL", "the secret to sign with, when several are given (the first)"},
	{"id", 0, "ID", "the message id, for schemes that sign one (the request's, else a new one)"},
	{"legacy", 0, NULL, "also the older signature the provider sends beside the main one"},
	{"headers", 0, NULL, "print only the header lines, not the request"},
	{NULL},
};

static const char *const examples[] = {
	"hookline sign request.http --provider github --secret-file secret.txt > signed.http",
	"hookline sign request.http --provider stripe --secret-file s.txt --at 1767225590 --headers",
	NULL,
};

const struct command command_sign = {
	.name = "sign",
	.summary = "sign a raw request in a file as its provider would",
	.usage = "[FILE] --secret-file [LABEL=]FILE [--provider NAME] [--at TIME] [--headers]",
	.examples = examples,
	.options = options,
	.run = run,
};
