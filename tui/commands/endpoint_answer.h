/* How an endpoint answers, as `hookline endpoint` takes and shows it. */
#pragma once

#include "common/buffer.h"
#include "common/error.h"
#include "tui/commands/arguments.h"

struct cJSON;

/* The options, for the table of the command. */
#define ENDPOINT_ANSWER_OPTIONS                                                                    \
	{"answer", 0, "fixed|app", "who answers: the relay, or the app that is forwarded to"},         \
		{"answer-status", 0, "N", "status of the fixed answer, or of the fallback (200)"},         \
		{"answer-header", 0, "NAME: VALUE", "a header of it; repeatable, all of them at once"},    \
		{"answer-body", 0, "FILE", "its body; - is standard input"},                               \
		{"answer-delay", 0, "TIME", "a fixed answer goes out so much later"},                      \
		{"answer-after", 0, "TIME", "the app has so long, then the fallback goes out"}, {          \
		"answer-script", 0, "SCRIPT",                                                              \
			"fail first: \"next 3: 500, for 2m: hang-up\"; empty: no more"                         \
	}

/* Appends the member `answer` of endpoint.add and endpoint.set, when one of the options was given. */
bool endpoint_answer_append(
	struct buffer *out, const struct arguments *arguments, struct error *err);

/* A line under the endpoint's own, unless it answers as every endpoint does at first. */
void endpoint_answer_append_line(struct buffer *out, const struct cJSON *endpoint);
