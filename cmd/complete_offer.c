/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/complete_offer.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "cmd/frame/output.h"
#include "cmd/frame/pages.h"

/* Candidates go out as they are, for the shell compares them with what is
 * typed; it quotes them itself. */
void complete_offer(struct session *s, const char *candidate,
		    const char *prefix, const char *what)
{
	if (strncmp(candidate, prefix, strlen(prefix)) != 0)
		return;
	if (what == NULL)
		output_bytes(s, slice_str(candidate));
	else {
		output_bytes(s, slice_str(candidate));
		output_bytes(s, slice_str("\t"));
		output_bytes(s, slice_str(what));
	}
	output_bytes(s, slice_str("\n"));
}

static void offer_words(struct session *s, const char *const *words,
			const char *prefix)
{
	for (; words != NULL && *words != NULL; words++)
		complete_offer(s, *words, prefix, NULL);
}

/* A party's folder in the keystore has its name. */
static void offer_parties(struct session *s, const char *prefix)
{
	const char *home = session_home(s);
	char *path = home == NULL ? NULL : path_join(home, "keystore");
	struct dirent **list;
	int count, i;

	count = path == NULL ? -1 : scandir(path, &list, NULL, alphasort);
	free(path);
	for (i = 0; i < count; i++) {
		/* Not every file system says what it is. */
		if (list[i]->d_name[0] != '.' &&
		    (list[i]->d_type == DT_DIR ||
		     list[i]->d_type == DT_UNKNOWN))
			complete_offer(s, list[i]->d_name, prefix, NULL);
		free(list[i]);
	}
	if (count >= 0)
		free(list);
}

/* The commands have pages, and so have other things. */
static void offer_pages(struct session *s, const char *prefix)
{
	char word[PAGE_WORD];
	size_t i;

	for (i = 0; i < page_count; i++) {
		page_word(&pages[i], word);
		complete_offer(s, word, prefix, pages[i].summary);
	}
	complete_offer(s, "topics", prefix, "list the pages");
}

/* Files and folders are left to the shell, which knows its own quoting and
 * what the user set for it. */
void complete_offer_kind(struct session *s, enum completion kind,
			 const char *const *words, const char *prefix)
{
	switch (kind) {
	case COMPLETE_FILE:
		output_bytes(s, slice_str(":file\n"));
		break;
	case COMPLETE_DIRECTORY:
		output_bytes(s, slice_str(":directory\n"));
		break;
	case COMPLETE_PARTY:
		offer_parties(s, prefix);
		break;
	case COMPLETE_COMMAND:
		offer_pages(s, prefix);
		break;
	case COMPLETE_WORDS:
		offer_words(s, words, prefix);
		break;
	default:
		break;
	}
}

/* Sources of passphrases are offered up to their colon.  A choice has its
 * words in the table. */
void complete_offer_value(struct session *s, const struct option *o,
			  const char *prefix)
{
	static const char *const sources[] = {
		"tty", "fd:", "file:", "env:", "credential:", "askpass", NULL
	};

	if (o->type == OPTION_TYPE_PASSPHRASE)
		offer_words(s, sources, prefix);
	else if (o->type == OPTION_TYPE_CHOICE)
		offer_words(s, o->words, prefix);
	else
		complete_offer_kind(s, o->complete, o->words, prefix);
}

/* The longest name that a table may have is shorter than this room (option.c).
 */
static void offer_option(struct session *s, const struct option *o,
			 const char *prefix)
{
	char text[40] = "--";

	if (strlen(o->name) < sizeof(text) - 2) {
		memcpy(text + 2, o->name, strlen(o->name) + 1);
		complete_offer(s, text, prefix, o->help);
	}
}

/* What is excluded by an option that stands there already is not offered. */
void complete_offer_options(struct session *s, const struct command *c,
			    const struct option_use *uses, size_t used,
			    const char *prefix)
{
	const struct option *o;

	for (o = c->options; o != NULL && o->name != NULL; o++)
		if (!option_rules_gives_way(o, uses, used))
			offer_option(s, o, prefix);
	for (o = option_common(); o->name != NULL; o++)
		if (option_common_applies(o, c) &&
		    !option_rules_gives_way(o, uses, used))
			offer_option(s, o, prefix);
	complete_offer(s, "--help", prefix, "print a short usage");
}
