/* hookline verify: judges a raw request in a file. */
#include "common/json.h"
#include "common/signature/advice.h"
#include "common/text.h"
#include "tui/commands/commands.h"
#include "tui/commands/signing.h"

/* What is said of a request; `explanation` NULL: it was not asked for. */
struct finding {
	const struct judgement *judgement;
	const char *provider;
	const struct explanation *explanation;
};

static void print_json(const struct finding *finding) {
	struct buffer out = {0};
	buffer_append_byte(&out, '{');
	json_member_text(&out, "verdict", span_text(verdict_name(finding->judgement->verdict)));
	json_member_text(&out, "reason", span_text(finding->judgement->reason));
	json_member_text(&out, "secret", span_text(finding->judgement->secret));
	json_member_text(&out, "provider", span_text(finding->provider));
	if (finding->explanation) {
		json_member_name(&out, "explanation");
		explanation_append_json(&out, finding->explanation, true);
	}
	buffer_append_text(&out, "}\n");
	fwrite(out.data, 1, out.len, stdout);
	buffer_clear(&out);
}

static void print_line(struct buffer *raw) {
	struct buffer out = {0};
	text_escape(&out, buffer_span(raw), TEXT_LINE);
	puts(buffer_text(&out));
	buffer_clear(&out);
	buffer_reset(raw);
}

static void add_bytes(struct buffer *line, const char *name, struct span before, struct span bytes,
	struct span after) {
	buffer_printf(line, "%s", name);
	buffer_append_span(line, before);
	buffer_append_text(line, "[");
	buffer_append_span(line, bytes);
	buffer_append_text(line, "]");
	buffer_append_span(line, after);
}

/* Who has the secrets in files of his own may see the MACs. */
static void print_explanation(const struct explanation *explanation) {
	struct explain_region region;
	struct buffer line = {0};
	buffer_printf(&line, "why: %s", explanation->sentence);
	print_line(&line);
	if (explanation_region(explanation, &region)) {
		buffer_printf(&line, "the signed text differs at byte %zu", region.at);
		print_line(&line);
		add_bytes(&line, "  received  ", region.before, region.received, region.after);
		print_line(&line);
		add_bytes(&line, "  signed    ", region.before, region.signed_for, region.after);
		print_line(&line);
	}
	const struct advice_about about = {.verdict = explanation->judgement.verdict,
		.cause = explanation->cause,
		.secret = span_text(explanation->secret)};
	buffer_append_text(&line, "to do: ");
	size_t before = line.len;
	advice_append(&line, &about);
	if (line.len > before) {
		print_line(&line);
	}
	buffer_reset(&line);
	if (explanation->expected_mac.len > 0) {
		buffer_append_text(&line, "signature received: ");
		buffer_append_span(&line, buffer_span(&explanation->received_mac));
		print_line(&line);
		buffer_append_text(&line, "right for the bytes: ");
		buffer_append_span(&line, buffer_span(&explanation->expected_mac));
		print_line(&line);
	}
	buffer_clear(&line);
}

static void print_words(const struct finding *finding) {
	struct buffer raw = {0};
	const struct judgement *judgement = finding->judgement;
	buffer_printf(
		&raw, "%s: %s (%s", verdict_name(judgement->verdict), judgement->reason, finding->provider);
	if (judgement->secret[0]) {
		buffer_printf(&raw, ", secret %s", judgement->secret);
	}
	buffer_append_byte(&raw, ')');
	print_line(&raw);
	buffer_clear(&raw);
	if (finding->explanation && finding->explanation->cause != EXPLAIN_VALID) {
		print_explanation(finding->explanation);
	}
}

static void explain_input(const struct signing_input *input, struct explanation *explanation) {
	struct explain_input explained = {.catalogue = input->catalogue,
		.provider = keyring_provider(input->keyring),
		.secrets = input->secrets.items,
		.secret_count = input->secrets.count,
		.others = input->others.items,
		.other_count = input->others.count,
		.message = &input->message,
		.now_ms = input->now_ms};
	explained.parameters = keyring_parameters(input->keyring, &explained.parameter_count);
	explain(&explained, explanation);
}

static int judge(const struct signing_input *input, const struct arguments *arguments) {
	struct judgement judgement = signature_verify(input->keyring, &input->message, input->now_ms);
	struct explanation explanation = {0};
	bool why = arguments_has(arguments, "explain");
	if (why) {
		explain_input(input, &explanation);
	}
	struct finding finding = {
		&judgement, keyring_provider(input->keyring)->name, why ? &explanation : NULL};
	if (arguments_has(arguments, "json")) {
		print_json(&finding);
	} else {
		print_words(&finding);
	}
	explanation_clear(&explanation);
	return judgement.verdict == VERDICT_VALID ? 0 : 1;
}

static int run(const struct arguments *arguments, struct error *err) {
	struct signing_input input = {0};
	int code = signing_read(&input, arguments, err) ? judge(&input, arguments) : 1;
	signing_clear(&input);
	return code;
}

static const struct option_row options[] = {
	SIGNING_OPTIONS,
	{"explain", 0, NULL, "say why it is not valid, proven by computing again"},
	{"other-secret-file", 0, "[LABEL=]FILE",
		"with --explain: one it might be mixed up with; may be repeated"},
	{"json", 0, NULL, "print an object with verdict, reason, secret and provider"},
	{NULL},
};

static const char *const examples[] = {
	"hookline verify request.http --provider stripe --secret-file whsec.txt",
	"hookline show stripe#42 --raw | hookline verify --secret-file prod=p.txt --secret-file "
	"old=o.txt",
	"hookline verify request.http --secret-file p.txt --other-secret-file s.txt --explain",
	NULL,
};

const struct command command_verify = {
	.name = "verify",
	.summary = "judge the signature of a raw request in a file; exits 0 only when it is valid",
	.usage = "[FILE] --secret-file [LABEL=]FILE... [--provider P] [--at TIME] [--explain]",
	.examples = examples,
	.options = options,
	.run = run,
};
