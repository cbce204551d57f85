/* What one call of signature_verify judges: passed down, so that nothing is kept between calls. */
#pragma once

#include "common/signature/content.h"
#include "common/signature/signature_header.h"

/* Of a scheme without a timestamp, or with an optional one that is not there. */
#define TIMESTAMP_NOT_THERE INT64_MIN

struct trial {
	struct keyring *keyring;
	const struct scheme *scheme;
	size_t scheme_index;
	const struct message *message;
	int64_t now_ms;
	struct judgement *judgement;
};

/* An empty judgement. Its texts are long, and to fill them with zeros would cost more than to judge. */
void trial_clear(struct judgement *judgement);

/* Sets verdict and reason. trial_say takes a text as it is, which is much faster. */
void trial_say(struct trial *trial, enum verdict verdict, const char *text);
void trial_judge(struct trial *trial, enum verdict verdict, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* The first secret that makes one of the signatures, or NULL; looks at all of them, each in constant time. */
const struct secret *trial_find_secret(
	struct trial *trial, const struct signature_header *header, const struct content *content);

/* The verdict when that secret matched; `ms` is the moment the signature names, or TIMESTAMP_NOT_THERE. */
void trial_judge_match(struct trial *trial, const struct secret *secret, int64_t ms);

/* The same where the judgement already says whose key it was. */
void trial_judge_right(struct trial *trial, int64_t ms);

/* The verdict when none did: names those that were tried. */
void trial_judge_mismatch(struct trial *trial);
