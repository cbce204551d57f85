/* What a person has chosen for the screen, in hookline.yaml: keys, colours, what is not to be seen. */
#pragma once

#include "common/error.h"
#include "common/yaml.h"
#include "tui/screen/keymap.h"
#include "tui/screen/masking.h"
#include "tui/screen/theme.h"

struct screen_settings {
	struct keymap keymap; /* `keys:` */
	enum theme theme;     /* `theme:` */
	bool readonly;        /* `readonly:` */
	struct masking mask;  /* `mask:` */
};

/* As it is without a file. */
void screen_settings_init(struct screen_settings *settings);

/* Reads its own keys of the file's root, after screen_settings_init. ERROR_CONFIG with file:line:column. */
bool screen_settings_read(struct screen_settings *settings, const struct yaml_document *document,
	const struct yaml_node *root, struct error *err);
