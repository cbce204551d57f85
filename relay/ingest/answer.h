/* An HTTP answer as bytes: one run, so that it leaves in one write. Pure. */
#pragma once

#include <stdbool.h>

#include "common/buffer.h"
#include "common/span.h"

struct answer {
	int status;
	const char *type;    /* Content-Type; NULL: none */
	struct span headers; /* further header lines, each with its CR LF; values must hold none */
	struct span body;    /* borrowed until the answer was appended */
	bool close;          /* ends the connection */
};

/* What the request asks of its answer. */
struct answer_form {
	bool head_only;       /* HEAD: all but the body */
	bool says_keep_alive; /* HTTP/1.0 has to be told that it goes on */
	const char *date;     /* the moment, as the Date header has it */
};

/* "Not Found"; "Refused" for a status that is none of ours. */
const char *answer_phrase(int status);

void answer_append(struct buffer *out, const struct answer *answer, const struct answer_form *form);
