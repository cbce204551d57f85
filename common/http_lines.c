#include "common/http_lines.h"

#include <stdbool.h>

#include "common/http_chars.h"

enum place {
	IN_METHOD_FIRST,
	IN_METHOD,
	IN_TARGET_FIRST,
	IN_TARGET,
	IN_VERSION,
	BEFORE_LF, /* of the request line or a header line */
	LINE_START,
	IN_NAME,
	IN_VALUE,
	BEFORE_LAST_LF,
	BEHIND_LAST_LF,
};

void http_lines_begin_head(struct http_lines *lines, struct http_lines_limits limits) {
	*lines = (struct http_lines){.limits = limits, .place = IN_METHOD_FIRST};
}

void http_lines_begin_trailer(struct http_lines *lines, struct http_lines_limits limits) {
	*lines = (struct http_lines){.limits = limits, .place = LINE_START};
}

/* All steps return how many bytes they took; none means refused. */
static size_t refuse(struct http_lines *lines, int status, const char *reason) {
	lines->refusal = (struct http_refusal){status, reason};
	return 0;
}

/* Takes one byte and goes on at `next`. */
static size_t step_to(struct http_lines *lines, enum place next) {
	lines->place = next;
	return 1;
}

static size_t take_method(struct http_lines *lines, struct span input) {
	size_t run = http_run(input, HTTP_TOKEN);
	if (run > 0) {
		lines->place = IN_METHOD;
		return run;
	}
	if (input.data[0] == ' ' && lines->place == IN_METHOD) {
		return step_to(lines, IN_TARGET_FIRST);
	}
	return refuse(lines, 400, "the request line does not begin with a method and one blank");
}

static size_t take_target(struct http_lines *lines, struct span input) {
	size_t run = http_run(input, HTTP_TARGET);
	lines->target += run;
	if (lines->target > lines->limits.target) {
		return refuse(lines, 414, "the request target is longer than allowed");
	}
	if (run > 0) {
		lines->place = IN_TARGET;
		return run;
	}
	if (input.data[0] == ' ' && lines->place == IN_TARGET) {
		return step_to(lines, IN_VERSION);
	}
	return refuse(lines, 400, "the request line is not method, blank, target, blank, version");
}

static size_t take_version(struct http_lines *lines, struct span input) {
	static const char pattern[] = "HTTP/0.0\r";
	char expected = pattern[lines->version];
	char byte = input.data[0];
	if (expected == '0' ? byte < '0' || byte > '9' : byte != expected) {
		return refuse(lines, 400, "the request line does not end in HTTP/1.0 or HTTP/1.1");
	}
	bool major = lines->version == 5, minor = lines->version == 7;
	if ((major && byte != '1') || (minor && byte > '1')) {
		return refuse(lines, 505, "only HTTP/1.0 and HTTP/1.1 are spoken here");
	}
	lines->version++;
	return step_to(lines, byte == '\r' ? BEFORE_LF : IN_VERSION);
}

static size_t take_line_start(struct http_lines *lines, struct span input) {
	if (input.data[0] == '\r') {
		return step_to(lines, BEFORE_LAST_LF);
	}
	if (input.data[0] == ' ' || input.data[0] == '\t') {
		return refuse(lines, 400, "a header line begins with a blank (folded lines are refused)");
	}
	if (lines->lines == lines->limits.lines) {
		return refuse(lines, 431, "there are more header lines than allowed");
	}
	size_t run = http_run(input, HTTP_TOKEN);
	if (run == 0) {
		return refuse(lines, 400, "a header line does not begin with a name");
	}
	lines->lines++;
	lines->place = IN_NAME;
	return run;
}

static size_t take_name(struct http_lines *lines, struct span input) {
	size_t run = http_run(input, HTTP_TOKEN);
	if (run > 0) {
		return run;
	}
	if (input.data[0] == ':') {
		return step_to(lines, IN_VALUE);
	}
	return refuse(lines, 400, "a header name is not directly followed by a colon");
}

static size_t take_value(struct http_lines *lines, struct span input) {
	size_t run = http_run(input, HTTP_VALUE);
	if (run > 0) {
		return run;
	}
	if (input.data[0] == '\r') {
		return step_to(lines, BEFORE_LF);
	}
	if (input.data[0] == '\n') {
		return refuse(lines, 400, "a header line ends in LF without CR");
	}
	return refuse(lines, 400, "a header value holds a control byte");
}

static size_t take_lf(struct http_lines *lines, struct span input, enum place next) {
	if (input.data[0] == '\n') {
		return step_to(lines, next);
	}
	return refuse(lines, 400, "a CR is not followed by LF");
}

static size_t take(struct http_lines *lines, struct span input) {
	switch ((enum place)lines->place) {
	case IN_METHOD_FIRST:
	case IN_METHOD:
		return take_method(lines, input);
	case IN_TARGET_FIRST:
	case IN_TARGET:
		return take_target(lines, input);
	case IN_VERSION:
		return take_version(lines, input);
	case BEFORE_LF:
		return take_lf(lines, input, LINE_START);
	case LINE_START:
		return take_line_start(lines, input);
	case IN_NAME:
		return take_name(lines, input);
	case IN_VALUE:
		return take_value(lines, input);
	case BEFORE_LAST_LF:
		return take_lf(lines, input, BEHIND_LAST_LF);
	case BEHIND_LAST_LF:
		break;
	}
	return 0;
}

enum http_lines_outcome http_lines_feed(struct http_lines *lines, struct span *input) {
	while (input->len > 0) {
		size_t room = lines->limits.bytes - lines->bytes;
		if (room == 0) {
			refuse(lines, 431, "the header lines are longer than allowed");
			return HTTP_LINES_REFUSED;
		}
		/* A limit must bite at the same byte however the bytes were cut: no step sees beyond it. */
		struct span seen = {input->data, input->len < room ? input->len : room};
		size_t taken = take(lines, seen);
		if (taken == 0) {
			return HTTP_LINES_REFUSED;
		}
		lines->bytes += taken;
		*input = span_after(*input, taken);
		if (lines->place == BEHIND_LAST_LF) {
			return HTTP_LINES_END;
		}
	}
	return HTTP_LINES_MORE;
}
