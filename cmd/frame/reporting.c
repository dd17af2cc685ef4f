/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/frame/reporting.h"

#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "report/report.h"

/* "junit=FILE"; *file is NULL where there is none. */
static enum deed_status read_one(const char *text, enum report_format *format,
				 const char **file, struct deed_error *err)
{
	const char *equals = strchr(text, '=');
	size_t len = equals == NULL ? strlen(text) : (size_t)(equals - text);
	bool known = report_format_find(text, len, format);

	*file = equals == NULL || equals[1] == '\0' ? NULL : equals + 1;
	if (known &&
	    (*file != NULL || (*format == REPORT_GITHUB && equals == NULL)))
		return DEED_OK;
	return deed_error_set(err, DEED_USAGE,
			      "--report '%s': expected junit=FILE, sarif=FILE, "
			      "tap=FILE, html=FILE, github=FILE or github",
			      text);
}

/* The second would find the first's file and, with --force, overwrite it.  A
 * report without a file goes to standard error, and may be there twice. */
static enum deed_status check_twice(const struct option_list *list, size_t i,
				    const char *file, struct deed_error *err)
{
	size_t k;

	for (k = 0; file != NULL && k < i; k++) {
		const char *other = strchr(list->item[k], '=');

		if (other != NULL && strcmp(other + 1, file) == 0)
			return deed_error_set(err, DEED_USAGE,
					      "two reports are for '%s'", file);
	}
	return DEED_OK;
}

enum deed_status reporting_check(struct session *s,
				 const struct option_list *list,
				 struct deed_error *err)
{
	enum deed_status status = DEED_OK;
	enum report_format format;
	const char *file;
	size_t i;

	s->keep_items = list->count > 0;
	for (i = 0; status == DEED_OK && i < list->count; i++) {
		status = read_one(list->item[i], &format, &file, err);
		if (status == DEED_OK)
			status = check_twice(list, i, file, err);
		if (status == DEED_OK && file != NULL && !s->force &&
		    file_exists(file)) {
			status = deed_error_set(err, DEED_EXISTS, "'%s' exists",
						file);
			deed_error_hint(err, "--force overwrites it");
		}
	}
	return status;
}

bool reporting_shows(const struct option_list *list)
{
	enum report_format format;
	const char *file;
	size_t i;

	for (i = 0; i < list->count; i++) {
		if (read_one(list->item[i], &format, &file, NULL) == DEED_OK &&
		    format == REPORT_HTML)
			return true;
	}
	return false;
}

/* Where there is no file the report goes to standard error, for standard
 * output has the command's own answer.  A file is readable by all, unlike most
 * of what is written here: a report is for other programs, and holds no
 * secret. */
static enum deed_status write_one(struct session *s, const char *text,
				  const json_t *report, struct deed_error *err)
{
	struct buf out = BUF_INIT;
	enum report_format format;
	enum deed_status status;
	const char *file;

	status = read_one(text, &format, &file, err);
	if (status == DEED_OK)
		status = report_write(format, report, &out, err);
	if (status == DEED_OK && file != NULL)
		status = file_write(file, 0644, buf_get(&out),
				    s->force ? OUTFILE_REPLACE : OUTFILE_NEW,
				    err);
	else if (status == DEED_OK)
		(void)fwrite(out.data, 1, out.len, stderr);
	buf_clear(&out);
	return status;
}

enum deed_status reporting_write(struct session *s,
				 const struct option_list *list,
				 enum deed_status answer,
				 struct deed_error *err)
{
	struct deed_error why = DEED_ERROR_INIT;
	enum deed_status status = DEED_OK;
	json_t *report;
	size_t i;

	if (list->count == 0)
		return answer;
	report = json_copy(output_json(s));
	if (report == NULL || json_object_set(report, "errors", s->errors) != 0)
		status = deed_error_memory(&why);
	for (i = 0; status == DEED_OK && i < list->count; i++)
		status = write_one(s, list->item[i], report, &why);
	json_decref(report);
	if (status == DEED_OK)
		return answer;
	if (answer == DEED_NO) {
		session_error(s, NULL, &why);
		return answer;
	}
	if (err != NULL)
		*err = why;
	return status;
}
