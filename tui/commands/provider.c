/* hookline provider: which providers are known, and how each signs. */
#include <limits.h>
#include <string.h>

#include "common/json.h"
#include "common/signature/handshake.h"
#include "common/signature/recipe_words.h"
#include "common/text.h"
#include "tui/commands/commands.h"
#include "tui/commands/signing.h"
#include "tui/deliver/schedule.h"

static void print_escaped(struct buffer *raw) {
	struct buffer out = {0};
	text_escape(&out, buffer_span(raw), TEXT_KEEP_NEWLINES);
	fwrite(out.data, 1, out.len, stdout);
	buffer_clear(&out);
	buffer_clear(raw);
}

/* "1m,4m,25m on=any ...": what `--retry provider` does. False: its schedule is not known. */
static bool append_policy(struct buffer *out, const struct provider *provider) {
	const struct schedule_policy as_it_does = {.provider = true, .speed = 1, .jitter_percent = -1};
	struct schedule_policy policy;
	schedule_resolve(&policy, &as_it_does, provider);
	if (!policy.as[0]) {
		return false;
	}
	schedule_policy_append(out, &policy);
	return true;
}

/* What it retries by, as numbers and as the policy hookline makes of it; left out where it is not known. */
static void append_schedule_json(struct buffer *out, const struct provider *provider) {
	struct buffer policy = {0};
	if (provider->retry_s) {
		json_member_name(out, "schedule_s");
		buffer_append_byte(out, '[');
		for (size_t i = 0; i < provider->retry_count; i++) {
			buffer_printf(out, "%s%d", i > 0 ? "," : "", provider->retry_s[i]);
		}
		buffer_append_byte(out, ']');
	}
	if (append_policy(&policy, provider)) {
		json_member_text(out, "policy", buffer_span(&policy));
	}
	buffer_clear(&policy);
}

static void print_json(const struct provider *provider) {
	struct buffer out = {0};
	buffer_append_byte(&out, '{');
	json_member_text(&out, "name", span_text(provider->name));
	json_member_text(&out, "title", span_text(provider->title));
	json_member_text_opt(&out, "documentation", span_text(provider->documentation));
	json_member_text_opt(&out, "source", span_text(provider->source));
	json_member_bool(&out, "confirmed", provider->confirmed);
	json_member_text_opt(&out, "notes", span_text(provider->notes));
	json_member_bool(&out, "signed", provider->recipe_count > 0);
	json_member_text_opt(&out, "success", span_text(provider->success));
	json_member_int(&out, "timeout_s", (provider->timeout_ms + 999) / 1000);
	json_member_int(&out, "timeout_ms", provider->timeout_ms);
	append_schedule_json(&out, provider);
	json_member_text_opt(&out, "retries", span_text(provider->retries));
	json_member_bool(&out, "delivery_confirmed", provider->delivery_confirmed);
	buffer_append_text(&out, "}\n");
	fwrite(out.data, 1, out.len, stdout);
	buffer_clear(&out);
}

static void list(const struct catalogue *catalogue, bool json) {
	for (size_t i = 0; i < catalogue_count(catalogue); i++) {
		const struct provider *provider = catalogue_at(catalogue, i);
		if (json) {
			print_json(provider);
			continue;
		}
		struct buffer raw = {0};
		buffer_printf(&raw, "%-24s %s%s%s\n", provider->name, provider->title,
			provider->recipe_count == 0 ? " (unsigned)" : "",
			provider->confirmed ? "" : " (unconfirmed)");
		print_escaped(&raw);
	}
}

static void add_fact(struct buffer *out, const char *name, const char *value) {
	if (value) {
		buffer_printf(out, "%-15s %s\n", name, value);
	}
}

static void add_texts(struct buffer *out, const char *name, const char *const *texts) {
	for (size_t i = 0; texts && texts[i]; i++) {
		if (i == 0) {
			buffer_printf(out, "%-15s ", name);
		}
		buffer_printf(out, "%s%s", i > 0 ? ", " : "", texts[i]);
	}
	if (texts) {
		buffer_append_byte(out, '\n');
	}
}

static void add_field(struct buffer *out, const char *name, const struct provider_field *field) {
	static const char *const places[] = {
		"", "header", "JSON member", "form field", "JSON in the form field", "claim"};
	if (field->place != FIELD_NONE) {
		buffer_printf(out, "%-15s %s %s\n", name, places[field->place], field->path);
	}
}

static void add_parameters(struct buffer *out, const struct provider_parameter *parameter) {
	for (; parameter && parameter->name; parameter++) {
		buffer_printf(out, "%-15s %s%s%s\n", "parameter", parameter->name,
			parameter->fallback ? ", else " : ", must be given",
			parameter->fallback ? parameter->fallback : "");
	}
}

static void add_recipe(struct buffer *out, const struct recipe *recipe) {
	buffer_printf(out, "%-15s %s: ", "scheme", recipe->label);
	recipe_words_append(out, recipe);
	buffer_append_byte(out, '\n');
}

/* What is from memory is said to be so, and so are delays that nobody published. */
static void add_retries(struct buffer *out, const struct provider *provider) {
	struct buffer policy = {0};
	bool known = provider->success || provider->timeout_ms > 0 || provider->retries;
	if (provider->timeout_ms > 0) {
		buffer_printf(out, "%-15s %g s\n", "waits", provider->timeout_ms / 1000.0);
	}
	for (size_t i = 0; i < provider->retry_count; i++) {
		buffer_printf(out, "%s%d", i > 0 ? ", " : "retries after   ", provider->retry_s[i]);
	}
	buffer_append_text(out, provider->retry_count > 0 ? " s\n" : "");
	add_fact(out, "retries", provider->retries);
	if (append_policy(&policy, provider)) {
		add_fact(out, "as a policy", buffer_text(&policy));
	}
	if (provider->retry_s == NULL && policy.len > 0) {
		add_fact(out, "delays", "not published: assumed, from 1 minute, doubling");
	}
	if ((known || provider->retry_count > 0) && !provider->delivery_confirmed) {
		add_fact(out, "delivery", "from memory, not confirmed");
	}
	buffer_clear(&policy);
}

/* "handshake       url_verification, crc: answered by the relay" */
static void add_handshakes(struct buffer *out, const struct provider *provider) {
	for (size_t i = 0; i < provider->handshake_count; i++) {
		const struct handshake *handshake = &provider->handshakes[i];
		static const char *const signs[] = {
			"", ", with a secret only when signed right", ", only when signed right"};
		buffer_printf(out, "%-15s %s: answered by the relay%s%s\n", "handshake", handshake->name,
			signs[handshake->is_signed],
			handshake->unconfirmed ? " (from memory, not confirmed)" : "");
	}
}

static void show(const struct provider *provider) {
	struct buffer raw = {0};
	add_fact(&raw, "name", provider->name);
	add_fact(&raw, "title", provider->title);
	add_fact(&raw, "documentation", provider->documentation);
	add_fact(&raw, "source", provider->source);
	add_fact(&raw, "confidence", provider->confirmed ? "confirmed" : "unconfirmed");
	add_fact(&raw, "notes", provider->notes);
	add_texts(&raw, "recognised by", provider->recognise_headers);
	add_texts(&raw, "types", provider->recognise_types);
	add_field(&raw, "event type", &provider->type);
	add_field(&raw, "event id", &provider->id);
	add_parameters(&raw, provider->parameters);
	add_fact(&raw, "success", provider->success);
	add_retries(&raw, provider);
	for (size_t i = 0; i < provider->recipe_count; i++) {
		add_recipe(&raw, &provider->recipes[i]);
	}
	if (provider->recipe_count == 0) {
		add_fact(&raw, "scheme", "none, it does not sign");
	}
	add_handshakes(&raw, provider);
	print_escaped(&raw);
}

/* "acme" of "folder/acme.yaml", as the catalogue has it now. */
static const struct provider *provider_of_file(
	const struct catalogue *catalogue, const char *file, struct error *err) {
	char name[PATH_MAX];
	const char *slash = strrchr(file, '/');
	snprintf(name, sizeof name, "%s", slash ? slash + 1 : file);
	char *end = strstr(name, ".yaml");
	if (end) {
		*end = '\0';
	}
	return catalogue_find(catalogue, name, err);
}

static const char *recognised_as(
	const struct catalogue *catalogue, const struct message *message, struct buffer *several) {
	const struct provider *provider = catalogue_recognise(catalogue, message, several);
	return provider ? provider->name : several->len > 0 ? buffer_text(several) : "nobody";
}

static void print_sample(const struct catalogue *catalogue, const struct signing_input *input,
	const char *file, const struct judgement *judgement) {
	struct buffer raw = {0}, several = {0}, type = {0}, id = {0};
	provider_describe(keyring_provider(input->keyring), &input->message, &type, &id);
	buffer_printf(&raw, "%s:\n", file);
	add_fact(&raw, "  recognised as", recognised_as(catalogue, &input->message, &several));
	add_fact(&raw, "  event type", type.len > 0 ? buffer_text(&type) : "not found");
	add_fact(&raw, "  event id", id.len > 0 ? buffer_text(&id) : "not found");
	buffer_printf(
		&raw, "%-15s %s: %s\n", "  verdict", verdict_name(judgement->verdict), judgement->reason);
	print_escaped(&raw);
	buffer_clear(&several);
	buffer_clear(&type);
	buffer_clear(&id);
}

/* Judges one request by the file's provider. False: it is not right, or `err` says what is wrong. */
static bool try_sample(const struct catalogue *catalogue, const struct provider *provider,
	const char *file, const struct arguments *arguments, struct error *err) {
	struct signing_input input = {0};
	bool right = false;
	if (signing_read_sample(&input, provider, file, arguments, err)) {
		struct judgement judgement = signature_verify(input.keyring, &input.message, input.now_ms);
		print_sample(catalogue, &input, file, &judgement);
		right = judgement.verdict == VERDICT_VALID || judgement.verdict == VERDICT_PARTIAL ||
		        judgement.verdict == VERDICT_RESERIALISED;
	}
	signing_clear(&input);
	return right;
}

static bool try_samples(const struct catalogue *catalogue, const struct arguments *arguments,
	bool *right, struct error *err) {
	const struct provider *provider = provider_of_file(catalogue, arguments->words[1], err);
	const char *sample;
	for (size_t n = 0; provider && (sample = arguments_nth(arguments, "sample", n)); n++) {
		*right &= try_sample(catalogue, provider, sample, arguments, err);
		if (err->code != ERROR_NONE) {
			return false;
		}
	}
	return provider != NULL;
}

/* Reads each file as hookline would; the first error is the answer. With samples: 1 when one is not right. */
static int check(
	struct catalogue *catalogue, const struct arguments *arguments, struct error *err) {
	bool samples = arguments_nth(arguments, "sample", 0) != NULL, right = true;
	if (samples && arguments->word_count > 2) {
		error_set(err, ERROR_USAGE, "--sample goes with one provider file");
		return 0;
	}
	for (size_t i = 1; i < arguments->word_count; i++) {
		if (!catalogue_load(catalogue, arguments->words[i], err)) {
			return 0;
		}
		struct buffer raw = {0};
		buffer_printf(&raw, "%s: fine\n", arguments->words[i]);
		print_escaped(&raw);
	}
	if (samples) {
		try_samples(catalogue, arguments, &right, err);
	}
	return right ? 0 : 1;
}

static bool needs_word(const struct arguments *arguments, const char *what, struct error *err) {
	return arguments->word_count > 1 || error_set(err, ERROR_USAGE, "expected %s", what);
}

static int run(const struct arguments *arguments, struct error *err) {
	const char *verb = arguments->word_count > 0 ? arguments->words[0] : "list";
	struct catalogue *catalogue = signing_catalogue();
	int code = 0;
	if (strcmp(verb, "list") == 0) {
		list(catalogue, arguments_has(arguments, "json"));
	} else if (strcmp(verb, "show") == 0) {
		const struct provider *provider = needs_word(arguments, "the name of a provider", err)
		                                      ? catalogue_find(catalogue, arguments->words[1], err)
		                                      : NULL;
		if (provider && arguments_has(arguments, "json")) {
			print_json(provider);
		} else if (provider) {
			show(provider);
		}
	} else if (strcmp(verb, "check") == 0) {
		if (needs_word(arguments, "a provider file", err)) {
			code = check(catalogue, arguments, err);
		}
	} else {
		error_set(err, ERROR_USAGE, "unknown word \"%s\": expected list, show or check", verb);
	}
	catalogue_free(catalogue);
	return code;
}

static const struct option_row options[] = {
	{"json", 0, NULL, "print an object a line"},
	{"sample", 0, "REQUEST", "check: a raw request to judge by the file; may be repeated"},
	SIGNING_KEY_OPTIONS,
	{NULL},
};

static const char *const examples[] = {
	"hookline provider list",
	"hookline provider show stripe",
	"hookline provider check ~/.config/hookline/providers/acme.yaml",
	"hookline provider check acme.yaml --sample request.http --secret-file acme.txt --at "
	"1767225590",
	NULL,
};

const struct command command_provider = {
	.name = "provider",
	.summary = "which providers are known and how they sign; check a file of your own",
	.usage = "list [--json]\nshow NAME [--json]\n"
			 "check FILE... [--sample REQUEST]... [--secret-file FILE]... [--at TIME]",
	.examples = examples,
	.options = options,
	.run = run,
};
