/* SPDX-License-Identifier: Apache-2.0 */
#include "office/document/level_params.h"

#include <strings.h>

static enum deed_status ask(void *arg, enum digest_alg alg, struct slice digest,
			    struct buf *token, struct deed_error *err)
{
	return tsa_ask(arg, alg, digest, token, err);
}

static size_t token_size(void *arg)
{
	return tsa_token_size(arg);
}

/* Without an authority ask stays NULL, and whoever needs a token says so. */
void level_params(const struct tsa_set *set, const struct pki_source *source,
		  enum verdict_level level, int64_t now,
		  struct augment_params *out)
{
	*out = (struct augment_params){
		.level = level,
		.now = now,
		.source = source,
	};
	if (set == NULL || tsa_set_count(set) == 0)
		return;
	out->ask = ask;
	out->token_size = token_size;
	out->ask_arg = (void *)(uintptr_t)set;
}

enum deed_status level_parse(const char *text, enum verdict_level *out,
			     struct deed_error *err)
{
	static const struct {
		const char *name;
		enum verdict_level level;
	} levels[] = { { "b", LEVEL_B_B },
		       { "t", LEVEL_B_T },
		       { "lt", LEVEL_B_LT },
		       { "lta", LEVEL_B_LTA } };
	size_t i;

	*out = LEVEL_NONE;
	for (i = 0; i < sizeof(levels) / sizeof(levels[0]); i++) {
		if (strcasecmp(text, levels[i].name) == 0)
			*out = levels[i].level;
	}
	return *out != LEVEL_NONE
		       ? DEED_OK
		       : deed_error_set(err, DEED_USAGE,
					"'%s' is no level: expected b, t, lt "
					"or lta",
					text);
}
