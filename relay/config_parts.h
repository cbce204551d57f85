/* Shared by the files that read parts of the configuration: config*.c, and nobody else. */
#pragma once

#include "common/yaml.h"
#include "relay/config.h"

/* Where in the file we are. `map` is NULL where there is no file or no such section. */
struct config_reader {
	struct config *config;
	const struct yaml_document *document;
	struct error *err;
};

/* Keeps a text of ours until config_free. */
const char *config_keep(struct config *config, char *text);

/* A path of the file: relative to the file's folder. NULL on error. */
const char *config_path(struct config_reader *reader, const struct yaml_node *node);

/* Reads a file only we may read, without the line end behind its last line; at most 64 KiB. */
bool config_read_private(struct config_reader *reader, const struct yaml_node *node,
	const char *path, struct buffer *content);

struct config_limits config_limits_default(void);
bool config_read_limits(struct config_reader *reader, const struct yaml_node *map);
bool config_read_endpoints(struct config_reader *reader, const struct yaml_node *map);
/* Also checks that parameters and secrets fit the providers, which are known by then. */
bool config_check_endpoints(struct config_reader *reader, const struct yaml_node *map);
bool config_read_listeners(struct config_reader *reader, const struct yaml_node *root);
/* Token and TLS where others reach the address. */
bool config_check_listeners(const struct config *config, struct error *err);
/* Certificates fit their keys, and tokens can be read. */
bool config_check_listener_files(const struct config *config, struct error *err);
