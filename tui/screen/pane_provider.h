/* What is known of how a provider signs. Apart from the panes: providers and keys both have places, which are not the same. */
#pragma once

#include "common/span.h"
#include "tui/screen/document.h"

/* Its title, and each scheme in words. A user's own provider is known to the relay alone and is only named. */
void pane_provider(struct document *document, struct span name);

/*
 * The text that is signed, as it is made of what was received: by which scheme, how long, and its beginning. Nothing where no scheme of a provider
 * that is compiled in has one.
 */
void pane_signed_text(
	struct document *document, struct span name, struct span head, struct span body);

/* Whether a header of that name has to do with the signature: it says so, or a scheme of the provider reads it. */
bool pane_provider_signs_with(struct span name, struct span header);
