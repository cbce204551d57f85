/* The sections `ingest`, `stream` and `admin`. */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "common/alloc.h"
#include "relay/certificate.h"
#include "relay/config_parts.h"
#include "relay/stream/tokens.h"

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

/* What senders are told to use: "https://hooks.example.com", perhaps with a path. */
static bool read_url(struct config_reader *reader, const struct yaml_node *node, const char **url) {
	if (!yaml_text(reader->document, node, url, reader->err)) {
		return false;
	}
	const char *scheme = strstr(*url, "://"), *host = scheme ? scheme + 3 : "";
	bool http = strncmp(*url, "http://", 7) == 0 || strncmp(*url, "https://", 8) == 0;
	return (http && strcspn(host, "/:?#@") > 0 && !strpbrk(*url, " \t?#@")) ||
	       yaml_error(reader->document, node, reader->err,
			   "\"%s\" is no URL senders could use, as https://hooks.example.com", *url);
}

static bool read_ingest(struct config_reader *reader, const struct yaml_node *map) {
	static const char *const names[] = {"listen", "tls", "url", "catch_all"};
	struct config *config = reader->config;
	const struct yaml_node *url = yaml_get(map, "url"), *all = yaml_get(map, "catch_all");
	config->catch_all_said = all != NULL;
	return yaml_check_keys(reader->document, map, names, COUNT_OF(names), reader->err) &&
	       read_listener(reader, map, &config->ingest) &&
	       (!url || read_url(reader, url, &config->ingest_url)) &&
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

static const struct yaml_node *setting(
	const struct config *config, const char *section, const char *name) {
	const struct yaml_node *root = config->document ? yaml_root(config->document) : NULL;
	const struct yaml_node *map = root ? yaml_get(root, section) : NULL;
	return map ? yaml_get(map, name) : NULL;
}

/* Where the file says where it listens; NULL where the command line, or nobody, did. */
static const struct yaml_node *place_of(
	const struct config *config, const char *name, const struct listen_address *address) {
	const struct yaml_node *node = setting(config, name, "listen");
	struct listen_address said = {0};
	struct error unused = {0};
	bool same = node && listen_address_parse(&said, node->text, &unused) &&
	            said.port == address->port && strcmp(said.host, address->host) == 0;
	return same ? node : NULL;
}

static bool fail_at(const struct config *config, const struct yaml_node *node,
	const struct error *why, struct error *err) {
	if (node) {
		return yaml_error(config->document, node, err, "%s", why->text);
	}
	*err = *why;
	return config->file ? error_prefix(err, "%s", config->file) : false;
}

static bool check_listener(const struct config *config, const char *name,
	const struct config_listener *listener, struct error *err) {
	struct error why = {0};
	const char *host = listener->address.host;
	if (listener->address.loopback) {
		return true;
	}
	if (!listener->token_file) {
		error_set(&why, ERROR_CONFIG,
			"%s listens on %s, which others reach: add %s.token_file, or listen on 127.0.0.1", name,
			host, name);
	} else if (!listener->certificate && !listener->behind_proxy) {
		error_set(&why, ERROR_CONFIG,
			"%s listens on %s, which others reach: add %s.tls (or %s.behind_proxy: true, when TLS "
			"is done in front of it), or listen on 127.0.0.1",
			name, host, name, name);
	}
	return why.code == ERROR_NONE ||
	       fail_at(config, place_of(config, name, &listener->address), &why, err);
}

/* With port 0 each gets one of its own. */
static bool check_apart(const struct config *config, const char *name,
	const struct listen_address *address, const char *other,
	const struct listen_address *other_address, struct error *err) {
	struct error why = {0};
	if (address->port == 0 || address->port != other_address->port ||
		strcmp(address->host, other_address->host) != 0) {
		return true;
	}
	error_set(&why, ERROR_CONFIG, "%s and %s both listen on %s:%d: give one of them another port",
		other, name, address->host, address->port);
	return fail_at(config, place_of(config, name, address), &why, err);
}

bool config_check_listeners(const struct config *config, struct error *err) {
	const struct listen_address *ingest = &config->ingest.address,
								*stream = &config->stream.address, *admin = &config->admin.address;
	return check_listener(config, "stream", &config->stream, err) &&
	       check_listener(config, "admin", &config->admin, err) &&
	       check_apart(config, "stream", stream, "ingest", ingest, err) &&
	       check_apart(config, "admin", admin, "ingest", ingest, err) &&
	       check_apart(config, "admin", admin, "stream", stream, err);
}

static bool check_files(const struct config *config, const char *name,
	const struct config_listener *listener, struct error *err) {
	struct error why = {0};
	if (listener->certificate && !certificate_check(listener->certificate, listener->key, &why)) {
		return fail_at(config, setting(config, name, "tls"), &why, err);
	}
	struct tokens *tokens = listener->token_file ? tokens_load(listener->token_file, &why) : NULL;
	tokens_free(tokens);
	return !listener->token_file || tokens ||
	       fail_at(config, setting(config, name, "token_file"), &why, err);
}

bool config_check_listener_files(const struct config *config, struct error *err) {
	return check_files(config, "ingest", &config->ingest, err) &&
	       check_files(config, "stream", &config->stream, err) &&
	       check_files(config, "admin", &config->admin, err);
}
