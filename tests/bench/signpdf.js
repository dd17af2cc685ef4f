// SPDX-License-Identifier: Apache-2.0
/*
 * signpdf.js P12 PASSPHRASE FILE COUNT: sign FILE so often with @signpdf, in
 * one process, each into a file of its own in the current folder; prints the
 * CPU microseconds of one.  Nothing is synced and nothing is logged.
 */
const fs = require('fs');
const { SignPdf } = require('@signpdf/signpdf');
const { P12Signer } = require('@signpdf/signer-p12');
const { plainAddPlaceholder } = require('@signpdf/placeholder-plain');

const [p12, passphrase, file, count] = process.argv.slice(2);

const bag = fs.readFileSync(p12);

async function one(i) {
	// It reads its P12 once and is then used up.
	const signer = new P12Signer(bag, { passphrase });
	const pdfBuffer = plainAddPlaceholder({
		pdfBuffer: fs.readFileSync(file),
		reason: '', contactInfo: '', name: '', location: '',
	});
	const signed = await new SignPdf().sign(pdfBuffer, signer);

	fs.writeFileSync(`node.${i}.pdf`, signed);
}

async function main() {
	await one(0);
	const start = process.cpuUsage();
	for (let i = 1; i <= Number(count); i++)
		await one(i);
	const used = process.cpuUsage(start);
	console.log(Math.round((used.user + used.system) / Number(count)));
}

main();
