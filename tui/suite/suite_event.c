#include "tui/suite/suite_event.h"

#include <cjson/cJSON.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/buffer.h"
#include "common/event.h"
#include "common/json.h"
#include "common/message.h"
#include "common/signature/encoding.h"

/* What is being read. */
struct reading {
	const char *file, *ref;
	suite_event_fn *each;
	void *data;
	bool any, enough;
};

static bool wrong(const struct reading *reading, struct error *err, const char *why) {
	return error_set(err, ERROR_CONFIG, "%s: %s", reading->file, why);
}

static struct span name_of_file(const char *file) {
	const char *slash = strrchr(file, '/');
	return span_text(slash ? slash + 1 : file);
}

/* As the relay finds it: /e/NAME, and then the end, a slash or a query. */
static size_t path_offset_of(struct span target) {
	struct span rest = span_after(target, 3);
	struct span name = {rest.data, 0};
	if (!span_starts_with(target, span_text("/e/"))) {
		return 0;
	}
	while (name.len < rest.len && rest.data[name.len] != '/' && rest.data[name.len] != '?') {
		name.len++;
	}
	return endpoint_name_is_valid(name) ? 3 + name.len : 0;
}

static bool hand_out(
	struct reading *reading, struct suite_event *event, bool offset_known, struct error *err) {
	struct message message = {0};
	bool ok = message_parse(&message, event->head, event->body, err);
	if (!ok) {
		err->code = ERROR_CONFIG;
		error_prefix(err, "%s", reading->file);
	} else if (!offset_known) {
		event->path_offset = path_offset_of(message.target);
	} else if (event->path_offset > message.target.len) {
		ok = wrong(reading, err, "path_offset is beyond the target");
	}
	if (ok) {
		reading->any = true;
		reading->enough = !reading->each(reading->data, event);
	}
	message_clear(&message);
	return ok;
}

/* --- a raw request --- */

static size_t head_len(struct span bytes) {
	for (size_t at = 3; at < bytes.len; at++) {
		if (memcmp(bytes.data + at - 3, "\r\n\r\n", 4) == 0) {
			return at + 1;
		}
	}
	return 0;
}

static bool read_all(FILE *file, struct buffer *bytes) {
	size_t got;
	do {
		got = fread(buffer_reserve(bytes, 65536), 1, 65536, file);
		bytes->len += got;
	} while (got > 0 && bytes->len <= SUITE_EVENT_BYTES_MAX);
	return !ferror(file);
}

static bool read_raw(struct reading *reading, FILE *file, struct error *err) {
	struct buffer bytes = {0};
	struct span name = name_of_file(reading->file);
	bool ok = read_all(file, &bytes) || wrong(reading, err, strerror(errno));
	size_t head = ok ? head_len(buffer_span(&bytes)) : 0;
	if (ok && bytes.len > SUITE_EVENT_BYTES_MAX) {
		ok = wrong(reading, err, "is larger than 64 MiB");
	} else if (ok && head == 0) {
		ok = wrong(reading, err,
			"no empty line with CR LF ends a head: this is no request as hookline show --raw "
			"writes "
			"one");
	} else if (ok && reading->ref && !span_is(name, reading->ref)) {
		ok = wrong(reading, err, "is one request: `ref` is for files of hookline export (.jsonl)");
	} else if (ok) {
		struct suite_event event = {.name = name,
			.head = {bytes.data, head},
			.body = span_after(buffer_span(&bytes), head)};
		ok = hand_out(reading, &event, false, err);
	}
	buffer_clear(&bytes);
	return ok;
}

/* --- an export --- */

static bool get_base64(
	const cJSON *object, const char *name, struct buffer *out, struct error *err) {
	struct span text = {0};
	return json_get_text(object, name, &text, err) &&
	       (encoding_decode(out, ENCODING_BASE64, text) ||
			   error_set(err, ERROR_CONFIG, "expected base64 at .%s", name));
}

static bool take_object(struct reading *reading, const cJSON *object, struct error *err) {
	struct buffer head = {0}, body = {0};
	struct suite_event event = {0};
	int64_t offset = -1;
	bool ok = json_get_text(object, "ref", &event.name, err);
	if (ok && (!reading->ref || span_is(event.name, reading->ref))) {
		ok = get_base64(object, "head_b64", &head, err) &&
		     get_base64(object, "body_b64", &body, err) &&
		     json_get_int_opt(object, "path_offset", &offset, err);
		event.head = buffer_span(&head);
		event.body = buffer_span(&body);
		event.path_offset = offset >= 0 ? (size_t)offset : 0;
		ok = ok && hand_out(reading, &event, offset >= 0, err);
	}
	buffer_clear(&head);
	buffer_clear(&body);
	return ok;
}

static bool take_line(struct reading *reading, struct span line, int number, struct error *err) {
	struct error why = {0};
	if (span_trim(line).len == 0) {
		return true;
	}
	cJSON *object = line.len <= SUITE_EVENT_BYTES_MAX ? json_parse(line, &why) : NULL;
	if (line.len > SUITE_EVENT_BYTES_MAX) {
		error_set(&why, ERROR_CONFIG, "the line is longer than 64 MiB");
	}
	bool ok = object && take_object(reading, object, &why);
	cJSON_Delete(object);
	return ok || error_set(err, ERROR_CONFIG, "%s:%d: %s", reading->file, number, why.text);
}

static bool read_export(struct reading *reading, FILE *file, struct error *err) {
	char *line = NULL;
	size_t capacity = 0;
	ssize_t len;
	bool ok = true;
	for (int number = 1; ok && !reading->enough && (len = getline(&line, &capacity, file)) > 0;
		 number++) {
		len -= line[len - 1] == '\n';
		ok = take_line(reading, (struct span){line, (size_t)len}, number, err);
	}
	free(line);
	if (ok && ferror(file)) {
		return wrong(reading, err, strerror(errno));
	}
	if (ok && !reading->any) {
		struct buffer text = {0};
		buffer_printf(&text, "there is no event %s in it", reading->ref ? reading->ref : "");
		ok = wrong(reading, err, reading->ref ? buffer_text(&text) : "there is no event in it");
		buffer_clear(&text);
	}
	return ok;
}

bool suite_event_each(
	const char *file, const char *ref, suite_event_fn *each, void *data, struct error *err) {
	struct reading reading = {.file = file, .ref = ref, .each = each, .data = data};
	size_t len = strlen(file);
	FILE *stream = fopen(file, "rbe");
	if (!stream) {
		return wrong(&reading, err, strerror(errno));
	}
	bool export = len > 6 && strcmp(file + len - 6, ".jsonl") == 0;
	bool ok = export ? read_export(&reading, stream, err) : read_raw(&reading, stream, err);
	fclose(stream);
	return ok;
}
