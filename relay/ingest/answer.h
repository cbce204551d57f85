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
	struct span phrase;  /* with has_phrase: stands behind the status, also when it is empty */
	bool has_phrase;
	bool has_date;   /* `headers` say it */
	bool has_length; /* `headers` say it, where it is to be said */
	bool close;      /* ends the connection */
};

/* What the request asks of its answer. */
struct answer_form {
	bool head_only;       /* HEAD: all but the body */
	bool says_keep_alive; /* HTTP/1.0 has to be told that it goes on */
	const char *date;     /* the moment, as the Date header has it */
};

/* "Not Found"; "Status" for one that is not known here. */
const char *answer_phrase(int status);

void answer_append(struct buffer *out, const struct answer *answer, const struct answer_form *form);
