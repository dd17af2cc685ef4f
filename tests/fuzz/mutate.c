/* SPDX-License-Identifier: Apache-2.0
 *
 * mutate [--count N] [--seed S] [--only I] [--content FILE] --trust FILE
 *	SIGNED...
 *
 * Judges N mutations of the files (tests/fuzz/mutate.h), each of which passes
 * as it is, in this process.  Prints how many came out how; fails on a pass
 * that is not deserved, on more than a second for one, and with the number of
 * the mutation on a crash.  --only judges that one and leaves it in
 * mutated.bin.
 */
#include "fuzz/mutate.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"
#include "asic/zip_read.h"
#include "judge/judge_pdf.h"

#define SAMPLES 64
#define SLOW_MS 1000
#define HANG_S 20
#define LARGEST ((size_t)16 << 20)

enum outcome {
	SAME,	    /* passed, deserved */
	UNDESERVED, /* passed */
	FAILED,	    /* TOTAL-FAILED */
	INDETERMINATE_,
	NO_SIGNATURE_,
	UNREADABLE,
	OUTCOMES
};

static const char *const outcome_names[] = {
	"passed, the same", "passed, UNDESERVED", "TOTAL-FAILED",
	"INDETERMINATE",    "no signature",	  "unreadable",
};
static const char *const kind_names[] = { "PDF", "CMS", "ASiC" };

static struct sample samples[SAMPLES];
static size_t sample_count;
static struct judge_params params = { .at = 0, .no_revocation = true };
static struct buf content;
static uint64_t seed = 1, current;
static size_t counts[SAMPLE_KINDS][2][OUTCOMES];
static size_t bad, slow;
static double slowest;
static int memory_fd;

const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
	return "abort_on_error=1:handle_abort=0:detect_leaks=0";
}

static void die(const char *what, const char *name)
{
	fprintf(stderr, "mutate: %s: %s\n", name, what);
	exit(1);
}

/* Nothing but what a handler may do. */
static void crashed(int signo)
{
	char text[64] = "crash or hang at mutation ", *p = text + 26;
	char number[24];
	uint64_t n = current;
	size_t i = sizeof(number);

	do {
		number[--i] = (char)('0' + n % 10);
		n /= 10;
	} while (n > 0);
	memcpy(p, number + i, sizeof(number) - i);
	p += sizeof(number) - i;
	*p++ = '\n';
	if (write(STDERR_FILENO, text, (size_t)(p - text)) < 0)
		_exit(3);
	signal(signo, SIG_DFL);
	raise(signo);
}

static enum sample_kind kind_of(const struct buf *b)
{
	if (b->len > 4 && !memcmp(b->data, "PK\3\4", 4))
		return SAMPLE_ASIC;
	return b->len > 5 && !memcmp(b->data, "%PDF-", 5) ? SAMPLE_PDF
							  : SAMPLE_CMS;
}

/* In this process, without a parser: what crashes is to crash here. */
static enum deed_status judge_document(const struct buf *data,
				       struct verdict_document *doc)
{
	struct pdf_survey survey = { .arena = PDF_ARENA_INIT };
	struct pdf_input *in;
	enum deed_status status;

	status = pdf_input_from_memory(buf_get(data), "m.pdf", &in, NULL);
	if (status == DEED_OK)
		status = pdf_survey_make(in, &survey, NULL);
	if (status == DEED_OK)
		status = judge_pdf_survey(in, &survey, &params, doc, NULL);
	pdf_survey_clear(&survey);
	pdf_input_close(in);
	return status;
}

static enum deed_status judge_container(struct verdict_document *doc)
{
	struct zip_fault fault;
	enum deed_status status;
	struct zip *zip;

	status = zip_open(memory_fd, "m.asice", &zip, &fault, NULL);
	if (status == DEED_OK)
		status = judge_asic_zip(memory_fd, "m.asice", zip, &fault,
					&params, doc, NULL);
	zip_close(zip);
	return status;
}

static enum deed_status judge(enum sample_kind kind, const struct buf *data,
			      struct verdict_document *doc)
{
	struct slice given = buf_get(&content);
	struct cms_content c;

	switch (kind) {
	case SAMPLE_PDF:
		return judge_document(data, doc);
	case SAMPLE_ASIC:
		if (ftruncate(memory_fd, 0) != 0 ||
		    pwrite(memory_fd, data->data, data->len, 0) !=
			    (ssize_t)data->len)
			die("cannot be written", "memory");
		return judge_container(doc);
	default:
		cms_content_memory(&c, &given);
		return judge_cms_bytes(buf_get(data),
				       content.len > 0 ? &c : NULL, JUDGE_CMS,
				       0, &params, doc, NULL);
	}
}

static struct verdict_document *
verdict_of(enum sample_kind kind, const struct buf *data, enum outcome *out)
{
	struct verdict_document *doc;
	enum deed_status status;

	if (verdict_document_new("m", &doc, NULL) != DEED_OK)
		die("no memory", "verdict");
	status = judge(kind, data, doc);
	if (status == DEED_NO_MEMORY || status == DEED_IO)
		die("memory or files failed", "verdict");
	verdict_conclude(doc);
	*out = status != DEED_OK		 ? UNREADABLE
	       : doc->signature_count == 0	 ? NO_SIGNATURE_
	       : doc->indication == TOTAL_PASSED ? SAME
	       : doc->indication == TOTAL_FAILED ? FAILED
						 : INDETERMINATE_;
	return doc;
}

static void add_sample(const char *path)
{
	struct sample *s = &samples[sample_count];
	enum outcome outcome;

	if (sample_count++ == SAMPLES)
		die("one file too many", path);
	s->path = path;
	if (file_read(path, LARGEST, &s->data, NULL) != DEED_OK)
		die("cannot be read", path);
	s->kind = kind_of(&s->data);
	s->verdict = verdict_of(s->kind, &s->data, &outcome);
	if (outcome != SAME) {
		const struct verdict_signature *v = s->verdict->signatures;

		if (v != NULL && v->reason_count > 0)
			fprintf(stderr, "%s\n", v->reasons[0].message);
		die("does not pass as it is", path);
	}
	sample_map(s);
}

static double cpu_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

/* From a block of exactly its size, so that reading past it is seen. */
static struct buf exact(const struct buf *b)
{
	struct buf copy = { .len = b->len };

	copy.data = malloc(b->len > 0 ? b->len : 1);
	if (copy.data == NULL)
		die("no memory", "copy");
	memcpy(copy.data, b->data, b->len);
	return copy;
}

static void keep(const struct buf *b)
{
	FILE *f = fopen("mutated.bin", "wb");

	if (f == NULL || fwrite(b->data, 1, b->len, f) != b->len ||
	    fclose(f) != 0)
		die("cannot be written", "mutated.bin");
}

static void one(uint64_t number, bool only)
{
	struct mutation m = { .what = "" };
	struct verdict_document *doc;
	const struct sample *s;
	enum outcome outcome;
	const char *why;
	struct buf copy;
	struct dice d;
	double ms;

	current = number;
	s = &samples[number % sample_count];
	dice_init(&d, seed, number);
	mutate(s, &d, &m);
	if (only)
		keep(&m.data);
	copy = exact(&m.data);
	(void)alarm(HANG_S);
	ms = cpu_ms();
	doc = verdict_of(s->kind, &copy, &outcome);
	ms = cpu_ms() - ms;
	slowest = ms > slowest ? ms : slowest;
	if (ms > SLOW_MS) {
		slow++;
		printf("# mutation %llu of %s: %.0f ms\n",
		       (unsigned long long)number, s->path, ms);
	}
	if (outcome == SAME) {
		why = undeserved(s, &m, doc);
		if (why != NULL) {
			outcome = UNDESERVED;
			bad++;
			printf("# mutation %llu (%s) of %s passes: %s\n",
			       (unsigned long long)number, m.what, s->path,
			       why);
			(void)fflush(stdout);
		}
	}
	if (only)
		printf("# %s: %s\n", m.what, outcome_names[outcome]);
	counts[s->kind][m.inside][outcome]++;
	verdict_document_free(doc);
	free(copy.data);
	buf_clear(&m.data);
}

static void report(uint64_t count)
{
	size_t total[OUTCOMES] = { 0 };
	int kind, inside, o;

	for (kind = 0; kind < SAMPLE_KINDS; kind++) {
		for (inside = 1; inside >= 0; inside--) {
			for (o = 0; o < OUTCOMES; o++) {
				size_t n = counts[kind][inside][o];

				total[o] += n;
				if (n > 0)
					printf("# %-4s %s structures: "
					       "%zu %s\n",
					       kind_names[kind],
					       inside ? "inside " : "outside",
					       n, outcome_names[o]);
			}
		}
	}
	for (o = 0; o < OUTCOMES; o++)
		printf("# all: %zu %s\n", total[o], outcome_names[o]);
	printf("# slowest: %.0f ms of CPU\n", slowest);
	printf("%s 1 - %llu mutations, seed %llu: no crash, %zu slow, %zu "
	       "undeserved passes\n1..1\n",
	       bad + slow == 0 ? "ok" : "not ok", (unsigned long long)count,
	       (unsigned long long)seed, slow, bad);
}

static void trust(const char *path, struct pki_source *source)
{
	struct buf b = BUF_INIT;

	if (file_read(path, LARGEST, &b, NULL) != DEED_OK ||
	    pki_source_add_data(source, buf_get(&b), true, path, NULL) !=
		    DEED_OK)
		die("cannot be trusted", path);
	buf_clear(&b);
}

static uint64_t number(const char *text)
{
	return strtoull(text, NULL, 10);
}

int main(int argc, char *argv[])
{
	static const int signals[] = { SIGSEGV, SIGBUS, SIGFPE,
				       SIGABRT, SIGILL, SIGALRM };
	uint64_t count = 1000, only = UINT64_MAX, i;
	struct pki_source *source;
	size_t k;
	int a;

	if (pki_source_new(NULL, &source, NULL) != DEED_OK)
		return 1;
	params.source = source;
	params.at = time(NULL);
	memory_fd = memfd_create("mutated", MFD_CLOEXEC);
	for (a = 1; a + 1 < argc && !strncmp(argv[a], "--", 2); a += 2) {
		if (!strcmp(argv[a], "--count"))
			count = number(argv[a + 1]);
		else if (!strcmp(argv[a], "--seed"))
			seed = number(argv[a + 1]);
		else if (!strcmp(argv[a], "--only"))
			only = number(argv[a + 1]);
		else if (!strcmp(argv[a], "--at"))
			params.at = (int64_t)number(argv[a + 1]);
		else if (!strcmp(argv[a], "--trust"))
			trust(argv[a + 1], source);
		else if (!strcmp(argv[a], "--content") &&
			 file_read(argv[a + 1], LARGEST, &content, NULL) !=
				 DEED_OK)
			die("cannot be read", argv[a + 1]);
	}
	for (; a < argc; a++)
		add_sample(argv[a]);
	if (sample_count == 0)
		die("no file", "usage");
	for (k = 0; k < sizeof(signals) / sizeof(signals[0]); k++)
		signal(signals[k], crashed);
	for (i = 0; i < count && only == UINT64_MAX; i++) {
		one(i, false);
		if (i % 10000 == 9999) {
			printf("# %llu done, %zu bad\n",
			       (unsigned long long)i + 1, bad + slow);
			(void)fflush(stdout);
		}
	}
	if (only != UINT64_MAX)
		one(only, true);
	(void)alarm(0);
	report(count);
	for (k = 0; k < sample_count; k++) {
		verdict_document_free(samples[k].verdict);
		buf_clear(&samples[k].data);
	}
	buf_clear(&content);
	pki_source_free(source);
	return bad + slow == 0 ? 0 : 1;
}
