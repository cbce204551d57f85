/*
 * Says why a signature is not right: changes one thing after the other (the secret, the header, the rule, the body) and
 * computes again, until the signature is right or the budget is used up. So what it says is proven, never guessed. Pure and
 * deterministic; meant for a thread of its own, since it works for some milliseconds.
 */
#pragma once

#include "common/signature/signature.h"

/* What one search may spend: MACs, and bytes they are made over. */
#define EXPLAIN_MACS 1000
#define EXPLAIN_BYTES ((size_t)32 * 1024 * 1024)
/* Secrets that are looked at, of each of the two kinds. */
#define EXPLAIN_SECRETS_MAX 64
/* A body that is changed (unpacked, written anew) may grow to this. */
#define EXPLAIN_BODY_MAX ((size_t)4 * 1024 * 1024)
#define EXPLAIN_SENTENCE_LEN 400

/* What was found; the names of explain_cause_name, in small letters. */
enum explain_cause {
	EXPLAIN_NONE,            /* nothing that was tried makes it right */
	EXPLAIN_VALID,           /* there is nothing to explain */
	EXPLAIN_NO_SECRET,       /* nothing can be computed */
	EXPLAIN_OLD,             /* right, but too old */
	EXPLAIN_FUTURE,          /* right, but ahead of the clock */
	EXPLAIN_TIMESTAMP_UNIT,  /* milliseconds for seconds and the like */
	EXPLAIN_PARTIAL,         /* right, but the scheme does not cover the body */
	EXPLAIN_RESERIALISED,    /* right for JSON.stringify, as the scheme has it */
	EXPLAIN_SEVERAL_HEADERS, /* two signature headers, of which one or none is right */
	EXPLAIN_UNSIGNED,        /* no signature of any kind */
	EXPLAIN_OTHER_SECRET,    /* made with a secret kept elsewhere */
	EXPLAIN_SECRET_LINE_END, /* the secret has a line end behind it, or lacks one */
	EXPLAIN_SECRET_BLANKS,   /* ... blanks around it */
	EXPLAIN_SECRET_QUOTES,   /* ... quotes around it */
	EXPLAIN_SECRET_DECODED,  /* the recipe decodes a secret that is the key as it stands */
	EXPLAIN_SECRET_BASE64,   /* the secret must be decoded from base64 */
	EXPLAIN_SECRET_HEX,      /* ... from hexadecimal */
	EXPLAIN_SECRET_PREFIX,   /* its prefix must be kept, or cut off */
	EXPLAIN_EMPTY_SIGNATURE, /* a header with nothing in it */
	EXPLAIN_TRUNCATED,       /* the beginning of the right signature */
	EXPLAIN_TRAILING,        /* the right signature with something behind it */
	EXPLAIN_ENCODING,        /* base64 for hexadecimal and the like */
	EXPLAIN_UPPER_CASE,      /* hexadecimal in capital letters */
	EXPLAIN_PREFIX,          /* `sha256=` is missing, or there and not expected */
	EXPLAIN_HASH,            /* sha1 for sha256 and the like */
	EXPLAIN_ALGORITHM,       /* RSA-PSS for PKCS#1, HS512 for HS256 and the like */
	EXPLAIN_KEY_ID,          /* the right key under another id */
	EXPLAIN_ISSUER,          /* a token of another issuer */
	EXPLAIN_AUDIENCE,        /* a token for another receiver */
	EXPLAIN_CLAIM,           /* a claim that is missing, spelled otherwise, or of another request */
	EXPLAIN_PASSWORD,        /* the right user with another password, or the reverse */
	EXPLAIN_PLACE,           /* the token stands elsewhere in the request */
	EXPLAIN_FIELD,           /* v0 for v1 */
	EXPLAIN_HEADER_QUOTED,   /* the header's value is quoted, or URL-encoded */
	EXPLAIN_HEADER_NAME,     /* the signature is in another header */
	EXPLAIN_TEXT,            /* another text is signed: no timestamp, no id, another separator */
	EXPLAIN_BODY_LINE_END,   /* the body without its last line end, or with one */
	EXPLAIN_BODY_BLANKS,     /* the body without blanks around it */
	EXPLAIN_BODY_LINE_BREAKS, /* CR LF as LF, or the reverse */
	EXPLAIN_BODY_MARK,        /* the byte order mark */
	EXPLAIN_BODY_JSON,        /* JSON written anew on its way */
	EXPLAIN_BODY_COMPRESSED,  /* packed or unpacked on its way */
	EXPLAIN_BODY_CHARSET,     /* another character set */
	EXPLAIN_BODY_BASE64,      /* arrived as base64 */
	EXPLAIN_BODY_LOST,        /* an empty body or "[object Object]" was signed */
	EXPLAIN_URL,              /* another URL */
	EXPLAIN_OTHER_PROVIDER,   /* another provider's request */
};
#define EXPLAIN_CAUSE_COUNT (EXPLAIN_OTHER_PROVIDER + 1)

struct explain_secret {
	const char *label; /* "prod"; of `others` with its place: "shop/staging" */
	struct span value; /* as the provider shows it */
};

/* Everything is borrowed for the call. */
struct explain_input {
	const struct catalogue *catalogue; /* whose request it might be instead; NULL: not looked for */
	const struct provider *provider;
	const struct parameter *parameters;
	size_t parameter_count;
	const struct explain_secret *secrets; /* it was judged with; beyond the most: left out */
	size_t secret_count;
	const struct explain_secret *others; /* known, but not meant for it */
	size_t other_count;
	const struct keyset *keyset; /* public keys that were fetched; NULL: none */
	const struct message *message;
	int64_t now_ms; /* the moment to judge at */
};

/* All zero is empty. */
struct explanation {
	struct judgement judgement; /* what is explained */
	enum explain_cause cause;
	char sentence
		[EXPLAIN_SENTENCE_LEN]; /* never holds a secret or a MAC; foreign bytes are not escaped */
	char secret[SECRET_LABEL_LEN]; /* the one that makes it right; or empty */
	size_t macs;                   /* computed */
	/*
	 * What the recipe signs of the request as received, and what the signature is right for. Both empty when they are not
	 * known, are the same, or hold a secret. They are the same but for `received_len` and `signed_len` bytes at `differ_at`.
	 */
	struct buffer received_text, signed_text;
	size_t differ_at, received_len, signed_len;
	/* For those who may see secrets, and for nobody else: the MAC as it came, and what it would have to be. */
	struct buffer received_mac, expected_mac;
};

/* Fills `explanation`, which is empty. */
void explain(const struct explain_input *input, struct explanation *explanation);

/* Wipes what it holds. */
void explanation_clear(struct explanation *explanation);

/* "other_secret", "body_json", ... */
const char *explain_cause_name(enum explain_cause cause);
/* The way back; EXPLAIN_NONE for what is no such name. */
enum explain_cause explain_cause_of(struct span name);

/* Bytes shown of a region that differs, and of what stands before and behind it. */
#define EXPLAIN_SHOWN 160
#define EXPLAIN_AROUND 24

/*
 * What of the texts is shown: `received` and `signed_for` differ, `before` and `after` are the same in both. Spans point into
 * the explanation. False when there are no texts.
 */
struct explain_region {
	size_t at;
	struct span before, received, signed_for,
		after; /* cut to EXPLAIN_AROUND and EXPLAIN_SHOWN bytes */
};
bool explanation_region(const struct explanation *explanation, struct explain_region *region);

/*
 * Appends `{"cause":...,"sentence":...,"secret":...,"macs":...,"text":{...}}` as docs/protocol.md has it. `secrets`: whether
 * who reads it may see secrets; then with both MACs.
 */
void explanation_append_json(
	struct buffer *out, const struct explanation *explanation, bool secrets);
