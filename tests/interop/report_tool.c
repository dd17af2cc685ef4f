/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include "report/report.h"

/* report_tool FORMAT < verdict.json: a report of whatever verdict. */
int main(int argc, char **argv)
{
	struct buf out = BUF_INIT;
	enum report_format format;
	json_t *verify;
	int code = 1;

	if (argc != 2 || !report_format_find(argv[1], strlen(argv[1]), &format))
		return 2;
	verify = json_loadf(stdin, 0, NULL);
	if (verify != NULL &&
	    report_write(format, verify, &out, NULL) == DEED_OK &&
	    fwrite(out.data, 1, out.len, stdout) == out.len)
		code = 0;
	buf_clear(&out);
	json_decref(verify);
	return code;
}
