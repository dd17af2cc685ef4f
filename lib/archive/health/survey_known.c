/* SPDX-License-Identifier: Apache-2.0 */
#include "archive/health/survey_priv.h"

/* README and script, which all deposits share: what a run knows of them. */

/* Only such objects have a folder that is not the deposit's. */
static bool is_shared(const struct survey *s, const struct object_name *o)
{
	return s->options->about != NULL && survey_folder(s, o) != s->d->folder;
}

bool survey_is_known(const struct survey *s, unsigned part,
		     const struct object_name *o, uint64_t *size)
{
	const struct check_about *known = s->options->about;
	size_t at = s->spot[part].at, i;

	if (!is_shared(s, o))
		return false;
	for (i = 0; i < known->count[at]; i++)
		if (known->known[at][i].kind == o->kind &&
		    !memcmp(known->known[at][i].sha256, o->sha256,
			    SHA256_SIZE)) {
			if (size != NULL)
				*size = known->size[at][i];
			return true;
		}
	return false;
}

/* Those that the manifest has. */
static void know_pair(const struct manifest *m, struct check_about *known)
{
	struct check_texts *t = &known->pair[known->pairs];

	for (size_t i = 0; i < known->pairs; i++)
		if (!memcmp(known->pair[i].readme, m->readme, SHA256_SIZE) &&
		    !memcmp(known->pair[i].script, m->script, SHA256_SIZE))
			return;
	if (known->pairs == CHECK_ABOUT)
		return;
	memcpy(t->readme, m->readme, SHA256_SIZE);
	memcpy(t->script, m->script, SHA256_SIZE);
	known->pairs++;
}

void survey_know(struct survey *s, unsigned part, const struct object_name *o,
		 uint64_t size)
{
	struct check_about *known = s->options->about;
	size_t at = s->spot[part].at;

	if (!is_shared(s, o) || known->count[at] == CHECK_ABOUT)
		return;
	known->size[at][known->count[at]] = size;
	known->known[at][known->count[at]++] = *o;
	(void)pthread_mutex_lock(&s->mutex);
	know_pair(s->d->m, known);
	(void)pthread_mutex_unlock(&s->mutex);
}
