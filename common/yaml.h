/*
 * Reads a YAML file of ours (configuration, provider) into a small tree in which every node knows its line and column.
 * Strict: one document, no anchors, no tags, no merge keys, no repeated keys, bounded size and depth.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/error.h"
#include "common/span.h"

#define YAML_MAX_BYTES (1024 * 1024)
#define YAML_MAX_DEPTH 16
#define YAML_MAX_NODES 65536 /* texts, lists and maps in one file */

enum yaml_kind { YAML_SCALAR, YAML_LIST, YAML_MAP };

struct yaml_node {
	enum yaml_kind kind;
	int line, column; /* from 1 */
	const char *text; /* YAML_SCALAR: NUL-terminated; a NUL inside is refused on reading */
	bool quoted;      /* YAML_SCALAR: stood in quotes, so it is text and nothing else */
	struct yaml_node *
		*items; /* YAML_LIST: elements; YAML_MAP: key, value, key, value, ... (keys are scalars) */
	size_t count; /* elements of `items` */
};

/* `file` is the name used in errors ("relay.yaml:7:13: ..."). Kept by the document. */
struct yaml_document;

/* NULL and ERROR_CONFIG with file:line:column when it cannot be read. */
struct yaml_document *yaml_load(const char *file, struct error *err);
struct yaml_document *yaml_parse(const char *file, struct span text, struct error *err);
/* Not yaml_free: libyaml has a function of that name and would call ours. Takes NULL. */
void yaml_close(struct yaml_document *document);

/* The root; NULL for an empty document. */
const struct yaml_node *yaml_root(const struct yaml_document *document);
const char *yaml_file(const struct yaml_document *document);

/* Sets `err` to "file:line:column: <text>" at the node (ERROR_CONFIG). Returns false. */
bool yaml_error(const struct yaml_document *document, const struct yaml_node *node,
	struct error *err, const char *format, ...) __attribute__((format(printf, 4, 5)));

/* The value of a key in a map, or NULL. */
const struct yaml_node *yaml_get(const struct yaml_node *map, const char *key);

/*
 * Refuses keys of `map` that are not in `names`, with "did you mean" where one is close:
 * relay.yaml:7:3: unknown key "lisen", did you mean "listen"?
 */
bool yaml_check_keys(const struct yaml_document *document, const struct yaml_node *map,
	const char *const *names, size_t count, struct error *err);

/* Typed scalars; each says what it expected and what stood there. */
bool yaml_text(const struct yaml_document *document, const struct yaml_node *node,
	const char **value, struct error *err);
bool yaml_int(const struct yaml_document *document, const struct yaml_node *node, int64_t least,
	int64_t most, int64_t *value, struct error *err);
bool yaml_bool(const struct yaml_document *document, const struct yaml_node *node, bool *value,
	struct error *err);
/* "10 MiB", "64KiB", "512" -> bytes. */
bool yaml_bytes(const struct yaml_document *document, const struct yaml_node *node, int64_t least,
	int64_t most, int64_t *value, struct error *err);
/* "10s", "250ms", "5m", "2h", "30d" -> milliseconds; a plain number is refused, its unit is not known. */
bool yaml_duration_ms(const struct yaml_document *document, const struct yaml_node *node,
	int64_t least, int64_t most, int64_t *value, struct error *err);
/* One of `names`; `*index` says which. "did you mean" where one is close. */
bool yaml_choice(const struct yaml_document *document, const struct yaml_node *node,
	const char *const *names, size_t count, size_t *index, struct error *err);
