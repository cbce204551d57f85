/* What the parts of hookline prove share: the session, the order, and what is printed of a proof. */
#pragma once

#include "tui/commands/session.h"
#include "tui/commands/signing.h"
#include "tui/deliver/deliver.h"
#include "tui/prove/prove.h"

/* A proof on its way. All zero but `session` and `arguments` is empty. */
struct prove_command {
	const struct arguments *arguments;
	struct session session;
	struct prove_order order;
	struct deliver_options options;
	struct target target;
	const char *ref;            /* of orders with one event */
	struct buffer words;        /* of a file: how it is named */
	struct buffer line_options; /* behind the line to repeat */
	struct signing_input input;
	struct plain_secret secret;
	struct prove_file file;
	struct catalogue *catalogue;
	bool json;
	bool failed; /* it could not be carried out */
	int exit_code;
};

/* The options of all: --to, --probe, --reset, --json, deliveries. False and `err`: they are wrong. */
bool prove_command_read(struct prove_command *command, enum prove_kind kind,
	const struct arguments *arguments, struct error *err);

/* The one event: a name such as stripe#1042, or a file with a raw request. */
bool prove_command_event(struct prove_command *command, struct error *err);

/* Carries it out and prints what is found; returns the exit code. Clears `command`. */
int prove_command_run(struct prove_command *command, struct error *err);
void prove_command_clear(struct prove_command *command);
