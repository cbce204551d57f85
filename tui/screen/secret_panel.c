#include "tui/screen/secret_panel.h"

#include <openssl/crypto.h>

void secret_panel_clear(struct secret_panel *panel) {
	if (panel->held.data) {
		OPENSSL_cleanse(panel->held.data, panel->held.capacity);
	}
	buffer_clear(&panel->held);
	*panel = (struct secret_panel){0};
}
