/* SPDX-License-Identifier: Apache-2.0 */

/* deed-parse: hostile documents, read in a sandbox (judge/parser.h). */
#include <unistd.h>

#include "judge/parser_serve.h"
#include "sign/pades_client.h"

int main(void)
{
	static const struct parser_order *const tables[] = { parser_orders,
							     pades_serve_orders,
							     NULL };

	/* The sandbox allows no cleaning up. */
	_exit(deed_status_exit(parser_serve(STDIN_FILENO, tables, NULL)));
}
