/* What is known of how a provider signs. Apart from the panes: providers and keys both have places, which are not the same. */
#pragma once

#include "common/signature/scheme_facts.h"
#include "common/span.h"
#include "tui/screen/document.h"

/* What is known here of a provider that is compiled in, and of a message of it. All zero: there is none of that name. Clear it. */
void pane_provider_facts(
	struct scheme_facts *facts, struct span name, struct span head, struct span body);

/* Its title, and each scheme in words. `facts` NULL: nothing is known of it but its name. */
void pane_provider(struct document *document, const struct scheme_facts *facts, struct span name);

/*
 * The text that is signed, as it is made of what was received: by which rule, how long, and its beginning. Nothing where no scheme has one. `facts` NULL: it
 * would show what is masked.
 */
void pane_signed_text(
	struct document *document, struct span rule, const struct scheme_facts *facts);

/* Whether a header of that name has to do with the signature: it says so, or a scheme of the provider reads it. `facts` may be NULL. */
bool pane_provider_signs_with(const struct scheme_facts *facts, struct span header);
