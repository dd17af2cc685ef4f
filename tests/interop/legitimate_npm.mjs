// SPDX-License-Identifier: Apache-2.0
/*
 * legitimate_npm.mjs MODULES JOBS: what npm's pdf-lib, @signpdf and
 * @libpdf/core do to files; JOBS is a JSON list of {op, in, out, ...}.  The
 * key is in node.p12, its passphrase is x.
 */
import fs from 'node:fs';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

const [modules, jobs] = process.argv.slice(2);
const require = createRequire(modules + '/none.js');
const { PDFDocument, StandardFonts } = require('pdf-lib');
const { SignPdf } = require('@signpdf/signpdf');
const { P12Signer: Signer } = require('@signpdf/signer-p12');
const { plainAddPlaceholder } = require('@signpdf/placeholder-plain');
const { pdflibAddPlaceholder } = require('@signpdf/placeholder-pdf-lib');
const { PDF, P12Signer } = await import(
	pathToFileURL(modules + '/@libpdf/core/dist/index.mjs'));
const bag = fs.readFileSync('node.p12');

function placeholder(job) {
	return {
		reason: 'I agree', contactInfo: 'rob@example.org', name: 'Rob',
		location: 'Oslo', widgetRect: job.rect || [0, 0, 0, 0],
		...(job.subFilter ? { subFilter: job.subFilter } : {}),
	};
}

function signed(pdf) {
	return new SignPdf().sign(pdf, new Signer(bag, { passphrase: 'x' }));
}

async function form(doc) {
	const page = doc.addPage([595, 842]);
	const font = await doc.embedFont(StandardFonts.Helvetica);
	const fields = doc.getForm();

	page.drawText('An order', { x: 72, y: 780, size: 12, font });
	page.drawLine({ start: { x: 72, y: 400 }, end: { x: 272, y: 400 } });
	fields.createTextField('name').addToPage(page,
		{ x: 72, y: 700, width: 200, height: 20 });
	fields.createCheckBox('paid').addToPage(page,
		{ x: 300, y: 700, width: 14, height: 14 });
	const size = fields.createDropdown('size');
	size.setOptions(['small', 'large']);
	size.addToPage(page, { x: 300, y: 660, width: 120, height: 20 });
	const term = fields.createRadioGroup('term');
	term.addOptionToPage('short', page,
		{ x: 300, y: 580, width: 14, height: 14 });
	term.addOptionToPage('long', page,
		{ x: 330, y: 580, width: 14, height: 14 });
}

const ops = {
	async 'pdf-lib'(job) {
		const doc = await PDFDocument.create();
		await form(doc);
		return doc.save({ useObjectStreams: job.streams });
	},
	async 'pdf-lib-signpdf'(job) {
		const pdfDoc = await PDFDocument.load(fs.readFileSync(job.in));
		pdflibAddPlaceholder({ pdfDoc, ...placeholder(job) });
		return signed(Buffer.from(await pdfDoc.save(
			{ useObjectStreams: false })));
	},
	async signpdf(job) {
		return signed(fs.readFileSync(job.in));
	},
	async placeholder(job) {
		return signed(plainAddPlaceholder({
			pdfBuffer: fs.readFileSync(job.in), ...placeholder(job),
		}));
	},
	async libpdf(job) {
		const pdf = await PDF.load(fs.readFileSync(job.in));
		const signer = await P12Signer.create(bag, 'x');
		return (await pdf.sign({ signer, ...job.options })).bytes;
	},
	async 'libpdf-fill'(job) {
		const pdf = await PDF.load(fs.readFileSync(job.in));
		const blocker = pdf.canSaveIncrementally();
		if (blocker)
			throw new Error(blocker);
		pdf.getForm().fill(job.values);
		return pdf.save({ incremental: true });
	},
	async 'libpdf-title'(job) {
		const pdf = await PDF.load(fs.readFileSync(job.in));
		pdf.setTitle('A contract');
		return pdf.save({ incremental: true });
	},
};

for (const job of JSON.parse(fs.readFileSync(jobs)))
	fs.writeFileSync(job.out, await ops[job.op](job));
