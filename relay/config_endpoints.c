/* The section `endpoints`. */
#include <errno.h>
#include <fcntl.h>
#include <openssl/crypto.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/alloc.h"
#include "common/business_key_yaml.h"
#include "relay/config_parts.h"

#define COUNT_OF(array) (sizeof(array) / sizeof *(array))
#define SECRET_MOST ((size_t)64 * 1024)

static bool check_private(
	struct config_reader *reader, const struct yaml_node *node, const char *path, int file) {
	struct stat stat;
	if (fstat(file, &stat) != 0) {
		return yaml_error(reader->document, node, reader->err, "%s: %s", path, strerror(errno));
	}
	if (!S_ISREG(stat.st_mode)) {
		return yaml_error(reader->document, node, reader->err, "%s is not a file", path);
	}
	if (stat.st_mode & 077) {
		return yaml_error(reader->document, node, reader->err,
			"%s can be read by others: chmod 600 %s", path, path);
	}
	return true;
}

static bool read_all(int file, struct buffer *content) {
	for (;;) {
		ssize_t len = read(file, buffer_reserve(content, 4096), 4096);
		if (len == 0) {
			return true;
		}
		if (len < 0 && errno != EINTR) {
			return false;
		}
		content->len += len > 0 ? (size_t)len : 0;
		if (content->len > SECRET_MOST) {
			errno = EFBIG;
			return false;
		}
	}
}

/* The line end editors and echo leave is not part of a secret. */
static void cut_line_end(struct buffer *content) {
	if (content->len > 0 && content->data[content->len - 1] == '\n') {
		content->len--;
	}
	if (content->len > 0 && content->data[content->len - 1] == '\r') {
		content->len--;
	}
}

bool config_read_private(struct config_reader *reader, const struct yaml_node *node,
	const char *path, struct buffer *content) {
	int file = open(path, O_RDONLY | O_CLOEXEC);
	if (file < 0) {
		return yaml_error(reader->document, node, reader->err, "%s: %s", path, strerror(errno));
	}
	buffer_reserve(content, SECRET_MOST + 4096); /* never moves, so no copy is left behind */
	bool ok = check_private(reader, node, path, file);
	if (ok && !read_all(file, content)) {
		ok = yaml_error(reader->document, node, reader->err, "%s: %s", path, strerror(errno));
	}
	close(file);
	cut_line_end(content);
	if (ok && content->len == 0) {
		return yaml_error(reader->document, node, reader->err, "%s is empty", path);
	}
	return ok;
}

static bool read_secret(
	struct config_reader *reader, const struct yaml_node *map, struct config_secret *secret) {
	static const char *const names[] = {"label", "file", "provider"};
	const struct yaml_node *label = yaml_get(map, "label"), *file = yaml_get(map, "file"),
						   *provider = yaml_get(map, "provider");
	secret->provider = "";
	if (!yaml_check_keys(reader->document, map, names, COUNT_OF(names), reader->err)) {
		return false;
	}
	if (!label || !file) {
		return yaml_error(reader->document, map, reader->err,
			"a secret needs a label and a file: {label: live, file: live.secret}");
	}
	if (!yaml_text(reader->document, label, &secret->label, reader->err) ||
		(provider && !yaml_text(reader->document, provider, &secret->provider, reader->err))) {
		return false;
	}
	if (!*secret->label || strlen(secret->label) >= SECRET_LABEL_LEN) {
		return yaml_error(reader->document, label, reader->err, "a label has 1 to %d characters",
			SECRET_LABEL_LEN - 1);
	}
	const char *path = config_path(reader, file);
	return path && config_read_private(reader, file, path, &secret->value);
}

static bool label_is_new(struct config_reader *reader, const struct yaml_node *node,
	const struct config_endpoint *endpoint, size_t index) {
	const char *label = endpoint->secrets[index].label;
	for (size_t i = 0; i < index; i++) {
		if (strcmp(endpoint->secrets[i].label, label) == 0) {
			return yaml_error(
				reader->document, node, reader->err, "two secrets have the label \"%s\"", label);
		}
	}
	return true;
}

static bool read_secrets(
	struct config_reader *reader, const struct yaml_node *list, struct config_endpoint *endpoint) {
	if (list->kind != YAML_LIST) {
		return yaml_error(reader->document, list, reader->err,
			"expected a list of secrets, as in [{label: live, file: live.secret}]");
	}
	endpoint->has_secrets = true;
	endpoint->secrets = alloc_zero(list->count, sizeof *endpoint->secrets);
	for (size_t i = 0; i < list->count; i++) {
		endpoint->secret_count = i + 1;
		if (!read_secret(reader, list->items[i], &endpoint->secrets[i]) ||
			!label_is_new(reader, list->items[i], endpoint, i)) {
			return false;
		}
	}
	return true;
}

static bool read_keys(
	struct config_reader *reader, const struct yaml_node *map, struct config_endpoint *endpoint) {
	endpoint->business_keys = alloc_zero(BUSINESS_KEYS_MAX, sizeof *endpoint->business_keys);
	return business_keys_read_yaml(
		endpoint->business_keys, &endpoint->business_key_count, reader->document, map, reader->err);
}

static bool read_parameters(
	struct config_reader *reader, const struct yaml_node *map, struct config_endpoint *endpoint) {
	if (map->kind != YAML_MAP) {
		return yaml_error(reader->document, map, reader->err,
			"expected parameters of the provider, as in {header: X-Signature}");
	}
	endpoint->has_parameters = true;
	endpoint->parameters = alloc_zero(map->count / 2, sizeof *endpoint->parameters);
	for (size_t i = 0; i < map->count; i += 2) {
		struct parameter *parameter = &endpoint->parameters[i / 2];
		parameter->name = map->items[i]->text;
		if (!yaml_text(reader->document, map->items[i + 1], &parameter->value, reader->err)) {
			return false;
		}
		endpoint->parameter_count++;
	}
	return true;
}

/* Who answers them: the relay, or nobody in particular. */
static bool read_handshake(
	struct config_reader *reader, const struct yaml_node *node, struct config_endpoint *endpoint) {
	static const char *const names[] = {"answer", "store", "app", "confirm"};
	size_t index = 0;
	if (!yaml_choice(reader->document, node, names, COUNT_OF(names), &index, reader->err)) {
		return false;
	}
	endpoint->handshake = names[index];
	return true;
}

/* One text a line. */
static bool read_answer_headers(
	struct config_reader *reader, const struct yaml_node *list, struct config_endpoint *endpoint) {
	if (list->kind != YAML_LIST) {
		return yaml_error(reader->document, list, reader->err,
			"expected a list of headers, as in [\"Content-Type: text/xml\"]");
	}
	buffer_reserve(&endpoint->answer_headers, 1); /* an empty list is a list, too */
	for (size_t i = 0; i < list->count; i++) {
		const char *line;
		if (!yaml_text(reader->document, list->items[i], &line, reader->err)) {
			return false;
		}
		buffer_append_text(&endpoint->answer_headers, line);
		buffer_append_byte(&endpoint->answer_headers, '\n');
	}
	endpoint->answer.headers = buffer_span(&endpoint->answer_headers);
	return true;
}

static bool read_answer_text(
	struct config_reader *reader, const struct yaml_node *node, struct span *text) {
	const char *read;
	if (node && !yaml_text(reader->document, node, &read, reader->err)) {
		return false;
	}
	*text = node ? span_text(read) : *text;
	return true;
}

/* A policy has to be right by itself, so that a start does not fail of it later. */
static bool check_answer(struct config_reader *reader, const struct yaml_node *node,
	const struct config_endpoint *endpoint) {
	struct policy policy = policy_default();
	struct error why = {0};
	bool ok = policy_change(&policy, &endpoint->answer, 0, &why);
	policy_clear(&policy);
	return ok || yaml_error(reader->document, node, reader->err, "%s", why.text);
}

/* `app`, or a map. */
static bool read_answer(
	struct config_reader *reader, const struct yaml_node *node, struct config_endpoint *endpoint) {
	static const char *const names[] = {
		"mode", "status", "headers", "body", "delay", "after", "script"};
	const struct yaml_document *document = reader->document;
	struct policy_change *answer = &endpoint->answer;
	*answer = (struct policy_change){.mode = "fixed", .status = -1, .delay_ms = -1, .after_ms = -1};
	endpoint->has_answer = true;
	if (node->kind == YAML_SCALAR) {
		return yaml_text(document, node, &answer->mode, reader->err) &&
		       check_answer(reader, node, endpoint);
	}
	if (!yaml_check_keys(document, node, names, COUNT_OF(names), reader->err)) {
		return false;
	}
	const struct yaml_node *mode = yaml_get(node, "mode"), *status = yaml_get(node, "status"),
						   *headers = yaml_get(node, "headers"), *delay = yaml_get(node, "delay"),
						   *after = yaml_get(node, "after");
	return (!mode || yaml_text(document, mode, &answer->mode, reader->err)) &&
	       (!status || yaml_int(document, status, 200, 599, &answer->status, reader->err)) &&
	       (!headers || read_answer_headers(reader, headers, endpoint)) &&
	       read_answer_text(reader, yaml_get(node, "body"), &answer->body) &&
	       read_answer_text(reader, yaml_get(node, "script"), &answer->script) &&
	       (!delay || yaml_duration_ms(document, delay, 0, POLICY_DELAY_MOST_MS, &answer->delay_ms,
						  reader->err)) &&
	       (!after || yaml_duration_ms(document, after, 0, POLICY_DELAY_MOST_MS, &answer->after_ms,
						  reader->err)) &&
	       check_answer(reader, node, endpoint);
}

/* What is not worth a function of its own, once the keys are known to be right. */
static bool read_parts(
	struct config_reader *reader, const struct yaml_node *map, struct config_endpoint *endpoint) {
	const struct yaml_node *handshake = yaml_get(map, "handshake"),
						   *answer = yaml_get(map, "answer"),
						   *parameters = yaml_get(map, "parameters"),
						   *secrets = yaml_get(map, "secrets"), *keys = yaml_get(map, "keys");
	return (!keys || read_keys(reader, keys, endpoint)) &&
	       (!handshake || read_handshake(reader, handshake, endpoint)) &&
	       (!answer || read_answer(reader, answer, endpoint)) &&
	       (!parameters || read_parameters(reader, parameters, endpoint)) &&
	       (!secrets || read_secrets(reader, secrets, endpoint));
}

/* A host name leads to one endpoint. */
static bool read_host(
	struct config_reader *reader, const struct yaml_node *node, struct config_endpoint *endpoint) {
	const struct config *config = reader->config;
	struct error why = {0};
	if (!yaml_text(reader->document, node, &endpoint->host, reader->err)) {
		return false;
	}
	if (!endpoint_host_check(endpoint->host, &why)) {
		return yaml_error(reader->document, node, reader->err, "%s", why.text);
	}
	for (const struct config_endpoint *other = config->endpoints; other < endpoint; other++) {
		if (*endpoint->host && other->host && strcasecmp(other->host, endpoint->host) == 0) {
			return yaml_error(reader->document, node, reader->err,
				"the host %s already belongs to endpoint %s", endpoint->host, other->name);
		}
	}
	return true;
}

static bool read_endpoint(struct config_reader *reader, const struct yaml_node *name,
	const struct yaml_node *map, struct config_endpoint *endpoint) {
	static const char *const names[] = {"provider", "host", "reject_invalid", "handshake", "answer",
		"parameters", "secrets", "keys"};
	const struct yaml_document *document = reader->document;
	endpoint->name = name->text;
	endpoint->reject_invalid = -1;
	endpoint->configured = true;
	if (!endpoint_name_is_valid(span_text(name->text))) {
		return yaml_error(document, name, reader->err,
			"an endpoint is named with letters, digits, '-', '_' and '.', at most %d of them",
			ENDPOINT_NAME_LEN);
	}
	if (map->kind == YAML_SCALAR && !map->quoted && !*map->text) {
		return true; /* `name:` and nothing else: an endpoint without settings */
	}
	if (!yaml_check_keys(document, map, names, COUNT_OF(names), reader->err)) {
		return false;
	}
	const struct yaml_node *provider = yaml_get(map, "provider"), *host = yaml_get(map, "host"),
						   *reject = yaml_get(map, "reject_invalid");
	bool rejects;
	if (reject && !yaml_bool(document, reject, &rejects, reader->err)) {
		return false;
	}
	endpoint->reject_invalid = reject ? rejects : -1;
	return (!provider || yaml_text(document, provider, &endpoint->provider, reader->err)) &&
	       (!host || read_host(reader, host, endpoint)) && read_parts(reader, map, endpoint);
}

bool config_read_endpoints(struct config_reader *reader, const struct yaml_node *map) {
	struct config *config = reader->config;
	if (map->kind != YAML_MAP) {
		return yaml_error(
			reader->document, map, reader->err, "expected endpoints by name, as in stripe: {...}");
	}
	config->endpoints = alloc_zero(map->count / 2, sizeof *config->endpoints);
	for (size_t i = 0; i < map->count; i += 2) {
		config->endpoint_count++;
		if (!read_endpoint(reader, map->items[i], map->items[i + 1], &config->endpoints[i / 2])) {
			return false;
		}
	}
	return true;
}

/* The provider of that name, told at `node` when there is none. */
static const struct provider *find_provider(
	struct config_reader *reader, const struct yaml_node *node, const char *name) {
	struct error why = {0};
	const struct provider *provider = catalogue_find(reader->config->catalogue, name, &why);
	if (!provider) {
		yaml_error(reader->document, node, reader->err, "%s", why.text);
	}
	return provider;
}

static struct keyring *open_keyring(struct config_reader *reader, const struct yaml_node *node,
	const struct config_endpoint *endpoint, const struct provider *provider) {
	bool own = endpoint->provider && strcmp(endpoint->provider, provider->name) == 0;
	struct error why = {0};
	struct keyring *keyring = keyring_new(
		provider, own ? endpoint->parameters : NULL, own ? endpoint->parameter_count : 0, &why);
	if (!keyring) {
		yaml_error(reader->document, node, reader->err, "%s", why.text);
	}
	return keyring;
}

static bool check_secret(struct config_reader *reader, const struct yaml_node *node,
	const struct config_endpoint *endpoint, const struct config_secret *secret) {
	const char *name = *secret->provider ? secret->provider : endpoint->provider;
	if (!name || !*name) {
		return true; /* for whichever provider is recognised */
	}
	const struct yaml_node *at = yaml_get(node, "provider");
	const struct provider *provider = find_provider(reader, at ? at : node, name);
	struct keyring *keyring = provider ? open_keyring(reader, node, endpoint, provider) : NULL;
	if (!keyring) {
		return false;
	}
	struct error why = {0};
	bool ok = keyring_add(keyring, secret->label, buffer_span(&secret->value), &why);
	keyring_free(keyring);
	return ok || yaml_error(reader->document, yaml_get(node, "file"), reader->err, "%s", why.text);
}

static bool check_provider(struct config_reader *reader, const struct yaml_node *map,
	const struct config_endpoint *endpoint) {
	const struct yaml_node *node = yaml_get(map, "provider"),
						   *parameters = yaml_get(map, "parameters");
	if (!endpoint->provider || !*endpoint->provider) {
		return !parameters || yaml_error(reader->document, parameters, reader->err,
								  "parameters need a provider they belong to");
	}
	const struct provider *provider = find_provider(reader, node, endpoint->provider);
	struct keyring *keyring =
		provider ? open_keyring(reader, parameters ? parameters : node, endpoint, provider) : NULL;
	keyring_free(keyring);
	return keyring != NULL;
}

bool config_check_endpoints(struct config_reader *reader, const struct yaml_node *map) {
	const struct config *config = reader->config;
	for (size_t i = 0; i < config->endpoint_count; i++) {
		const struct config_endpoint *endpoint = &config->endpoints[i];
		const struct yaml_node *settings = map->items[2 * i + 1];
		if (!check_provider(reader, settings, endpoint)) {
			return false;
		}
		const struct yaml_node *secrets = yaml_get(settings, "secrets");
		for (size_t k = 0; k < endpoint->secret_count; k++) {
			if (!check_secret(reader, secrets->items[k], endpoint, &endpoint->secrets[k])) {
				return false;
			}
		}
	}
	return true;
}
