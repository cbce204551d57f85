#include "tui/relay_url.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/crypto.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/span.h"

#define TOKEN_FILE_MOST 65536

static bool wrong(struct error *err, const char *text) {
	return error_set(err, ERROR_USAGE,
		"\"%.200s\" is no address of a relay: write ws://127.0.0.1:8081 or wss://relay.example.com",
		text);
}

static bool is_clean(struct span text) {
	for (size_t i = 0; i < text.len; i++) {
		unsigned char c = (unsigned char)text.data[i];
		if (c <= ' ' || c >= 0x7f || c == '@' || c == '"' || c == '\\' || c == '#') {
			return false;
		}
	}
	return true;
}

static bool copy(char *to, size_t size, struct span from) {
	if (from.len >= size) {
		return false;
	}
	memcpy(to, from.data, from.len);
	to[from.len] = '\0';
	return true;
}

static bool parse_port(int *port, struct span text) {
	int value = 0;
	for (size_t i = 0; i < text.len; i++) {
		if (text.data[i] < '0' || text.data[i] > '9' || value > 65535) {
			return false;
		}
		value = value * 10 + (text.data[i] - '0');
	}
	*port = value;
	return text.len > 0 && value >= 1 && value <= 65535;
}

/* "host", "host:port", "[address]:port" */
static bool parse_authority(struct relay_url *url, struct span text) {
	struct span host, rest;
	if (text.len > 0 && text.data[0] == '[') {
		rest = span_after(text, 1);
		host = span_cut(&rest, ']');
		if (host.len + 1 == text.len || !memchr(host.data, ':', host.len)) {
			return false;
		}
	} else {
		size_t len = span_find(text, ':');
		host = (struct span){text.data, len};
		rest = span_after(text, len);
	}
	if (rest.len > 0 && (rest.data[0] != ':' || !parse_port(&url->port, span_after(rest, 1)))) {
		return false;
	}
	return host.len > 0 && copy(url->host, sizeof url->host, host);
}

bool relay_url_parse(struct relay_url *url, const char *text, struct error *err) {
	struct relay_url parsed = {0};
	struct span rest = span_text(text);
	if (span_starts_with(rest, span_text("wss://"))) {
		parsed.tls = true;
		rest = span_after(rest, 6);
	} else if (span_starts_with(rest, span_text("ws://"))) {
		rest = span_after(rest, 5);
	} else {
		return wrong(err, text);
	}
	parsed.port = parsed.tls ? 443 : 80;
	size_t slash = span_find(rest, '/');
	struct span path = slash < rest.len ? span_after(rest, slash) : span_text("/");
	if (!is_clean(rest) || !parse_authority(&parsed, (struct span){rest.data, slash}) ||
		!copy(parsed.path, sizeof parsed.path, path)) {
		return wrong(err, text);
	}
	*url = parsed;
	return true;
}

void relay_url_append_host(struct buffer *out, const struct relay_url *url) {
	bool v6 = strchr(url->host, ':') != NULL;
	buffer_printf(out, v6 ? "[%s]" : "%s", url->host);
	if (url->port != (url->tls ? 443 : 80)) {
		buffer_printf(out, ":%d", url->port);
	}
}

static bool first_token(struct buffer *token, struct span text) {
	while (text.len > 0) {
		struct span line = span_cut(&text, '\n');
		if (line.len > 0 && line.data[line.len - 1] == '\r') {
			line.len--;
		}
		line = span_trim(line);
		if (line.len > 0 && line.data[0] != '#') {
			buffer_append_span(token, line);
			return is_clean(line);
		}
	}
	return false;
}

bool token_file_read(struct buffer *token, const char *file, struct error *err) {
	int fd = open(file, O_RDONLY | O_CLOEXEC);
	struct stat st;
	if (fd < 0 || fstat(fd, &st)) {
		int why = errno;
		if (fd >= 0) {
			close(fd);
		}
		return error_set(err, ERROR_CONFIG, "token file %s: %s", file, strerror(why));
	}
	if (st.st_mode & 077) {
		close(fd);
		return error_set(
			err, ERROR_CONFIG, "token file %s can be read by others: chmod 600 %s", file, file);
	}
	char text[TOKEN_FILE_MOST];
	ssize_t got = read(fd, text, sizeof text);
	close(fd);
	bool ok = got > 0 && first_token(token, (struct span){text, (size_t)got});
	OPENSSL_cleanse(text, sizeof text);
	return ok || error_set(err, ERROR_CONFIG, "token file %s holds no token", file);
}
