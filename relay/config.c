#include "relay/config.h"

#include <dirent.h>
#include <errno.h>
#include <openssl/crypto.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/alloc.h"
#include "common/text.h"
#include "common/yaml.h"
#include "relay/config_parts.h"
#include "relay/vault.h"

#define COUNT_OF(array) (sizeof(array) / sizeof *(array))
#define MIB (INT64_C(1024) * 1024)
/* What the program itself and libwebsockets keep open beside connections. */
#define OWN_DESCRIPTORS 64

const char *config_keep(struct config *config, char *text) {
	config->texts = alloc_resize(config->texts, (config->text_count + 1) * sizeof *config->texts);
	return config->texts[config->text_count++] = text;
}

static char *join(const char *folder, const char *name) {
	struct buffer path = {0};
	buffer_printf(&path, "%s/%s", folder, name);
	buffer_text(&path);
	return path.data;
}

const char *config_path(struct config_reader *reader, const struct yaml_node *node) {
	const char *name;
	if (!yaml_text(reader->document, node, &name, reader->err)) {
		return NULL;
	}
	const char *file = reader->config->file, *slash = strrchr(file, '/');
	if (name[0] == '/' || !slash) {
		return name;
	}
	char *folder = alloc_text(file, (size_t)(slash - file));
	char *path = join(slash == file ? "" : folder, name);
	free(folder);
	return config_keep(reader->config, path);
}

/* "$VARIABLE/rest", or "$HOME/otherwise/rest". NULL when neither is set. */
static char *user_path(const char *variable, const char *otherwise, const char *rest) {
	const char *folder = getenv(variable), *home = getenv("HOME");
	if (folder && folder[0] == '/') {
		return join(folder, rest);
	}
	if (!home || home[0] != '/') {
		return NULL;
	}
	char *under_home = join(home, otherwise);
	char *path = join(under_home, rest);
	free(under_home);
	return path;
}

/* systemd gives STATE_DIRECTORY; it may name several, of which the first is ours. */
static char *default_store_file(void) {
	const char *state = getenv("STATE_DIRECTORY");
	if (state && state[0] == '/') {
		char *first = alloc_text(state, strcspn(state, ":"));
		char *file = join(first, "hookline.db");
		free(first);
		return file;
	}
	return user_path("XDG_DATA_HOME", ".local/share", "hookline/hookline.db");
}

static void set_defaults(struct config *config) {
	listen_address_parse(&config->ingest.address, "127.0.0.1:8080", NULL);
	listen_address_parse(&config->stream.address, "127.0.0.1:8081", NULL);
	listen_address_parse(&config->admin.address, "127.0.0.1:8082", NULL);
	config->limits = config_limits_default();
	config->keys = (struct keys_options){.fetch = true, .lifetime_ms = KEYS_LIFETIME_MS};
	config->log_level = LOG_INFO;
}

static bool read_bytes(struct config_reader *reader, const struct yaml_node *map, const char *name,
	int64_t least, int64_t *value) {
	const struct yaml_node *node = yaml_get(map, name);
	return !node ||
	       yaml_bytes(reader->document, node, least, 1024 * 1024 * MIB, value, reader->err);
}

static bool read_store(struct config_reader *reader, const struct yaml_node *map) {
	static const char *const names[] = {
		"url", "key_file", "group_entries", "group_bytes", "wal", "free"};
	struct config *config = reader->config;
	const struct yaml_node *url = yaml_get(map, "url"), *key = yaml_get(map, "key_file"),
						   *entries = yaml_get(map, "group_entries");
	if (!yaml_check_keys(reader->document, map, names, COUNT_OF(names), reader->err) ||
		(url && !yaml_text(reader->document, url, &config->store_url, reader->err)) ||
		(key && !(config->key_file = config_path(reader, key))) ||
		(entries && !yaml_int(reader->document, entries, 1, 100000, &config->store.group_entries,
						reader->err))) {
		return false;
	}
	return read_bytes(reader, map, "group_bytes", 4096, &config->store.group_bytes) &&
	       read_bytes(reader, map, "wal", MIB, &config->store.wal_bytes) &&
	       read_bytes(reader, map, "free", 1, &config->store.free_bytes);
}

static const char *const level_names[] = {"error", "warning", "info", "debug"};
static const char *const format_names[] = {"text", "json"};

static bool read_log(struct config_reader *reader, const struct yaml_node *map) {
	static const char *const names[] = {"level", "format"};
	const struct yaml_node *level = yaml_get(map, "level"), *format = yaml_get(map, "format");
	size_t level_index = reader->config->log_level, format_index = reader->config->log_json;
	if (!yaml_check_keys(reader->document, map, names, COUNT_OF(names), reader->err) ||
		(level && !yaml_choice(reader->document, level, level_names, COUNT_OF(level_names),
					  &level_index, reader->err)) ||
		(format && !yaml_choice(reader->document, format, format_names, COUNT_OF(format_names),
					   &format_index, reader->err))) {
		return false;
	}
	reader->config->log_level = (enum log_level)level_index;
	reader->config->log_json = format_index == 1;
	return true;
}

static bool is_yaml(const char *name) {
	size_t len = strlen(name);
	return name[0] != '.' && len > 5 && strcmp(name + len - 5, ".yaml") == 0;
}

static bool load_providers_from(struct config *config, const char *folder, struct error *err) {
	DIR *directory = opendir(folder);
	if (!directory) {
		return error_set(err, ERROR_CONFIG, "%s: %s", folder, strerror(errno));
	}
	bool ok = true;
	const struct dirent *entry;
	while (ok && (entry = readdir(directory))) {
		if (is_yaml(entry->d_name)) {
			char *file = join(folder, entry->d_name);
			ok = catalogue_load(config->catalogue, file, err);
			free(file);
		}
	}
	closedir(directory);
	return ok;
}

/* The folder that is named has to be there; the usual one need not. */
static bool load_providers(struct config_reader *reader, const struct yaml_node *node) {
	struct config *config = reader->config;
	config->catalogue = catalogue_new();
	if (node) {
		const char *folder = config_path(reader, node);
		if (!folder) {
			return false;
		}
		return access(folder, R_OK | X_OK) == 0 ? load_providers_from(config, folder, reader->err)
		                                        : yaml_error(reader->document, node, reader->err,
													  "%s: %s", folder, strerror(errno));
	}
	char *usual = user_path("XDG_CONFIG_HOME", ".config", "hookline/providers");
	bool ok = !usual || access(usual, R_OK | X_OK) != 0 ||
	          load_providers_from(config, usual, reader->err);
	free(usual);
	return ok;
}

static bool check_keys(
	struct config_reader *reader, const struct yaml_node *file, const struct yaml_node *at) {
	const struct keys_options *keys = &reader->config->keys;
	if (file && access(keys->authorities, R_OK) != 0) {
		return yaml_error(
			reader->document, file, reader->err, "%s: %s", keys->authorities, strerror(errno));
	}
	const char *port = at ? strrchr(keys->at, ':') : NULL;
	bool ok =
		port && port > keys->at && port[1] && strspn(port + 1, "0123456789") == strlen(port + 1);
	return !at || ok ||
	       yaml_error(reader->document, at, reader->err,
			   "\"%s\" is no HOST:PORT, as 127.0.0.1:8443", keys->at);
}

static bool read_keys(struct config_reader *reader, const struct yaml_node *map) {
	static const char *const names[] = {"fetch", "lifetime", "authorities", "at"};
	struct keys_options *keys = &reader->config->keys;
	const struct yaml_node *fetch = yaml_get(map, "fetch"), *life = yaml_get(map, "lifetime"),
						   *file = yaml_get(map, "authorities"), *at = yaml_get(map, "at");
	return yaml_check_keys(reader->document, map, names, COUNT_OF(names), reader->err) &&
	       (!fetch || yaml_bool(reader->document, fetch, &keys->fetch, reader->err)) &&
	       (!life || yaml_duration_ms(reader->document, life, 60000, INT64_C(604800000),
						 &keys->lifetime_ms, reader->err)) &&
	       (!file || (keys->authorities = config_path(reader, file))) &&
	       (!at || yaml_text(reader->document, at, &keys->at, reader->err)) &&
	       check_keys(reader, file, at);
}

static bool read_root(struct config_reader *reader, const struct yaml_node *root) {
	static const char *const names[] = {
		"ingest", "stream", "admin", "store", "limits", "log", "providers", "endpoints", "keys"};
	if (!yaml_check_keys(reader->document, root, names, COUNT_OF(names), reader->err)) {
		return false;
	}
	const struct yaml_node *store = yaml_get(root, "store"), *limits = yaml_get(root, "limits"),
						   *log = yaml_get(root, "log"), *endpoints = yaml_get(root, "endpoints"),
						   *keys = yaml_get(root, "keys");
	return config_read_listeners(reader, root) && (!store || read_store(reader, store)) &&
	       (!limits || config_read_limits(reader, limits)) && (!log || read_log(reader, log)) &&
	       (!keys || read_keys(reader, keys)) &&
	       load_providers(reader, yaml_get(root, "providers")) &&
	       (!endpoints || (config_read_endpoints(reader, endpoints) &&
							  config_check_endpoints(reader, endpoints)));
}

/* --config, or the usual place when there is something. */
static const char *choose_file(struct config *config, const struct options *options) {
	if (options->config) {
		return options->config;
	}
	char *usual = user_path("XDG_CONFIG_HOME", ".config", "hookline/relay.yaml");
	if (usual && access(usual, F_OK) == 0) {
		return config_keep(config, usual);
	}
	free(usual);
	return NULL;
}

static bool read_file(struct config_reader *reader, const struct options *options) {
	struct config *config = reader->config;
	config->file = choose_file(config, options);
	if (!config->file) {
		return load_providers(reader, NULL);
	}
	config->document = yaml_load(config->file, reader->err);
	if (!config->document) {
		return false;
	}
	reader->document = config->document;
	const struct yaml_node *root = yaml_root(config->document);
	return root ? read_root(reader, root) : load_providers(reader, NULL);
}

static bool take_address(
	struct listen_address *address, const char *option, const char *text, struct error *err) {
	if (!text || listen_address_parse(address, text, err)) {
		return true;
	}
	err->code = ERROR_USAGE;
	return error_prefix(err, "--%s", option);
}

static bool take_name(size_t *index, const char *option, const char *text, const char *const *names,
	size_t count, struct error *err) {
	for (size_t i = 0; i < count; i++) {
		if (strcmp(text, names[i]) == 0) {
			*index = i;
			return true;
		}
	}
	const char *nearest = text_nearest(text, names, count);
	if (nearest) {
		return error_set(
			err, ERROR_USAGE, "--%s: unknown \"%s\", did you mean \"%s\"?", option, text, nearest);
	}
	struct buffer known = {0};
	for (size_t i = 0; i < count; i++) {
		buffer_printf(&known, "%s%s", i > 0 ? ", " : "", names[i]);
	}
	error_set(
		err, ERROR_USAGE, "--%s: unknown \"%s\" (known: %s)", option, text, buffer_text(&known));
	buffer_clear(&known);
	return false;
}

static bool take_options(struct config *config, const struct options *options, struct error *err) {
	size_t level = config->log_level, format = config->log_json;
	if (!take_address(&config->ingest.address, "ingest", options->ingest, err) ||
		!take_address(&config->stream.address, "stream", options->stream, err) ||
		!take_address(&config->admin.address, "admin", options->admin, err) ||
		(options->log_level && !take_name(&level, "log-level", options->log_level, level_names,
								   COUNT_OF(level_names), err)) ||
		(options->log_format && !take_name(&format, "log-format", options->log_format, format_names,
									COUNT_OF(format_names), err))) {
		return false;
	}
	config->log_level = (enum log_level)level;
	config->log_json = format == 1;
	config->store_url = options->store ? options->store : config->store_url;
	config->key_file = options->key_file ? options->key_file : config->key_file;
	return true;
}

static const char *file_of_url(const char *url) {
	return strncmp(url, "sqlite:", 7) == 0 && strcmp(url, "sqlite::memory:") != 0 ? url + 7 : NULL;
}

static char *with_suffix(const char *text, const char *suffix) {
	struct buffer out = {0};
	buffer_append_text(&out, text);
	buffer_append_text(&out, suffix);
	buffer_text(&out);
	return out.data;
}

/* Where nothing was said: the store in the user's folder, the key beside the store. */
static bool complete_store(struct config *config, struct error *err) {
	if (!config->store_url) {
		char *file = default_store_file();
		if (!file) {
			return error_set(err, ERROR_CONFIG,
				"no place for the store: set HOME, XDG_DATA_HOME or --store sqlite:FILE");
		}
		struct buffer url = {0};
		buffer_printf(&url, "sqlite:%s", file);
		buffer_text(&url);
		free(file);
		config->store_url = config_keep(config, url.data);
	}
	const char *file = file_of_url(config->store_url);
	if (!config->key_file && file) {
		config->key_file = config_keep(config, with_suffix(file, ".key"));
	}
	return true;
}

static bool load(struct config *config, const struct options *options, struct error *err) {
	struct config_reader reader = {.config = config, .err = err};
	set_defaults(config);
	if (!read_file(&reader, options) || !take_options(config, options, err)) {
		return false;
	}
	if (!config->catch_all_said) {
		config->catch_all = config->ingest.address.loopback;
	}
	return config_check_listeners(config, err) && complete_store(config, err);
}

struct config *config_load(const struct options *options, struct error *err) {
	struct config *config = alloc_zero(1, sizeof *config);
	if (!load(config, options, err)) {
		config_free(config);
		return NULL;
	}
	return config;
}

/* At the place in the file, or at the option that has the last word. */
static bool fail_at(const struct config *config, const char *name, const char *option,
	const struct error *why, struct error *err) {
	const struct yaml_node *root = config->document ? yaml_root(config->document) : NULL;
	const struct yaml_node *store = root ? yaml_get(root, "store") : NULL;
	const struct yaml_node *node = store ? yaml_get(store, name) : NULL;
	if (node && !option) {
		return yaml_error(config->document, node, err, "%s", why->text);
	}
	*err = *why;
	return option ? error_prefix(err, "--%s", option) : false;
}

/* The store makes its own folder. */
static bool makes_folder_of(const char *store_url, const char *path) {
	const char *file = file_of_url(store_url), *slash = strrchr(path, '/');
	const char *end = file ? strrchr(file, '/') : NULL;
	return end && slash && end - file == slash - path &&
	       strncmp(file, path, (size_t)(slash - path)) == 0;
}

bool config_check_files(
	const struct config *config, const struct options *options, struct error *err) {
	struct error why = {0};
	const char *key = config->key_file;
	if (!store_url_check(config->store_url, &why)) {
		return fail_at(config, "url", options->store ? "store" : NULL, &why, err);
	}
	if (key && !makes_folder_of(config->store_url, key) && !vault_check(key, &why)) {
		return fail_at(config, "key_file", options->key_file ? "key-file" : NULL, &why, err);
	}
	return config_check_listener_files(config, err);
}

static void free_endpoint(struct config_endpoint *endpoint) {
	for (size_t i = 0; i < endpoint->secret_count; i++) {
		struct buffer *value = &endpoint->secrets[i].value;
		if (value->data) {
			OPENSSL_cleanse(value->data, value->capacity);
		}
		buffer_clear(value);
	}
	free(endpoint->secrets);
	buffer_clear(&endpoint->answer_headers);
	free(endpoint->parameters);
	free(endpoint->business_keys);
}

static void free_listener(struct config_listener *listener) {
	free(listener->hosts);
	free(listener->origins);
}

void config_free(struct config *config) {
	if (!config) {
		return;
	}
	for (size_t i = 0; i < config->endpoint_count; i++) {
		free_endpoint(&config->endpoints[i]);
	}
	free(config->endpoints);
	free_listener(&config->ingest);
	free_listener(&config->stream);
	free_listener(&config->admin);
	catalogue_free(config->catalogue);
	yaml_close(config->document);
	for (size_t i = 0; i < config->text_count; i++) {
		free(config->texts[i]);
	}
	free(config->texts);
	free(config);
}

bool config_has_tls(const struct config *config) {
	return config->ingest.certificate || config->stream.certificate || config->admin.certificate;
}

int64_t config_descriptors(const struct config *config) {
	return config->limits.ingest.connections + config->limits.clients + 2 * OWN_DESCRIPTORS;
}
