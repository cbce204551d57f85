/* The sections `ingest`, `stream` and `admin`. */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "common/alloc.h"
#include "relay/config_parts.h"

#define COUNT_OF(array) (sizeof(array) / sizeof *(array))

static bool read_address(
	struct config_reader *reader, const struct yaml_node *node, struct listen_address *address) {
	const char *text;
	struct error why = {0};
	if (!node) {
		return true;
	}
	if (!yaml_text(reader->document, node, &text, reader->err)) {
		return false;
	}
	return listen_address_parse(address, text, &why) ||
	       yaml_error(reader->document, node, reader->err, "%s", why.text);
}

/* A file that is there and that we may read. */
static bool read_file_name(
	struct config_reader *reader, const struct yaml_node *node, const char **name) {
	if (!node) {
		return true;
	}
	*name = config_path(reader, node);
	if (!*name) {
		return false;
	}
	return access(*name, R_OK) == 0 ||
	       yaml_error(reader->document, node, reader->err, "%s: %s", *name, strerror(errno));
}

static bool read_tls(
	struct config_reader *reader, const struct yaml_node *map, struct config_listener *listener) {
	static const char *const names[] = {"certificate", "key"};
	if (!map) {
		return true;
	}
	const struct yaml_node *certificate = yaml_get(map, "certificate"), *key = yaml_get(map, "key");
	if (!yaml_check_keys(reader->document, map, names, COUNT_OF(names), reader->err) ||
		!read_file_name(reader, certificate, &listener->certificate) ||
		!read_file_name(reader, key, &listener->key)) {
		return false;
	}
	if (!certificate || !key) {
		return yaml_error(reader->document, map, reader->err,
			"TLS needs both a certificate and a key, as PEM files");
	}
	return true;
}

static bool read_texts(struct config_reader *reader, const struct yaml_node *list,
	const char ***texts, size_t *count) {
	if (!list) {
		return true;
	}
	if (list->kind != YAML_LIST) {
		return yaml_error(reader->document, list, reader->err, "expected a list, as in [a, b]");
	}
	*texts = alloc_zero(list->count, sizeof **texts);
	for (size_t i = 0; i < list->count; i++) {
		if (!yaml_text(reader->document, list->items[i], &(*texts)[i], reader->err)) {
			return false;
		}
		*count = i + 1;
	}
	return true;
}

static bool read_listener(
	struct config_reader *reader, const struct yaml_node *map, struct config_listener *listener) {
	const struct yaml_node *proxy = yaml_get(map, "behind_proxy");
	return read_address(reader, yaml_get(map, "listen"), &listener->address) &&
	       read_tls(reader, yaml_get(map, "tls"), listener) &&
	       read_file_name(reader, yaml_get(map, "token_file"), &listener->token_file) &&
	       (!proxy || yaml_bool(reader->document, proxy, &listener->behind_proxy, reader->err)) &&
	       read_texts(reader, yaml_get(map, "hosts"), &listener->hosts, &listener->host_count) &&
	       read_texts(
			   reader, yaml_get(map, "origins"), &listener->origins, &listener->origin_count);
}

static bool read_ingest(struct config_reader *reader, const struct yaml_node *map) {
	static const char *const names[] = {"listen", "tls", "url", "catch_all"};
	struct config *config = reader->config;
	const struct yaml_node *url = yaml_get(map, "url"), *all = yaml_get(map, "catch_all");
	config->catch_all_said = all != NULL;
	return yaml_check_keys(reader->document, map, names, COUNT_OF(names), reader->err) &&
	       read_listener(reader, map, &config->ingest) &&
	       (!url || yaml_text(reader->document, url, &config->ingest_url, reader->err)) &&
	       (!all || yaml_bool(reader->document, all, &config->catch_all, reader->err));
}

static bool read_stream(struct config_reader *reader, const struct yaml_node *map) {
	static const char *const names[] = {
		"listen", "tls", "token_file", "behind_proxy", "hosts", "origins"};
	return yaml_check_keys(reader->document, map, names, COUNT_OF(names), reader->err) &&
	       read_listener(reader, map, &reader->config->stream);
}

static bool read_admin(struct config_reader *reader, const struct yaml_node *map) {
	static const char *const names[] = {"listen", "tls", "token_file", "behind_proxy", "hosts"};
	return yaml_check_keys(reader->document, map, names, COUNT_OF(names), reader->err) &&
	       read_listener(reader, map, &reader->config->admin);
}

bool config_read_listeners(struct config_reader *reader, const struct yaml_node *root) {
	const struct yaml_node *ingest = yaml_get(root, "ingest"), *stream = yaml_get(root, "stream"),
						   *admin = yaml_get(root, "admin");
	return (!ingest || read_ingest(reader, ingest)) && (!stream || read_stream(reader, stream)) &&
	       (!admin || read_admin(reader, admin));
}

static bool check_listener(
	const char *name, const struct config_listener *listener, struct error *err) {
	if (listener->address.loopback) {
		return true;
	}
	const char *host = listener->address.host;
	if (!listener->token_file) {
		return error_set(err, ERROR_CONFIG,
			"%s listens on %s, which others reach: add %s.token_file, or listen on 127.0.0.1", name,
			host, name);
	}
	if (!listener->certificate && !listener->behind_proxy) {
		return error_set(err, ERROR_CONFIG,
			"%s listens on %s, which others reach: add %s.tls (or %s.behind_proxy: true, when TLS "
			"is "
			"done in front of it), or listen on 127.0.0.1",
			name, host, name, name);
	}
	return true;
}

bool config_check_listeners(const struct config *config, struct error *err) {
	return check_listener("stream", &config->stream, err) &&
	       check_listener("admin", &config->admin, err);
}
