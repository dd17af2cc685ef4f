/* SPDX-License-Identifier: Apache-2.0 */
#include "ca/remote.h"

#include <string.h>
#include <strings.h>

#include "codec/utf8.h"

bool ca_remote_is_https(const char *url)
{
	return strncasecmp(url, "https://", 8) == 0;
}

/* Whole characters only: the cut goes before the one that does not fit. */
void ca_remote_words(struct ca_remote_answer *out, struct slice text)
{
	struct buf clean = BUF_INIT;
	size_t len;

	if (text.len > 4 * CA_REMOTE_WORDS)
		text.len = 4 * CA_REMOTE_WORDS;
	utf8_clean(text, &clean);
	out->words[0] = '\0';
	if (clean.failed || clean.len == 0)
		goto out;
	len = utf8_cut(buf_get(&clean), CA_REMOTE_WORDS - 1);
	memcpy(out->words, clean.data, len);
	while (len > 0 && out->words[len - 1] == ' ')
		len--;
	out->words[len] = '\0';
out:
	buf_clear(&clean);
}

void ca_remote_answer_clear(struct ca_remote_answer *a)
{
	cert_list_clear(&a->chain);
	buf_clear(&a->state);
	*a = (struct ca_remote_answer)CA_REMOTE_ANSWER_INIT;
}
