#include "relay/log.h"

#include <pthread.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "common/buffer.h"
#include "common/json.h"
#include "common/moment.h"
#include "common/text.h"

/* Lines of one message in a second; beyond, they are counted. */
#define LINES_A_SECOND 10
#define FLOODS 64
#define LINE_BYTES 4096
#define VALUE_BYTES 1024

/* One message that came often. Messages are told apart by their constant text. */
struct flood {
	const char *format;
	time_t second;
	int64_t lines;
	int64_t held_back;
	enum log_level level;
};

/* The log is the one thing every part and every thread writes to; it alone keeps state of its own. */
static struct {
	pthread_mutex_t lock;
	enum log_level most;
	bool json;
	bool journal;
	struct flood floods[FLOODS];
} state = {.lock = PTHREAD_MUTEX_INITIALIZER, .most = LOG_INFO};

static const char *const level_names[] = {"error", "warning", "info", "debug"};
static const int journal_levels[] = {3, 4, 6, 7};

/* One piece of a message: its text, or the value of a key. */
struct record {
	struct buffer message;
	struct buffer text; /* " key=value" */
	struct buffer json; /* ,"key":"value" */
};

/* systemd says in JOURNAL_STREAM which device and inode our stderr is when it goes to the journal. */
static bool stderr_is_journal(void) {
	const char *stream = getenv("JOURNAL_STREAM");
	struct stat stat;
	unsigned long long device, inode;
	return stream && sscanf(stream, "%llu:%llu", &device, &inode) == 2 &&
	       fstat(STDERR_FILENO, &stat) == 0 && stat.st_dev == device && stat.st_ino == inode;
}

void log_setup(enum log_level most, bool json) {
	pthread_mutex_lock(&state.lock);
	state.most = most;
	state.json = json;
	state.journal = stderr_is_journal();
	pthread_mutex_unlock(&state.lock);
}

enum log_level log_most(void) {
	return state.most;
}

static bool is_key_byte(char byte) {
	return (byte >= 'a' && byte <= 'z') || byte == '_' || (byte >= '0' && byte <= '9');
}

/* The length of "key=" at `text`, or 0 when no key begins there. */
static size_t key_len(const char *text) {
	size_t len = 0;
	while (is_key_byte(text[len])) {
		len++;
	}
	return len > 0 && text[len] == '=' ? len + 1 : 0;
}

/* The length of the conversion at `format` ("%lld"), which begins with '%'. */
static size_t conversion_len(const char *format) {
	size_t len = 1 + strspn(format + 1, "-+ #0123456789.*hlzjt");
	return format[len] ? len + 1 : len;
}

/* Formats one conversion. va_list goes by pointer, as it is used up piece by piece. */
static void append_conversion(struct buffer *out, const char *format, size_t len, va_list *args) {
	char spec[32], value[VALUE_BYTES];
	snprintf(spec, sizeof spec, "%.*s", (int)len, format);
	char type = spec[strlen(spec) - 1];
	int longs = 0;
	for (const char *at = spec; *at; at++) {
		longs += *at == 'l' || *at == 'z' || *at == 'j' || *at == 't';
	}
	int width = strchr(spec, '*') ? va_arg(*args, int) : -1;
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
	if (type == '%') {
		snprintf(value, sizeof value, "%%");
	} else if (type == 's' && width >= 0) {
		snprintf(value, sizeof value, spec, width, va_arg(*args, const char *));
	} else if (type == 's') {
		snprintf(value, sizeof value, spec, va_arg(*args, const char *));
	} else if (type == 'f' || type == 'g') {
		snprintf(value, sizeof value, spec, va_arg(*args, double));
	} else if (longs > 1) {
		snprintf(value, sizeof value, spec, va_arg(*args, long long));
	} else if (longs == 1) {
		snprintf(value, sizeof value, spec, va_arg(*args, long));
	} else {
		snprintf(value, sizeof value, spec, va_arg(*args, int));
	}
#pragma GCC diagnostic pop
	buffer_append_text(out, value);
}

/* Appends what stands before the next " key=" of `format`, formatted; returns where that is, or the end. */
static const char *append_until_key(struct buffer *out, const char *format, va_list *args) {
	while (*format && !(*format == ' ' && key_len(format + 1) > 0)) {
		if (*format == '%') {
			size_t len = conversion_len(format);
			append_conversion(out, format, len, args);
			format += len;
		} else {
			buffer_append_byte(out, *format++);
		}
	}
	return format;
}

/* Values with blanks or quotes stand in quotes, so that a line can be taken apart again. */
static void append_text_value(struct buffer *out, struct span value) {
	bool plain = value.len > 0;
	for (size_t i = 0; i < value.len; i++) {
		plain = plain && value.data[i] != ' ' && value.data[i] != '"' && value.data[i] != '=';
	}
	struct buffer escaped = {0};
	text_escape(&escaped, value, TEXT_LINE);
	if (plain) {
		buffer_append_span(out, buffer_span(&escaped));
	} else {
		buffer_append_byte(out, '"');
		for (size_t i = 0; i < escaped.len; i++) {
			if (escaped.data[i] == '"') {
				buffer_append_byte(out, '\\');
			}
			buffer_append_byte(out, escaped.data[i]);
		}
		buffer_append_byte(out, '"');
	}
	buffer_clear(&escaped);
}

/* JSON keeps every byte in its own way: what is no printable text is escaped first, so a reader sees the same. */
static void append_json_value(struct buffer *out, struct span value) {
	struct buffer escaped = {0};
	text_escape(&escaped, value, TEXT_LINE);
	json_append_text(out, buffer_span(&escaped));
	buffer_clear(&escaped);
}

static void record_fill(struct record *record, const char *format, va_list *args) {
	format = append_until_key(&record->message, format, args);
	struct buffer value = {0};
	while (*format) {
		size_t len = key_len(format + 1);
		struct span key = {format + 1, len - 1};
		buffer_reset(&value);
		format = append_until_key(&value, format + 1 + len, args);
		buffer_printf(&record->text, " %.*s=", (int)key.len, key.data);
		append_text_value(&record->text, buffer_span(&value));
		buffer_printf(&record->json, ",\"%.*s\":", (int)key.len, key.data);
		append_json_value(&record->json, buffer_span(&value));
	}
	buffer_clear(&value);
}

static void record_clear(struct record *record) {
	buffer_clear(&record->message);
	buffer_clear(&record->text);
	buffer_clear(&record->json);
}

static void append_moment(struct buffer *line) {
	struct timespec now;
	clock_gettime(CLOCK_REALTIME, &now);
	moment_append(line, now.tv_sec * MOMENT_NS_PER_S + now.tv_nsec);
}

static void append_line(struct buffer *line, enum log_level level, const struct record *record) {
	if (state.journal) {
		buffer_printf(line, "<%d>", journal_levels[level]);
	}
	if (state.json) {
		buffer_append_text(line, "{\"ts\":\"");
		append_moment(line);
		buffer_printf(line, "\",\"level\":\"%s\",\"msg\":", level_names[level]);
		append_json_value(line, buffer_span(&record->message));
		buffer_append_span(line, buffer_span(&record->json));
		buffer_append_byte(line, '}');
		return;
	}
	if (!state.journal) {
		append_moment(line);
		buffer_append_byte(line, ' ');
	}
	buffer_printf(line, "%s ", level_names[level]);
	text_escape(line, buffer_span(&record->message), TEXT_LINE);
	buffer_append_span(line, buffer_span(&record->text));
}

/* One write a line, so that lines of several threads never mix; what stderr does not take is lost, by choice. */
static void emit(enum log_level level, const struct record *record) {
	struct buffer line = {0};
	append_line(&line, level, record);
	if (line.len > LINE_BYTES && !state.json) {
		line.len = LINE_BYTES;
	}
	buffer_append_byte(&line, '\n');
	ssize_t written = write(STDERR_FILENO, line.data, line.len);
	(void)written;
	buffer_clear(&line);
}

static void emit_held_back(struct flood *flood) {
	struct record record = {0};
	const char *format = flood->format;
	size_t words = 0;
	while (format[words] && format[words] != '%' &&
		   !(format[words] == ' ' && key_len(format + words + 1) > 0)) {
		words++;
	}
	buffer_printf(&record.message, "%.*s... %lld more like this", (int)words, format,
		(long long)flood->held_back);
	emit(flood->level, &record);
	record_clear(&record);
	flood->held_back = 0;
}

/* Tells what was held back in seconds that are over, whichever message it was. */
static void tell_old_floods(time_t now) {
	for (size_t i = 0; i < FLOODS; i++) {
		struct flood *flood = &state.floods[i];
		if (flood->held_back > 0 && flood->second != now) {
			emit_held_back(flood);
		}
	}
}

/* The slot of a message: its own, a free one, or the one unused for longest. */
static struct flood *flood_find(const char *format) {
	struct flood *oldest = &state.floods[0];
	for (size_t i = 0; i < FLOODS; i++) {
		struct flood *flood = &state.floods[i];
		if (flood->format == format) {
			return flood;
		}
		if (flood->second < oldest->second) {
			oldest = flood;
		}
	}
	*oldest = (struct flood){.format = format};
	return oldest;
}

static bool may_pass(enum log_level level, const char *format) {
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	time_t second = now.tv_sec + 1; /* 0 means never */
	tell_old_floods(second);
	struct flood *flood = flood_find(format);
	if (flood->second != second) {
		flood->second = second;
		flood->lines = 0;
	}
	flood->level = level;
	if (++flood->lines <= LINES_A_SECOND) {
		return true;
	}
	flood->held_back++;
	return false;
}

void log_write(enum log_level level, const char *format, ...) {
	if (level > state.most) {
		return;
	}
	pthread_mutex_lock(&state.lock);
	if (may_pass(level, format)) {
		struct record record = {0};
		va_list args;
		va_start(args, format);
		record_fill(&record, format, &args);
		va_end(args);
		emit(level, &record);
		record_clear(&record);
	}
	pthread_mutex_unlock(&state.lock);
}
