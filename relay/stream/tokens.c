#include "relay/stream/tokens.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/alloc.h"

#define HASH_LEN 32
#define FILE_MOST 65536
#define ADDRESSES 256
#define WRONG_BURST 20
#define WRONG_REFILL_MS 1000

struct hash {
	unsigned char bytes[HASH_LEN];
};

/* One that may connect, and what it may do. */
struct known {
	struct hash hash;
	bool readonly;
};

/* Tries left of the addresses that fall into one slot. */
struct allowance {
	int64_t at_ms;
	int64_t spent;
};

struct tokens {
	struct known list[TOKENS_MOST];
	size_t count;
	struct allowance allowances[ADDRESSES];
};

static struct hash hash_of(struct span text) {
	struct hash hash;
	unsigned len = HASH_LEN;
	EVP_Digest(text.data ? text.data : "", text.len, hash.bytes, &len, EVP_sha256(), NULL);
	return hash;
}

/* What stands behind a token: nothing, or its role. */
static bool read_role(struct span role, bool *readonly, const char *file, struct error *err) {
	*readonly = span_is(role, "readonly");
	return role.len == 0 || *readonly ||
	       error_set(err, ERROR_CONFIG,
			   "%s: \"%.*s\" behind a token is no role: readonly is the one there is", file,
			   (int)(role.len < 40 ? role.len : 40), role.data);
}

static bool add_line(struct tokens *tokens, struct span line, const char *file, struct error *err) {
	bool readonly;
	if (line.len > 0 && line.data[line.len - 1] == '\r') {
		line.len--;
	}
	struct span role = span_trim(line);
	line = span_cut(&role, ' ');
	if (line.len == 0 || line.data[0] == '#') {
		return true;
	}
	if (!read_role(span_trim(role), &readonly, file, err)) {
		return false;
	}
	if (line.len < TOKEN_LEAST) {
		return error_set(err, ERROR_CONFIG,
			"%s: a token of %zu characters is too short, make one with: openssl rand -hex 32", file,
			line.len);
	}
	if (tokens->count == TOKENS_MOST) {
		return error_set(err, ERROR_CONFIG, "%s: more than %d tokens", file, TOKENS_MOST);
	}
	tokens->list[tokens->count++] = (struct known){hash_of(line), readonly};
	return true;
}

static bool read_private(char *text, size_t *len, const char *file, struct error *err) {
	int fd = open(file, O_RDONLY | O_CLOEXEC);
	struct stat st;
	if (fd < 0 || fstat(fd, &st)) {
		int why = errno;
		if (fd >= 0) {
			close(fd);
		}
		return error_set(err, ERROR_CONFIG, "token file %s: %s", file, strerror(why));
	}
	ssize_t got = read(fd, text, FILE_MOST);
	close(fd);
	if ((st.st_mode & 077) != 0) {
		return error_set(err, ERROR_CONFIG,
			"token file %s can be read by others: chmod 600 %s, and make a new token", file, file);
	}
	if (got < 0 || got == FILE_MOST) {
		return error_set(err, ERROR_CONFIG, "token file %s cannot be read or is too large", file);
	}
	*len = (size_t)got;
	return true;
}

struct tokens *tokens_load(const char *file, struct error *err) {
	char *text = alloc_bytes(FILE_MOST);
	struct tokens *tokens = alloc_zero(1, sizeof *tokens);
	size_t len = 0;
	bool ok = read_private(text, &len, file, err);
	struct span rest = {text, len};
	while (ok && rest.len > 0) {
		ok = add_line(tokens, span_cut(&rest, '\n'), file, err);
	}
	if (ok && tokens->count == 0) {
		ok = error_set(err, ERROR_CONFIG,
			"token file %s holds no token, make one with: openssl rand -hex 32", file);
	}
	OPENSSL_cleanse(text, FILE_MOST);
	free(text);
	if (!ok) {
		free(tokens);
		return NULL;
	}
	return tokens;
}

void tokens_free(struct tokens *tokens) {
	free(tokens);
}

static struct allowance *allowance_of(struct tokens *tokens, struct span address, int64_t now_ms) {
	struct hash hash = hash_of(address);
	struct allowance *allowance = &tokens->allowances[hash.bytes[0] % ADDRESSES];
	int64_t back = (now_ms - allowance->at_ms) / WRONG_REFILL_MS;
	if (back > 0) {
		allowance->spent = back >= allowance->spent ? 0 : allowance->spent - back;
		allowance->at_ms = now_ms;
	}
	return allowance;
}

/* One that stands there twice may do what both may. */
static enum token_answer look_up(const struct tokens *tokens, struct span token) {
	struct hash hash = hash_of(token);
	int found = 0, readonly = 0;
	for (size_t i = 0; i < tokens->count; i++) {
		int same = !CRYPTO_memcmp(hash.bytes, tokens->list[i].hash.bytes, HASH_LEN);
		found |= same;
		readonly |= same & tokens->list[i].readonly;
	}
	return readonly ? TOKEN_READONLY : found ? TOKEN_RIGHT : TOKEN_WRONG;
}

enum token_answer tokens_judge(
	struct tokens *tokens, struct span authorization, struct span address, int64_t now_ms) {
	struct allowance *allowance = allowance_of(tokens, address, now_ms);
	if (allowance->spent >= WRONG_BURST) {
		return TOKEN_TOO_OFTEN;
	}
	struct span scheme = span_text("Bearer ");
	struct span front = {
		authorization.data, authorization.len < scheme.len ? authorization.len : scheme.len};
	bool bearer = span_equal_nocase(front, scheme);
	struct span token = span_trim(span_after(authorization, scheme.len));
	enum token_answer answer = bearer && token.len > 0 ? look_up(tokens, token) : TOKEN_WRONG;
	allowance->spent += answer == TOKEN_WRONG;
	return answer;
}
