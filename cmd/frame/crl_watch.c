/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/frame/crl_watch.h"

#include <stdatomic.h>
#include <string.h>
#include <unistd.h>

#include "cmd/frame/command.h"
#include "cmd/frame/remedy.h"
#include "office/life/upkeep.h"

static bool is_excused(const struct command *c)
{
	return c == NULL || strcmp(c->name, "status") == 0 ||
	       strcmp(c->name, "ca crl") == 0;
}

/* A warning without its remedy would leave somebody with a list that runs out
 * and no command, so that both stand in one line. */
static void warn(struct session *s, const struct upkeep_item *item)
{
	struct buf remedy = BUF_INIT;

	if (item->remedy != NULL)
		remedy_text(s, item->remedy, &remedy);
	buf_byte(&remedy, 0);
	if (!remedy.failed)
		session_warn(s, "%s; %s", item->message,
			     (const char *)remedy.data);
	buf_clear(&remedy);
}

void crl_watch(struct session *s, const struct home *home)
{
	static atomic_flag done = ATOMIC_FLAG_INIT;
	struct upkeep u = UPKEEP_INIT;

	if (s->quiet || is_excused(s->command) || !isatty(STDERR_FILENO) ||
	    atomic_flag_test_and_set(&done))
		return;
	/* What cannot be read is the command's own to say. */
	if (upkeep_check_crls(home, s->now, UPKEEP_CRL_SECONDS, &u, NULL) ==
	    DEED_OK)
		for (size_t i = 0; i < u.count; i++)
			if (u.item[i].state != UPKEEP_GOOD && u.item[i].has_end)
				warn(s, &u.item[i]);
	upkeep_clear(&u);
}
