/* hookline verify: judges a raw request in a file. */
#include "common/json.h"
#include "common/text.h"
#include "tui/commands/commands.h"
#include "tui/commands/signing.h"

static void print_json(const struct judgement *judgement, const char *provider) {
	struct buffer out = {0};
	buffer_append_byte(&out, '{');
	json_member_text(&out, "verdict", span_text(verdict_name(judgement->verdict)));
	json_member_text(&out, "reason", span_text(judgement->reason));
	json_member_text(&out, "secret", span_text(judgement->secret));
	json_member_text(&out, "provider", span_text(provider));
	buffer_append_text(&out, "}\n");
	fwrite(out.data, 1, out.len, stdout);
	buffer_clear(&out);
}

static void print_words(const struct judgement *judgement, const char *provider) {
	struct buffer raw = {0}, out = {0};
	buffer_printf(
		&raw, "%s: %s (%s", verdict_name(judgement->verdict), judgement->reason, provider);
	if (judgement->secret[0]) {
		buffer_printf(&raw, ", secret %s", judgement->secret);
	}
	buffer_append_byte(&raw, ')');
	text_escape(&out, buffer_span(&raw), TEXT_LINE);
	puts(buffer_text(&out));
	buffer_clear(&raw);
	buffer_clear(&out);
}

static int run(const struct arguments *arguments, struct error *err) {
	struct signing_input input = {0};
	int code = 1;
	if (signing_read(&input, arguments, err)) {
		struct judgement judgement = signature_verify(input.keyring, &input.message, input.now_ms);
		const char *provider = keyring_provider(input.keyring)->name;
		if (arguments_has(arguments, "json")) {
			print_json(&judgement, provider);
		} else {
			print_words(&judgement, provider);
		}
		code = judgement.verdict == VERDICT_VALID ? 0 : 1;
	}
	signing_clear(&input);
	return code;
}

static const struct option_row options[] = {
	SIGNING_OPTIONS,
	{"json", 0, NULL, "print an object with verdict, reason, secret and provider"},
	{NULL},
};

static const char *const examples[] = {
	"hookline verify request.http --provider stripe --secret-file whsec.txt",
	"hookline show stripe#42 --raw | hookline verify --secret-file prod=p.txt --secret-file "
	"old=o.txt",
	NULL,
};

const struct command command_verify = {
	.name = "verify",
	.summary = "judge the signature of a raw request in a file; exits 0 only when it is valid",
	.usage = "[FILE] --secret-file [LABEL=]FILE... [--provider NAME] [--at TIME] [--json]",
	.examples = examples,
	.options = options,
	.run = run,
};
